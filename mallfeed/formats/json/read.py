"""JSON: one record a line, or one array or object (at the top or under a path) read as a stream by ijson.

Of a key that stands twice in a record the last value counts, as everywhere in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import ijson

from mallfeed.errors import FeedHeld
from mallfeed.formats.json.format import KEY, JsonOptions
from mallfeed.formats.json.values import members_under, values_under
from mallfeed.formats.json.words import words_of, words_of_line
from mallfeed.reading import nested
from mallfeed.reading.budget import ELEMENTS, Tally, Work
from mallfeed.reading.chunk import Found
from mallfeed.reading.lines import TooLong, lines
from mallfeed.reading.nested import Record, torn
from mallfeed.reading.odd_lines import OddLines
from mallfeed.reading.part import OpenPart
from mallfeed.reading.raw_columns import NOTES
from mallfeed.reading.records import Number, to_json
from mallfeed.reading.utf8 import Utf8Text

_NOTHING: dict[str, Any] = {"array": [], "object": {}}


def read(part: OpenPart, options: JsonOptions) -> Found:
    """The paths in the records, and the records."""
    odd = OddLines() if options.layout == "lines" and options.fallback_encoding else None
    text = part.text(options.encoding, odd)
    return nested.found(part, records(text, options, part.name, part.work, odd), "JSON")


def records(
    text: Iterator[str], options: JsonOptions, name: str, work: Work, odd: OddLines | None = None
) -> Iterator[Record]:
    """The records one by one; raises FeedHeld where the array cannot be read, or costs too much.

    `odd` are lines in another encoding.
    """
    if options.layout == "lines":
        return _with_odd(_of_lines(lines(text), name, work), OddLines() if odd is None else odd)
    return _of_document(Utf8Text(text, name), options, name, work)


def _with_odd(records: Iterator[Record], odd: OddLines) -> Iterator[Record]:
    """The records, with what was wrong with their lines."""
    for record in records:
        fault = odd.among(record.row, 1)
        if fault is None or record.values is None:
            yield record
        elif fault[0] in NOTES:
            yield replace(record, fault=fault)
        else:
            yield torn(record.row, fault[1], record.text, fault[0])


def _of_lines(found: Iterator[str], name: str, work: Work) -> Iterator[Record]:
    decode = json.JSONDecoder(parse_float=Number.of, parse_int=Number, parse_constant=Number).decode
    first, number, tally = True, 0, Tally(work, ELEMENTS, name, "line")
    for number, line in enumerate(found, 1):
        if type(line) is TooLong:
            yield torn(number, "a line longer than any record", line, "cell_too_large")
            continue
        line = line.strip()
        if not line:
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
            yield torn(number, words_of_line(error, line), line)
            continue
        if isinstance(record, dict):
            yield Record(number, record, line)
        else:
            yield torn(number, "not a JSON object", line)
    tally.spend(number)


def _of_document(text: Utf8Text, options: JsonOptions, name: str, work: Work) -> Iterator[Record]:
    """The elements of the array, or the members of the object."""
    path = options.records_path
    number, tally = 0, Tally(work, ELEMENTS, name, "element")

    def count(values: int) -> None:
        tally.add(values, number + 1)

    try:
        for key, record in _items(text, options, count):
            number += 1
            text.new_record()
            yield _of_item(number, record, key)
        tally.spend(number)
    except (ijson.JSONError, ValueError, RecursionError, ArithmeticError) as error:
        cut = isinstance(error, ijson.IncompleteJSONError) and "premature EOF" in str(error)
        raise FeedHeld(
            "truncated" if cut else "not_the_format",
            f"{name}: the JSON {'ends' if cut else 'breaks'} after record {number:,}, before byte "
            f"{text.taken:,}{'' if cut else f': {words_of(error)}'}. Nothing was loaded; send a whole, valid document.",
            {"records": number, "before_byte": text.taken},
        ) from error
    if number == 0 and _under(text, path) != _NOTHING[options.layout]:
        raise FeedHeld(
            "records_path_missing",
            f"{name}: there is no {options.layout} {f'under `{path}`' if path else 'at the top level'}"
            f"{_there_is(text, path)}. Is it the right file, and the right `records_path`?",
        )


def _items(
    text: Utf8Text, options: JsonOptions, count: Callable[[int], None]
) -> Iterator[tuple[str | None, Any]]:
    """The records, each with its key where it has one."""
    path = options.records_path
    if options.layout == "object":
        yield from members_under(text, path or "", count)
        return
    for record in values_under(text, f"{path}.item" if path else "item", count):
        yield None, record


def _of_item(number: int, record: Any, key: str | None) -> Record:
    try:
        text = to_json(record if key is None else {key: record})
    except RecursionError:
        return torn(number, "nested too deep", "")
    if not isinstance(record, dict):
        return torn(number, "not a JSON object", text)
    return Record(number, record if key is None else {KEY: key, **record}, text)


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
    return ""
