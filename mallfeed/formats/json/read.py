"""JSON: one record a line, or one array or object (at the top or under a path) read as a stream by ijson.

Of a key that stands twice in an object the last value counts, as everywhere in JSON, and the record is told of.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import ijson

from mallfeed.errors import FeedHeld
from mallfeed.formats.json.format import KEY, JsonOptions
from mallfeed.formats.json.units import DocumentUnits
from mallfeed.formats.json.values import members_under, values_under
from mallfeed.formats.json.words import words_of, words_of_line
from mallfeed.reading import nested
from mallfeed.reading.budget import BLANK_LINES, ELEMENTS, Tally, Work
from mallfeed.reading.chunk import Found
from mallfeed.reading.depth import TOO_DEEP
from mallfeed.reading.lines import TooLong, lines
from mallfeed.reading.nested import Record, torn, with_odd
from mallfeed.reading.odd_records import Fault, OddMarks, OddPlaces, worst
from mallfeed.reading.part import OpenPart
from mallfeed.reading.raw_columns import KEY_TWICE
from mallfeed.reading.records import Number, to_json
from mallfeed.reading.units import LineUnits
from mallfeed.reading.utf8 import Utf8Text

_AS_LINES = (
    " It has one record a line: send one document, or say `layout: lines` in a new catalog version."
)
_NOTHING: dict[str, Any] = {"array": [], "object": {}}


def read(part: OpenPart, options: JsonOptions) -> Found:
    """The paths in the records, and the records."""
    records = _lines if options.layout == "lines" else _document
    return nested.found(part, records(part, options), "JSON")


def _lines(part: OpenPart, options: JsonOptions) -> Iterator[Record]:
    odd = OddPlaces()
    text = part.text(options.encoding, LineUnits(odd) if options.fallback_encoding else None)
    for record in _of_lines(lines(text), part.name, part.work):
        yield with_odd(record, odd.among(record.row, 1))


def _document(part: OpenPart, options: JsonOptions) -> Iterator[Record]:
    marks = OddMarks()
    around = 1 + len(options.records_path.split(".") if options.records_path else ())
    units = DocumentUnits(around, marks) if options.fallback_encoding else None
    text = Utf8Text(part.text(options.encoding, units), part.name)
    return _of_document(text, options, part.name, part.work, marks)


def _of_lines(found: Iterator[str], name: str, work: Work) -> Iterator[Record]:
    keys = _Keys()
    decode = json.JSONDecoder(
        parse_float=Number.of,
        parse_int=Number,
        parse_constant=Number,
        object_pairs_hook=keys.object_of,
    ).decode
    first, number, tally = True, 0, Tally(work, ELEMENTS, name, "line")
    blank = Tally(work, BLANK_LINES, name, "line")
    for number, line in enumerate(found, 1):
        if type(line) is TooLong:
            yield torn(number, "a line longer than any record", line, "cell_too_large")
            continue
        line = line.strip()
        if not line:
            blank.add(1, number)
            continue
        if first and line[0] == "[":
            raise FeedHeld(
                "not_the_format",
                f"{name} begins with `[`: it is one JSON array, where the catalog says one record a line. "
                "Send it as lines, or say `layout: array` in a new catalog version.",
            )
        first = False
        tally.add(line.count(",") + 1, number)  # values are no more: commas in texts are few
        try:
            record: Any = decode(line)
        except (ValueError, RecursionError) as error:
            keys.told()
            yield torn(number, words_of_line(error, line), line)
            continue
        if isinstance(record, dict):
            yield Record(number, record, line, keys.told())
        else:
            yield torn(number, _no_record(record), line)
    tally.spend(number)


class _Keys:
    """Which key stood twice in an object of the record that is being read."""

    def __init__(self) -> None:
        self._first: str | None = None

    def object_of(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The object of these members, the last one of a key."""
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.again(key)
                    break
                seen.add(key)
        return found

    def again(self, key: str) -> None:
        """A key stands there again."""
        self._first = self._first if self._first is not None else key

    def told(self) -> Fault | None:
        """What is told of the record that has ended; the next one begins."""
        first, self._first = self._first, None
        return None if first is None else (KEY_TWICE, first)


