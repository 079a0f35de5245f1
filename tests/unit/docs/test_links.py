"""Every link of a Markdown file leads to a file of the checkout, and its anchor to a heading there.

`make docs` says the same of the built site; this takes a second and needs no second environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from infra.paths import CHECKOUT

ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")
OWN_ANCHOR = re.compile(r'<a id="([^"]+)">')
NO_PART_OF_AN_ANCHOR = re.compile(r"[^\w\- ]")
NO_PAGES = (".", "build", "dist", "scripts")  # scripts: heads of generated pages only


def pages() -> list[Path]:
    found = CHECKOUT.rglob("*.md")
    inside = (page.relative_to(CHECKOUT) for page in found)
    return sorted(page for page in inside if not page.parts[0].startswith(NO_PAGES))


@cache
def tokens(page: Path) -> list[Token]:
    blocks = MarkdownIt("commonmark").enable("table").parse((CHECKOUT / page).read_text("utf-8"))
    return [token for block in blocks for token in (block, *(block.children or ()))]


@cache
def anchors(page: Path) -> set[str]:
    """What a forge, and the site, make of the headings; and the anchors that the page sets itself."""
    everything = tokens(page)
    headings = [
        after.children or []
        for before, after in pairwise(everything)
        if before.type == "heading_open"
    ]
    made = {anchor("".join(part.content for part in heading)) for heading in headings}
    return made | set(OWN_ANCHOR.findall((CHECKOUT / page).read_text("utf-8")))


def anchor(heading: str) -> str:
    return NO_PART_OF_AN_ANCHOR.sub("", heading.lower()).replace(" ", "-")


def links(page: Path) -> Iterator[str]:
    for token in tokens(page):
        target = token.attrGet("href") or token.attrGet("src")
        if target and not ELSEWHERE.match(str(target)):
            yield unquote(str(target))


def broken(page: Path, target: str) -> str | None:
    """What is wrong with a link of a page; None if it leads somewhere."""
    name, _, wanted = target.partition("#")
    file = (CHECKOUT / page.parent / name).resolve() if name else CHECKOUT / page
    if not file.is_file():
        return f"{page}: no file `{name}` (a folder is none: the site has no page for it)"
    if wanted and wanted not in anchors(file.relative_to(CHECKOUT)):
        return f"{page}: `{name or page.name}` has no heading `#{wanted}`"
    return None


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [why for target in links(page) if (why := broken(page, target))] == []


def test_a_broken_link_and_a_broken_anchor_are_seen() -> None:
    page = Path("README.md")
    assert broken(page, "docs/nowhere.md") is not None
    assert broken(page, "docs/decisions") is not None
    assert broken(page, "docs/states.md#nothing-of-the-kind") is not None
    assert broken(page, "docs/operate.md#dead-letters") is None
    assert broken(page, "docs/for-malls.md#guide-for-malls") is None


def test_every_decision_is_listed() -> None:
    listed = set(links(Path("docs/decisions/index.md")))
    there = {page.name for page in (CHECKOUT / "docs/decisions").glob("*.md")} - {"index.md"}
    assert listed == there
