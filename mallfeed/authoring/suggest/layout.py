"""Where the records are in a JSON or XML document, and in which sheet and row of a workbook."""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

import ijson
import python_calamine as calamine
from lxml import etree

from mallfeed.authoring.suggest.separated import has_header
from mallfeed.catalog.model import JsonOptions, XlsxOptions
from mallfeed.catalog.names import is_known_name
from mallfeed.feed.formats.xlsx import shown

_DEEPEST = 6
_ENOUGH = 200
"""The number of records after which the array that contains them is certain."""
_CELL = re.compile(r"[{(]")


def json_layout(head: bytes, encoding: str, whole: bool) -> tuple[JsonOptions, str]:
    """Lines or an array, and the path to it; `head` is the beginning, `whole` = all of it."""
    text = head.decode("utf-8-sig" if encoding == "utf-8" else encoding, "ignore").lstrip(
        "\ufeff \r\n\t"
    )
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lstrip().startswith("{") and _is_json(first):
        lines = [line for line in text.splitlines()[:20] if line.strip()]
        if len(lines) > 1 or not _arrays(text):
            return JsonOptions(layout="lines", encoding=encoding), "one JSON object per line"
    found = _arrays(text)
    if not found:
        return JsonOptions(layout="lines", encoding=encoding), "there is no array of objects"
    path, count = max(found.items(), key=lambda one: (min(one[1], _ENOUGH), -one[0].count(".")))
    why = f"{count}{'' if whole and count < _ENOUGH else ' or more'} objects in an array"
    return (
        JsonOptions(layout="array", records_path=path or None, encoding=encoding),
        f"{why} under `{path}`" if path else f"{why} at the top",
    )


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _arrays(text: str) -> dict[str, int]:
    """Dotted path of each array of objects that is not inside another array → its objects."""
    found: Counter[str] = Counter()
    events = ijson.parse(text.encode())
    try:
        for prefix, event, _ in events:
            if event == "start_map" and (prefix == "item" or prefix.endswith(".item")):
                path = prefix[: -len("item")].rstrip(".")
                if "item" not in path.split(".") and path.count(".") < _DEEPEST:
                    found[path] += 1
                    if found[path] >= _ENOUGH:
                        break
    except ijson.JSONError:
        pass  # cut off: what was seen so far counts
    return dict(found)


def record_tag(head: bytes) -> tuple[str, str] | None:
    """The repeated element that contains others, and why; None if there is none."""
    parser = etree.XMLPullParser(events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
                                 recover=True)  # fmt: skip
    path: list[str] = []
    counts: Counter[tuple[int, str]] = Counter()
    children: Counter[tuple[int, str]] = Counter()
    with_suppressed = _fed(parser, head)
    for event, element in with_suppressed:
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if event == "start":
            path.append(name)
            counts[(len(path), name)] += 1
            if len(path) > 1:
                children[(len(path) - 1, path[-2])] += 1
        else:
            path.pop()
    rich = {key: n for key, n in counts.items() if key[0] > 1 and children[key] >= 3 * n}
    if not rich:
        return None
    (_, tag), count = max(rich.items(), key=lambda one: (min(one[1], 50) >= 2, -one[0][0], one[1]))
    return tag, f"<{tag}> occurs {count} times or more, with elements in it"


def _fed(parser: Any, head: bytes) -> Iterator[tuple[str, Any]]:
    with contextlib.suppress(etree.XMLSyntaxError):  # cut off: what was seen so far counts
        parser.feed(head)
    yield from parser.read_events()


def sheet_of(file: IO[bytes]) -> tuple[XlsxOptions, str]:
    """The sheet with the most rows, and the row that names its columns."""
    file.seek(0)
    workbook = calamine.CalamineWorkbook.from_filelike(file)
    names = workbook.sheet_names
    sizes = {name: workbook.get_sheet_by_name(name).height for name in names}
    best = max(names, key=lambda name: sizes[name])
    sheet = workbook.get_sheet_by_name(best)
    first = (sheet.start or (0, 0))[0] + 1
    rows = [
        [shown(cell) or "" for cell in row]
        for row in sheet.to_python(skip_empty_area=True, nrows=30)
    ]
    place = _header_place(rows)
    options = XlsxOptions(sheet=None if best == names[0] else best, header_row=first + place)
    return (
        options,
        f"sheet `{best}` has the most rows ({sizes[best]:,}); row {first + place} names the columns",
    )


def _header_place(rows: list[list[str]]) -> int:
    """The row with the most known names; else the first one that is as wide as most rows."""
    known = [sum(is_known_name(cell) for cell in row) for row in rows[:10]]
    if known and max(known) >= 2:
        return known.index(max(known))
    widths = [sum(bool(cell) for cell in row) for row in rows]
    usual = Counter(widths).most_common(1)[0][0] if widths else 0
    wide = [i for i, width in enumerate(widths[:10]) if width >= usual]
    return next((i for i in wide if has_header(rows[i : i + 20])[0]), wide[0] if wide else 0)
