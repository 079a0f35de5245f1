"""Spark's datetime patterns, as far as a text can be read by them.

The letters and how often each may stand are those of Spark's page "Datetime Patterns for Formatting and
Parsing" (spark.apache.org/docs/3.5.6/sql-ref-datetime-pattern.html), with Java's DateTimeFormatter where
the page leaves a count open. Spark looks at a pattern only when a row is read, and one that it refuses
ends the run; a test asks a session about every letter and count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TWO = (1, 2)
_TEXT = (1, 2, 3, 4)
_OFFSET = (1, 2, 3, 4, 5)

COUNTS: Mapping[str, tuple[int, ...]] = {
    "y": tuple(range(1, 7)), "M": _TEXT, "L": _TEXT, "d": _TWO, "D": (1, 2, 3), "G": _TEXT,
    "H": _TWO, "h": _TWO, "k": _TWO, "K": _TWO, "m": _TWO, "s": _TWO, "S": tuple(range(1, 10)), "a": (1,),
    "V": (2,), "z": _TEXT, "O": (1, 4), "X": _OFFSET, "x": _OFFSET, "Z": _OFFSET,
}  # fmt: skip
"""Letter → how often it may stand, one behind the other."""
_ONLY_WRITTEN = "EFqQ"
_OF_WEEKS = "YWwuec"
_PIECE = re.compile(r"'[^']*'|'|([A-Za-z])\1*|[\[\]{}#]")


def pattern_fault(pattern: str) -> str | None:
    """What Spark would not read by; None = it would."""
    depth = 0
    found = 0
    for piece in (match[0] for match in _PIECE.finditer(pattern)):
        if piece[0].isalpha():
            found += 1
            if fault := _letters_fault(piece):
                return fault
        elif piece == "'":
            return "a quote `'` is not closed; a quote itself is written `''`"
        elif piece in "{}#":
            return f"`{piece}` means nothing in a pattern; write `'{piece}'` for the character"
        elif piece in "[]":
            depth += 1 if piece == "[" else -1
            if depth < 0:
                return "`]` closes no `[`; write `']'` for the character"
    return None if found else "it holds no letter that stands for a part of a time, such as `yyyy`"


def _letters_fault(run: str) -> str | None:
    """What is wrong with one letter that stands so often."""
    letter = run[0]
    if letter in _ONLY_WRITTEN:
        return f"`{run}` is a letter that Spark writes but does not read; leave the part out of the value"
    if letter in _OF_WEEKS:
        return (
            f"`{run}` counts by weeks, which Spark does not read; the year is `yyyy`, the day `dd`"
        )
    if letter not in COUNTS:
        return f"`{run}` stands for nothing; the letters are {' '.join(COUNTS)}, any other text is quoted ('T')"
    counts = COUNTS[letter]
    if len(run) in counts:
        return None
    lengths = [f"`{letter * count}`" for count in counts]
    allowed = " or ".join(lengths) if len(lengths) < 3 else f"{lengths[0]} to {lengths[-1]}"
    return f"`{run}` is not among the lengths that Spark reads: {allowed}"
