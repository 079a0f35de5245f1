"""The layouts of the evaluation's feeds, and the feeds written from them.

A layout is a text file called like its feed. Comments name where it is from. One line has options of
the file (`lang: de; separator: ;; encoding: cp1252`), each further line one column:

    name | kind of value, as values.py has it | canonical fields it holds, if any

Several columns of one field are alternatives, any of which is right; `price/1` and `price/2` belong
together in this order; `field?` may be mapped and need not be.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq

from tests.suggest_eval.values import MAKERS
from tests.suggest_eval.words import LANGUAGES
from tests.unit.feed.workbook import workbook

FOLDER = Path(__file__).parent
HALVES = ("development", "held_out")
ROWS = 24
_GOOGLE = "http://base.google.com/ns/1.0"


@dataclass(frozen=True)
class Column:
    """One column: its name, what makes its values, and the fields it may be, as the layout writes them."""

    name: str
    kind: str
    argument: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A feed's layout: where it is from, options of the file, columns."""

    name: str
    half: str
    source: str
    options: dict[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()

    @cached_property
    def rows(self) -> list[list[Any]]:
        """The values, row by row."""
        words = LANGUAGES[self.options["lang"]]
        count = int(self.options.get("rows", ROWS))
        return [
            [MAKERS[column.kind](row, column.argument, words) for column in self.columns]
            for row in range(count)
        ]

    def write(self, folder: Path) -> Path:
        """The feed's file, in the folder."""
        path = folder / self.name
        path.write_bytes(_WRITERS[path.suffix](self))
        return path


def layouts(*halves: str) -> list[Layout]:
    """The layouts of these halves, by name."""
    paths = [path for half in halves for path in sorted((FOLDER / half).glob("*.txt"))]
    return [_parsed(path) for path in paths]


def _parsed(path: Path) -> Layout:
    lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    comments = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    options, *columns = [line for line in lines if not line.startswith("#")]
    pairs = dict(re.findall(r"(\w+): (;(?=;|$)|[^;]+)(?:;|$)", options))
    return Layout(
        path.stem, path.parent.name, comments,
        {key: value.strip() or value for key, value in pairs.items()},
        tuple(_column(line) for line in columns),
    )  # fmt: skip


def _column(line: str) -> Column:
    name, value, fields = (part.strip() for part in re.split(r" \| | \|$", f"{line} ", maxsplit=2))
    kind, _, argument = value.partition(":")
    if kind not in MAKERS:
        raise ValueError(f"{line!r}: no kind of value is called {kind!r}")
    return Column(name, kind, argument, tuple(one for one in fields.split(",") if one))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _csv(layout: Layout) -> bytes:
    mark = {"tab": "\t"}.get(mark := layout.options.get("separator", ","), mark)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    writer.writerow([column.name for column in layout.columns])
    writer.writerows([[_text(value) for value in row] for row in layout.rows])
    return out.getvalue().encode(layout.options.get("encoding", "utf-8"), "replace")


def _xlsx(layout: Layout) -> bytes:
    named = [column.name for column in layout.columns]
    return workbook({"Sheet1": [named, *([_text(v) for v in row] for row in layout.rows)]})


def _nested(layout: Layout) -> Iterator[dict[str, Any]]:
    for row in layout.rows:
        record: dict[str, Any] = {}
        for column, value in zip(layout.columns, row, strict=True):
            _put(record, re.findall(r"[^.\[\]]+|\[\d+\]", column.name), value)
        yield record


def _put(into: Any, steps: Sequence[str], value: Any) -> None:
    step, *rest = steps
    key: Any = int(step[1:-1]) if step.startswith("[") else step
    if isinstance(into, list):
        into.extend({} for _ in range(key + 1 - len(into)))
    if not rest:
        into[key] = value
        return
    if not isinstance(into, list) and key not in into:
        into[key] = [] if rest[0].startswith("[") else {}
    _put(into[key], rest, value)


def _json(layout: Layout) -> bytes:
    records: Any = list(_nested(layout))
    if key := layout.options.get("key"):
        records = {"total": len(records), key: records}
    return json.dumps(records, ensure_ascii=False).encode()


def _jsonl(layout: Layout) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in _nested(layout)).encode()


def _parquet(layout: Layout) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(_nested(layout))), out)
    return bytes(out.getvalue())


def _xml(layout: Layout) -> bytes:
    ET.register_namespace("g", _GOOGLE)
    first, *inner = layout.options["wrap"].split(".")
    root = place = ET.Element(first)
    for tag in inner:
        place = ET.SubElement(place, tag)
    if title := layout.options.get("title"):
        ET.SubElement(place, "title").text = title
    for row in layout.rows:
        record = ET.SubElement(place, layout.options["record"])
        for column, value in zip(layout.columns, row, strict=True):
            if value is not None:
                _element(record, column.name, _text(value))
    return bytes(ET.tostring(root, layout.options.get("encoding", "utf-8"), xml_declaration=True))


def _element(record: ET.Element, name: str, text: str) -> None:
    path, _, attribute = name.partition("@")
    place = record
    for step in path.split(".") if path else ():
        tag = step.replace("g:", f"{{{_GOOGLE}}}")
        found = place.find(tag)
        place = ET.SubElement(place, tag) if found is None else found
    if attribute:
        place.set(attribute, text)
    else:
        place.text = text


_WRITERS = {
    ".csv": _csv, ".tsv": _csv, ".txt": _csv, ".xlsx": _xlsx, ".json": _json, ".jsonl": _jsonl,
    ".xml": _xml, ".parquet": _parquet,
}  # fmt: skip
