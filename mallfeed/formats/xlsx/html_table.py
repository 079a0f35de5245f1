"""The table in a web page that was saved as .xls, as shop builders export their lists of products."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from mallfeed.errors import FeedHeld
from mallfeed.formats.xlsx.grid import linked
from mallfeed.reading.decode import Declared
from mallfeed.reading.encodings import is_encoding
from mallfeed.reading.header import MAX_COLUMNS, too_many_columns
from mallfeed.reading.part import OpenPart

Row = list[str | None]

MOST_CELLS = 6_000_000
MOST_ATTRIBUTES = 1_000
"""Attributes of one tag: the parser compares each with all before it."""
_NO_TEXT = ("script", "style", "template")
"""Elements whose content nobody sees."""
_WIDEST_SPAN, _TALLEST_SPAN = 1_000, 65_534
"""As the HTML standard bounds colspan and rowspan."""
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9._-]+)""", re.IGNORECASE)
_LONG_TAG = 8 * 1024
_LONGEST_TAG = 1024 * 1024


def rows_of(part: OpenPart) -> list[Row]:
    """The rows of the largest table, header and all, cells with links marked; empty where there is none.

    A cell that spans several columns or rows fills them. Raises FeedHeld `record_too_large`, `too_many_columns`,
    `undecodable`, `truncated`.
    """
    page = _Utf8(part.text(Declared(_encoding(part.content.peek(4096)))), part.name)
    tables: dict[int, list[Row]] = {}
    spans: dict[int, tuple[int, str | None]] = {}
    number = cells = 0
    for element in _ends(page):
        if _is_inner(element):
            continue
        if element.tag == "table":
            number, spans = number + 1, {}
        else:
            row = _row(element, spans, part.name)
            cells += len(row)
            if cells > MOST_CELLS:
                raise FeedHeld(
                    "record_too_large",
                    f"{part.name}: a table of more than {MOST_CELLS:,} cells is too large. Send CSV.",
                )
            tables.setdefault(number, []).append(row)
        element.clear()
    page.check_end()
    return max(tables.values(), key=len, default=[])


def _ends(page: _Utf8) -> Iterator[Any]:
    """Rows and tables, each when it is whole; a page is read however badly it is written."""
    parsed = etree.iterparse(
        page, events=("end",), tag=("tr", "table"), html=True, encoding="utf-8", no_network=True,
        recover=True, remove_comments=True,
    )  # fmt: skip
    try:
        for _, element in parsed:
            yield element
    except etree.LxmlError as error:
        raise FeedHeld(
            "not_the_format",
            f"{page.name} is a web page whose table cannot be read. Save it as .xlsx or CSV and upload that file.",
        ) from error


def _is_inner(element: Any) -> bool:
    """Whether a table, or a row of one, lies in a cell of another table."""
    return next(element.iterancestors("td", "th"), None) is not None


def _row(element: Any, spans: dict[int, tuple[int, str | None]], name: str) -> Row:
    row: Row = []
    for cell in element.iterchildren("td", "th"):
        _fill_from_above(row, spans)
        text = _value(cell)
        for _ in range(_span(cell, "colspan", _WIDEST_SPAN)):
            if (below := _span(cell, "rowspan", _TALLEST_SPAN) - 1) > 0:
                spans[len(row)] = (below, text)
            row.append(text)
        if len(row) > MAX_COLUMNS:
            raise too_many_columns(name, len(row))
    _fill_from_above(row, spans)
    return row


def _value(cell: Any) -> str | None:
    """The cell's text, beside the target of its first link; of a picture alone, its address."""
    text = _text(cell)
    target = next((one.get("href").strip() for one in cell.iter("a") if one.get("href")), "")
    pictures = (one.get("src").strip() for one in cell.iter("img") if one.get("src"))
    target = target or (next(pictures, "") if text is None else "")
    if target.startswith("#") or target.lower().startswith("javascript:"):
        target = ""  # the page's own menus
    return linked(target, text) if target else text


def _text(cell: Any) -> str | None:
    etree.strip_elements(cell, *_NO_TEXT, with_tail=False)
    for element in cell.iter("br", "p", "div", "li", "table", "tr", "td"):
        if element is not cell:
            element.text = f" {element.text or ''}"
            element.tail = f" {element.tail or ''}"
    return " ".join("".join(cell.itertext()).split()) or None


def _fill_from_above(row: Row, spans: dict[int, tuple[int, str | None]]) -> None:
    while (above := spans.pop(len(row), None)) is not None:
        left, text = above
        if left > 1:
            spans[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: Any, name: str, most: int) -> int:
    written = cell.get(name, "1").strip()
    return max(1, min(int(written), most)) if re.fullmatch("[0-9]{1,9}", written) else 1


def _encoding(head: bytes) -> str:
    """The encoding that the page names, else UTF-8."""
    found = _CHARSET.search(head)
    named = found[1].decode("ascii") if found else "utf-8"
    return named if is_encoding(named) else "utf-8"


class _Utf8:
    """The page as a file of UTF-8, for the parser."""

    def __init__(self, pieces: Iterator[str], name: str) -> None:
        self._pieces = pieces
        self.name = name
        self._tag = ""
        self._open = 0
        self._is_whole = False

    def read(self, _size: int = -1) -> bytes:
        """The next piece, whatever its size; empty at the end."""
        piece = next(self._pieces, "")
        self._check_tags(piece)
        return piece.encode("utf-8", "replace")

    def check_end(self) -> None:
        """Raises FeedHeld `truncated` where a table was begun that does not end."""
        if self._open > 0 and not self._is_whole:
            raise FeedHeld(
                "truncated",
                f"{self.name} is a web page whose table does not end: it is cut off. Upload it again, whole.",
            )

    def _check_tags(self, piece: str) -> None:
        tags = (self._tag + piece).split("<")
        for tag in tags[:-1]:
            self._check(tag)
            self._count(tag)
        # The last one may go on in the next piece.
        self._check(tags[-1])
        if ">" in tags[-1]:
            self._count(tags[-1])
            self._tag = ""
        else:
            self._tag = "<" + (tags[-1] if not tags[-1].startswith("!--") else "!--")

    def _count(self, tag: str) -> None:
        beginning = tag[:6].lower()
        self._open += beginning.startswith("table")
        self._open -= beginning.startswith("/table")
        self._is_whole = self._is_whole or beginning.startswith("/html")

    def _check(self, tag: str) -> None:
        if len(tag) <= _LONG_TAG or tag.startswith("!--"):
            return
        written = tag.split(">", 1)[0]
        if len(written) > _LONGEST_TAG or len(written.split()) > MOST_ATTRIBUTES:
            raise FeedHeld(
                "record_too_large",
                f"{self.name}: a tag with more than {MOST_ATTRIBUTES:,} attributes, or of more than "
                f"{_LONGEST_TAG:,} characters, is no part of a list of products. Send CSV.",
            )
