"""Lines of labelled values."""

from __future__ import annotations

from collections.abc import Iterator

from mallfeed.errors import FeedHeld
from mallfeed.reading import nested
from mallfeed.reading.chunk import Found
from mallfeed.reading.lines import TooLong, lines
from mallfeed.reading.nested import Record, torn
from mallfeed.reading.part import OpenPart
from mallfeed_ltsv.format import LtsvOptions


def read(part: OpenPart, options: LtsvOptions) -> Found:
    """The labels of the lines, and the lines."""
    found = lines(part.text(options.encoding))
    return nested.found(part, _records(found, options.mark, part.name), "LTSV")


def _records(found: Iterator[str], mark: str, name: str) -> Iterator[Record]:
    number = 0
    for number, line in enumerate(found, 1):
        if type(line) is TooLong:
            yield torn(number, "a line longer than any record", line, "cell_too_large")
        elif line.strip():
            yield _record(number, line.rstrip("\r\n"), mark)
    if not number:
        raise FeedHeld("not_the_format", f"{name} has no line. Send it again, with its records.")


def _record(number: int, line: str, mark: str) -> Record:
    values: dict[str, str] = {}
    for place, field in enumerate(line.split("\t"), 1):
        label, marked, value = field.partition(mark)
        if not marked or not label:
            return torn(number, f"field {place} has no label", line)
        if label in values:
            return torn(number, f"the label {label} stands twice in the line", line)
        values[label] = value
    return Record(number, values, line)
