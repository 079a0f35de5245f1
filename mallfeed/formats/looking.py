"""What a format is shown of a file, to say whether it is one of its own and how it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mallfeed.errors import Terminal
from mallfeed.reading.budget import Work, unlimited
from mallfeed.reading.bytestream import ByteStream
from mallfeed.yaml_files.part import YamlPart


class NotAFeed(Terminal):
    """The file holds nothing that could be records."""


class Names(Protocol):
    """What is known of columns' names."""

    def is_known(self, cell: str) -> bool:
        """Whether a cell is a name that columns have."""

    def field(self, name: str) -> str:
        """The canonical field that a column of this name most likely holds; empty = none that is known."""

    def are_first(self, records: Sequence[Sequence[str]]) -> tuple[bool, str]:
        """Whether the first record names the columns, and why."""


_FOR_PROGRAMS = re.compile(r"[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)*")


def last_header(records: Sequence[Sequence[str]], place: int, names: Names) -> int:
    """The last of the rows that name the columns, where one for people stands above one for programs (Amazon's flat files)."""
    while place + 1 < len(records) and _names_for_programs(records[place + 1], names):
        place += 1
    return place


def _names_for_programs(record: Sequence[str], names: Names) -> bool:
    cells = [cell.strip() for cell in record if cell.strip()]
    joined = sum("_" in cell for cell in cells)
    return (
        len(cells) >= 3
        and len(set(cells)) == len(cells)
        and all(_FOR_PROGRAMS.fullmatch(cell) for cell in cells)
        and 2 * joined >= len(cells)
        and sum(map(names.is_known, cells)) >= 2
    )


@dataclass(frozen=True)
class Beginning:
    """A file as far as it was looked at.

    Attributes
    ----------
    name : of the file
    head : its first bytes, unpacked; of a longer text, whole lines
    is_whole : there are no more
    content : all bytes from the first on, for a format that must see more
    names : what is known of columns' names
    encoding, encoding_why : of a text, as a catalog says it, and why
    text : the head decoded, without a byte order mark; empty for a format that is no text
    work : what looking at it may cost, and has
    """

    name: str
    head: bytes
    is_whole: bool
    content: ByteStream
    names: Names
    encoding: str = ""
    encoding_why: str = ""
    text: str = ""
    work: Work = field(default_factory=unlimited)


@dataclass(frozen=True)
class Written:
    """How a file is written: the format's options (None = it has none), and why, a line each."""

    options: YamlPart | None
    why: tuple[str, ...]
