"""Daum / Naver 2.0 EP: `<<<begin>>>`, then `<<<tag>>>value` lines, then `<<<ftend>>>`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mallfeed.errors import FeedHeld
from mallfeed.formats.ep_blocks.format import EpBlocksOptions
from mallfeed.formats.ep_blocks.units import block_units
from mallfeed.reading import nested
from mallfeed.reading.budget import blank_counted
from mallfeed.reading.chunk import Found
from mallfeed.reading.lines import TooLong, lines
from mallfeed.reading.nested import Record, torn, with_odd
from mallfeed.reading.odd_records import Fault, OddMarks, worst
from mallfeed.reading.part import OpenPart
from mallfeed.reading.records import to_json

_TAG = re.compile(r"<<<([A-Za-z][A-Za-z0-9_]{0,31})>>>")
_ENDS = frozenset({"ftend", "endin", "end"})
MAX_BLOCK = 4 * 1024 * 1024
_MAX_LINES = 10_000


def read(part: OpenPart, options: EpBlocksOptions) -> Found:
    """The tags of the blocks, and the blocks."""
    marks = OddMarks()
    text = part.text(options.encoding, block_units(marks) if options.fallback_encoding else None)
    written = blank_counted(lines(text), part.work, part.name)
    return nested.found(part, records(written, part.name, marks), "an EP file")


def records(found: Iterator[str], name: str, marks: OddMarks) -> Iterator[Record]:
    """The blocks of these lines, numbered from 1. Raises FeedHeld `not_the_format` where there is none.

    Text outside blocks is a record that could not be taken apart; tags there (`<<<tocnt>>>12`) are
    about the whole file and are passed over.
    """
    blocks = 0
    for row, record in enumerate(_records(found, marks), 1):
        blocks += record.values is not None
        if row == 1000 and not blocks:
            break
        yield Record(row, record.values, record.text, record.fault)
    if not blocks:
        raise FeedHeld(
            "not_the_format",
            f"{name} holds no `<<<begin>>>` block that can be read. Is it an EP file, and is the "
            "encoding right?",
        )


def _records(found: Iterator[str], marks: OddMarks) -> Iterator[Record]:
    block = _Block()
    outside: list[str] = []
    for line in found:
        for tag, written in _pieces(line):
            faults: list[Fault] = []
            value = marks.taken_off(written, faults) if marks.faults else written
            if tag == "begin":
                yield from _outside(outside)
                if block.is_open:
                    yield block.done("no <<<ftend>>> before the next <<<begin>>>")
                block = _Block(is_open=True)
                block.odd += faults
                block.add_text(value)
            elif block.is_open:
                block.odd += faults
                if tag in _ENDS:
                    yield block.done()
                    block = _Block()
                else:
                    block.add(tag, value, too_long=type(line) is TooLong)
            elif tag is None and value.strip() and len(outside) < _MAX_LINES:
                outside.append(value[:4096])
    yield from _outside(outside)
    if block.is_open:
        yield block.done("the file ends before <<<ftend>>>")


def _outside(passed: list[str]) -> Iterator[Record]:
    if passed:
        yield torn(0, "text outside a block", "".join(passed))
        passed.clear()


def _pieces(line: str) -> Iterator[tuple[str | None, str]]:
    """Tag and value; tags count at the start of a line, and anywhere in one that begins a block."""
    if not line.lstrip().startswith("<<<"):
        yield None, line
        return
    found = list(_TAG.finditer(line))
    if not found:
        yield None, line
        return
    if found[0][1].lower() != "begin":
        found = found[:1]
    ends = [*(match.start() for match in found[1:]), len(line)]
    for match, end in zip(found, ends, strict=True):
        yield match[1].lower(), line[match.end() : end]


class _Block:
    def __init__(self, is_open: bool = False) -> None:
        self.is_open = is_open
        self.odd: list[Fault] = []
        self._values: dict[str, list[str]] = {}
        self._text: list[str] = []
        self._last: str | None = None
        self._size = 0
        self._fault: tuple[str, str] | None = None

    def add(self, tag: str | None, value: str, too_long: bool) -> None:
        self._size += len(value)
        if too_long or self._size > MAX_BLOCK or len(self._text) > _MAX_LINES:
            self._fault = ("cell_too_large", f"a block of more than {MAX_BLOCK:,} characters")
            self._values.clear()
            return
        if tag is None:
            self.add_text(value)
            return
        if tag in self._values:
            self._fault = self._fault or ("malformed_row", f"<<<{tag}>>> stands twice in the block")
        self._text.append(f"<<<{tag}>>>{value}")
        self._values[tag] = [value.strip()]
        self._last = tag

    def add_text(self, text: str) -> None:
        """A further line of the value before it."""
        if not text.strip():
            return
        self._text.append(text)
        if self._last is None:
            self._fault = self._fault or ("malformed_row", "text before the first tag of the block")
        else:
            self._values[self._last].append(text.strip())

    def done(self, fault: str | None = None) -> Record:
        text = "".join(self._text)
        problem = self._fault or (("malformed_row", fault) if fault else None)
        if problem is None and not self._values:
            problem = ("malformed_row", "a block without tags")
        if problem:
            return torn(0, problem[1], text, problem[0])
        values = {tag: "\n".join(lines).strip() for tag, lines in self._values.items()}
        return with_odd(Record(0, values, to_json(values)), worst(self.odd))
