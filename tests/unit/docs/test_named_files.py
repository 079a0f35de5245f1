"""Files and folders that the contributor's pages name are there, so a move has to take them along."""

from __future__ import annotations

import re

import pytest

from infra.paths import CHECKOUT

PAGES = ("CONTRIBUTING.md", "docs/architecture.md")
TOP = {path.name for path in CHECKOUT.iterdir()}
MADE_LATER = {"build", ".local", "catalogs"}


def named(page: str) -> list[str]:
    """The paths of a page, as it writes them: between backticks, alone or within a command."""
    words = " ".join(re.findall(r"`([^`\n]+)`", (CHECKOUT / page).read_text("utf-8"))).split()
    paths = {word for word in words if re.fullmatch(r"[\w.-]+(/[\w.*-]+)*/?", word)}
    return sorted(path for path in paths if path.split("/")[0] in TOP - MADE_LATER)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    assert [path for path in named(page) if not (CHECKOUT / path).exists()] == []


def test_names_are_read_from_the_pages() -> None:
    assert {"mallfeed/product/fields.py", "tests/unit/product", "template.yaml"} <= set(
        named("CONTRIBUTING.md")
    )
    assert "mallfeed/ledger/decisions.py" in named("docs/architecture.md")
