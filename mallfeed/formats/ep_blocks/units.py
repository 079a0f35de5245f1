"""Where EP blocks begin and end in a file's bytes, whether they are UTF-8 or CP949."""

from __future__ import annotations

import re

from mallfeed.reading.odd_records import OddMarks
from mallfeed.reading.units import MarkedUnits

_SIGNS = re.compile(
    rb"(?P<before><<<begin>>>)|(?P<behind><<<(?:ftend|endin|end)>>>)", re.IGNORECASE
)


def block_units(marks: OddMarks) -> MarkedUnits:
    """Cut before each `<<<begin>>>`, and behind each tag that ends a block."""
    return MarkedUnits(_SIGNS, marks)
