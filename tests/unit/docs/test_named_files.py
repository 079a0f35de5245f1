"""Files and modules that the contributor's pages name are there, so a move has to take them along."""

from __future__ import annotations

import re

import pytest

from infra.paths import CHECKOUT

PAGES = (
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/sinks.md",
    "tests/plugins/README.md",
    *sorted(str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob("docs/decisions/*.md")),
)
TOP = {path.name for path in CHECKOUT.iterdir()}
ROOMS = {path.name for path in (CHECKOUT / "mallfeed").iterdir() if path.is_dir()}
MADE_LATER = {"build", ".local", "catalogs"}
_PATH = re.compile(r"[\w.-]+(/[\w.*-]+)*/?")
_MODULE = re.compile(r"(mallfeed|infra|scripts|tests|benchmarks)(\.\w+)+")


def words(page: str) -> list[str]:
    """What the page has between backticks, alone or within a command."""
    return " ".join(re.findall(r"`([^`\n]+)`", (CHECKOUT / page).read_text("utf-8"))).split()


def paths(page: str) -> list[str]:
    """Paths from the checkout's root, or from the package."""
    named = {word for word in words(page) if _PATH.fullmatch(word)}
    return sorted(
        path
        for path in named
        if path.split("/")[0] in TOP - MADE_LATER
        or (path.split("/")[0] in ROOMS and path.endswith(".py"))
    )


def modules(page: str) -> list[str]:
    """Dotted names of modules, or of what is in one."""
    return sorted({word for word in words(page) if _MODULE.fullmatch(word)} - TOP)


def is_there(module: str) -> bool:
    """Whether it is a module or package, or a name that one holds."""
    place, name = CHECKOUT / module.replace(".", "/"), module.rsplit(".", 1)[-1]
    if place.is_dir() or place.with_suffix(".py").exists():
        return True
    holder = place.parent.with_suffix(".py")
    holder = holder if holder.exists() else place.parent / "__init__.py"
    return holder.exists() and re.search(rf"\b{name}\b", holder.read_text("utf-8")) is not None


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    gone = [
        path
        for path in paths(page)
        if not any((CHECKOUT / at / path).exists() for at in ("", "mallfeed"))
    ]
    assert gone == []


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_a_page_names_is_there(page: str) -> None:
    assert [module for module in modules(page) if not is_there(module)] == []


def test_names_are_read_from_the_pages() -> None:
    assert {"mallfeed/product/fields.py", "template.yaml"} <= set(paths("CONTRIBUTING.md"))
    assert "mallfeed/ledger/decisions.py" in paths("docs/architecture.md")
    assert "mallfeed.load.run_plan" in modules("docs/architecture.md")
