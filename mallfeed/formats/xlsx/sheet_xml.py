"""What stands in a sheet's XML and calamine does not hand out: links, formulas without a result, errors, formats of numbers.

ECMA-376, part 1: 18.3.1.4 (`c`), 18.3.1.40 (`f`), 18.3.1.47 (`hyperlink`).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from lxml import etree

from mallfeed.formats.xlsx.number_formats import padded_styles

Spend = Callable[[int], None]
"""Counts cells against what the feed may cost; may raise FeedHeld."""
Place = tuple[int, int]
"""Row and column, from 0."""

_WORTH_A_LOOK = re.compile(rb"""[<:](?:f|hyperlink)[\s/>]|\st=["']e["']""")
_PIECE = 1 << 20
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_LINK_FORMULA = re.compile(r'\s*=?\s*HYPERLINK\s*\(\s*(?:"((?:[^"]|"")*)"\s*[,;)])?', re.IGNORECASE)
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_LINKED = 10_000
"""Cells of one link's range."""


@dataclass
class SheetNotes:
    """What is noted of cells.

    Attributes
    ----------
    links : place → target of the cell's link; empty where a formula makes it
    unresolved : place → the formula that has no result, or the error that it gave
    digits : place of a number → how many digits its format shows at least, with zeros in front
    """

    links: dict[Place, str] = field(default_factory=dict)
    unresolved: dict[Place, str] = field(default_factory=dict)
    digits: dict[Place, int] = field(default_factory=dict)


def sheet_notes(file: IO[bytes], sheet: str, spend: Spend, *, as_shown: bool = True) -> SheetNotes:
    """The notes of a workbook's sheet; none of a file that is no OOXML workbook, or whose XML is not as it
    should be: what calamine reads of it counts then. `spend` is told how many cells links reach over; `as_shown`: digits
    are noted, too."""
    notes = SheetNotes()
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        return notes
    try:
        with zipfile.ZipFile(file) as archive:
            path = _path_of(archive, sheet)
            styles = padded_styles(archive) if as_shown else {}
            if path is not None and _is_worth_a_look(archive, path, styles):
                _collect(archive, path, notes, spend, styles)
    except (zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, OSError):
        return SheetNotes()
    return notes


def _path_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part that holds the sheet."""
    workbook = "xl/workbook.xml"
    if workbook not in archive.namelist():
        return None
    targets = _relations(archive, workbook)
    for element in _parsed(archive, workbook).iter("{*}sheet"):
        if element.get("name") == sheet:
            target = targets.get(element.get(_RELATIONS) or "", "")
            return posixpath.normpath(posixpath.join("xl", target)) if target else None
    return None


def _relations(archive: zipfile.ZipFile, part: str) -> Mapping[str, str]:
    """Id → target; absolute targets begin at the archive's root."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        return {}
    found = _parsed(archive, path).iter("{*}Relationship")
    return {one.get("Id"): _from_root(one) for one in found if one.get("Id")}


def _from_root(relation: Any) -> str:
    target = relation.get("Target") or ""
    external = relation.get("TargetMode") == "External"
    return f"..{target}" if target.startswith("/") and not external else target


def _parsed(archive: zipfile.ZipFile, path: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    return etree.fromstring(archive.read(path), parser)


def _is_worth_a_look(archive: zipfile.ZipFile, path: str, styles: Iterable[str]) -> bool:
    """Most sheets hold plain values only, and need not be taken apart a second time."""
    behind, worth = b"", _WORTH_A_LOOK.pattern
    if numbers := "|".join(styles).encode():
        worth += rb"""|\ss=["'](?:%b)["']""" % numbers
    sign = re.compile(worth)
    with archive.open(path) as part:
        while piece := part.read(_PIECE):
            if sign.search(behind + piece):
                return True
            behind = piece[-16:]
    return False


def _collect(
    archive: zipfile.ZipFile,
    path: str,
    notes: SheetNotes,
    spend: Spend,
    styles: Mapping[str, int],
) -> None:
    targets = _relations(archive, path)
    with archive.open(path) as part:
        at = (-1, -1)
        for event, element in etree.iterparse(
            part,
            events=("start", "end"),
            tag=("{*}row", "{*}c", "{*}hyperlink"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
        ):
            at = _noted(element, event, at, targets, notes, spend, styles)


def _noted(
    element: Any,
    event: str,
    at: Place,
    targets: Mapping[str, str],
    notes: SheetNotes,
    spend: Spend,
    styles: Mapping[str, int],
) -> Place:
    """Notes an element that has ended; the place where the sheet has come to."""
    name = etree.QName(element).localname
    if event == "start":
        if name == "row":
            number = element.get("r")
            return (int(number) - 1 if number else at[0] + 1, -1)
        return at
    if name == "c":
        at = _place(element.get("r")) or (at[0], at[1] + 1)
        _note_cell(element, at, notes)
        if (digits := styles.get(element.get("s") or "")) and element.get("t", "n") == "n":
            notes.digits[at] = digits
    elif name == "hyperlink":
        places = list(_places(element.get("ref") or ""))
        spend(len(places))
        for place in places:
            notes.links.setdefault(place, _target(element, targets))
    if name != "c":
        element.clear(keep_tail=True)
    return at


def _note_cell(cell: Any, at: Place, notes: SheetNotes) -> None:
    kind, formula, value = cell.get("t") or "n", None, None
    for child in cell:
        local = etree.QName(child).localname
        if local == "f":
            formula = (child.text or "").strip()
        elif local == "v":
            value = child.text
    if kind == "e":
        notes.unresolved[at] = value or "#N/A"
    elif formula is None:
        return
    elif not value and kind != "str":  # an empty text is a result
        notes.unresolved[at] = f"={formula}"
    if formula and (link := _LINK_FORMULA.match(formula)):
        notes.links[at] = (link[1] or "").replace('""', '"')


def _target(element: Any, targets: Mapping[str, str]) -> str:
    """Where a link leads; empty for a place in the workbook itself."""
    target = targets.get(element.get(_RELATIONS) or "", "")
    location = element.get("location")
    return f"{target}#{location}" if target and location else target


def _places(reference: str) -> Iterator[Place]:
    """The cells of `D2` or `D2:D9`."""
    first, _, last = reference.partition(":")
    begin, end = _place(first), _place(last or first)
    if begin is None or end is None:
        return
    rows, columns = end[0] - begin[0] + 1, end[1] - begin[1] + 1
    for n in range(min(rows * columns, _MOST_LINKED) if rows > 0 and columns > 0 else 0):
        yield (begin[0] + n // columns, begin[1] + n % columns)


def _place(reference: str | None) -> Place | None:
    found = _REFERENCE.fullmatch(reference or "")
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return (int(found[2]) - 1, column - 1)