def _of_document(
    text: Utf8Text, options: JsonOptions, name: str, work: Work, marks: OddMarks
) -> Iterator[Record]:
    """The elements of the array, or the members of the object."""
    path = options.records_path
    number, tally, keys = 0, Tally(work, ELEMENTS, name, "element"), _Keys()

    def count(values: int) -> None:
        tally.add(values, number + 1)

    try:
        for key, record in _items(text, options, count, keys.again):
            number += 1
            text.new_record()
            twice = keys.told()
            item = with_odd(_of_item(number, record, key), twice)
            if marks.faults and marks.mark in item.text:
                faults: list[Fault] = []
                key, record = _unmarked([key, record], marks, faults)
                item = with_odd(_of_item(number, record, key), worst(faults) or twice)
            yield item
        tally.spend(number)
    except (ijson.JSONError, ValueError, RecursionError, ArithmeticError) as error:
        cut = isinstance(error, ijson.IncompleteJSONError) and "premature EOF" in str(error)
        raise FeedHeld(
            "truncated" if cut else "not_the_format",
            f"{name}: the JSON {'ends' if cut else 'breaks'} after record {number:,}, before byte "
            f"{text.taken:,}{'' if cut else f': {words_of(error)}'}. Nothing was loaded; send a whole, valid document."
            f"{_AS_LINES if text.holds_lines() else ''}",
            {"records": number, "before_byte": text.taken},
        ) from error
    if number == 0 and _under(text, path) != _NOTHING[options.layout]:
        raise FeedHeld(
            "records_path_missing",
            f"{name}: there is no {options.layout} {f'under `{path}`' if path else 'at the top level'}"
            f"{_there_is(text, path)}. Is it the right file, and the right `records_path`?",
        )


def _items(
    text: Utf8Text,
    options: JsonOptions,
    count: Callable[[int], None],
    twice: Callable[[str], None],
) -> Iterator[tuple[str | None, Any]]:
    """The records, each with its key where it has one."""
    path = options.records_path
    if options.layout == "object":
        yield from members_under(text, path or "", count, twice)
        return
    for record in values_under(text, f"{path}.item" if path else "item", count, twice):
        yield None, record


def _unmarked(value: Any, marks: OddMarks, found: list[Fault]) -> Any:
    """The value without marks; what they say is put into `found`."""
    if isinstance(value, Number):
        return value
    if isinstance(value, str):
        return marks.taken_off(value, found)
    if isinstance(value, list):
        return [_unmarked(inner, marks, found) for inner in value]
    if isinstance(value, dict):
        pairs = value.items()
        return {_unmarked(k, marks, found): _unmarked(v, marks, found) for k, v in pairs}
    return value


def _of_item(number: int, record: Any, key: str | None) -> Record:
    try:
        text = to_json(record if key is None else {key: record})
    except RecursionError:
        return torn(number, TOO_DEEP, "")
    if not isinstance(record, dict):
        return torn(number, _no_record(record), text)
    return Record(number, record if key is None else {KEY: key, **record}, text)


def _no_record(value: Any) -> str:
    return f"{_called(value)}, not a JSON object with a product's values"


def _called(value: Any) -> str:
    """What kind of JSON value it is."""
    if isinstance(value, list):
        return "an array"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Number | Decimal | int | float):
        return "a number"
    return "a text"


def _under(text: Utf8Text, path: str | None) -> Any:
    """What stands at the path in a small document; None where there is nothing, or nobody can say."""
    document = text.whole()
    for key in path.split(".") if path else ():
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _there_is(text: Utf8Text, path: str | None) -> str:
    there, what = _under(text, path), ""
    if there is None:
        there, what = text.whole(), " at the top level"
    if isinstance(there, list):
        return f", but an array{what} (`layout: array`)"
    if isinstance(there, dict):
        of_objects = len(there) > 1 and all(isinstance(one, dict) for one in there.values())
        hint = " of objects (`layout: object`)" if of_objects else ""
        return f", but an object{what}{hint} with {', '.join(list(there)[:10])}"
    return "" if there is None else f", but {_called(there)}{what}"
