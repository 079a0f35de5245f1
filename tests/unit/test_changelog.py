"""CHANGELOG.md says of every release what it upgrades from and what going back means, first of all."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from infra.package import fixture
from infra.paths import CHECKOUT
from mallfeed import __version__
from mallfeed.product.record import PRODUCT

SECTIONS = re.split(r"^## ", (CHECKOUT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
BY_NAME = {section.split("\n")[0].split(" ")[0]: section for section in SECTIONS}
"""Version (or `Unreleased`) → its section, newest first."""
NAMES = list(BY_NAME)
ADDS_NO_COLUMN = "adds no column"


def release_of(name: str) -> str:
    return __version__.split(".dev")[0] if name == "Unreleased" else name


def test_every_release_that_is_kept_has_a_section_with_its_date() -> None:
    assert set(fixture.kept()) <= set(NAMES)
    for section in SECTIONS[1:]:
        assert re.match(r"\d+\.\d+\.\d+ – \d{4}-\d\d-\d\d\n", section)


def test_what_is_unreleased_has_a_version_of_its_own() -> None:
    assert NAMES[0] == "Unreleased" if ".dev" in __version__ else NAMES[0] == __version__
    assert release_of(NAMES[0]) not in NAMES[1:]


@pytest.mark.parametrize(("name", "before"), list(pairwise(NAMES)))
def test_a_release_says_first_what_it_upgrades_from_and_whether_one_can_go_back(
    name: str, before: str
) -> None:
    _, head, body = re.split(r"^### (.*)\n", BY_NAME[name], flags=re.MULTILINE)[:3]
    assert head == "Upgrading"
    assert f"From {before}" in body
    assert re.search(rf"Going back to {re.escape(before)}: (yes|no)\b", body)


@pytest.mark.skipif(NAMES[1] != "0.1.0", reason="later releases append to a table that has grown")
def test_it_is_true_that_no_column_is_added() -> None:
    """0.1.0 appends to no table that has a column more; see docs/upgrading.md."""
    says_so = ADDS_NO_COLUMN in " ".join(BY_NAME[NAMES[0]].split())
    assert says_so == (not PRODUCT.addable), sorted(PRODUCT.addable)


def test_the_page_on_upgrading_lists_every_release() -> None:
    page = (CHECKOUT / "docs" / "upgrading.md").read_text("utf-8")
    for name, before in pairwise(NAMES):
        assert f"| {release_of(name)} | {before} |" in page
