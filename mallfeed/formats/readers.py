"""The code that a format's row names, imported when it is called for. Needs Arrow."""

from __future__ import annotations

from pkgutil import resolve_name
from typing import Any, Protocol

from mallfeed.formats.format import Format
from mallfeed.reading.chunk import Found
from mallfeed.reading.part import OpenPart


class Reader(Protocol):
    """Takes one part of a feed apart."""

    def __call__(self, part: OpenPart, options: Any) -> Found:
        """The part's columns and its records, in order; `options` are those of the format.

        Raises FeedHeld for what is wrong with the part as a whole, also while the records are taken;
        a single record that cannot be taken apart is a row with a fault.
        """


def reader_of(row: Format) -> Reader:
    """The format's reader."""
    reader: Reader = resolve_name(row.reader)
    return reader
