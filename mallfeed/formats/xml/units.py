"""Where the elements of an XML document's records begin and end in its bytes, whether they are UTF-8 or CP949."""

from __future__ import annotations

import contextlib
import re

from mallfeed.reading.odd_records import OddPlaces
from mallfeed.reading.units import SignUnits

_PREFIX = rb"(?:[^\s<>/:=\"'&!?]{1,100}:)?"


def element_units(tag: str, places: OddPlaces) -> SignUnits:
    """Cut before each tag that begins such an element, and behind each that ends one; the name may be Hangul, too."""
    name = b"(?:%b)" % b"|".join(map(re.escape, _spelled(tag)))
    signs = re.compile(
        rb"(?P<before><"
        + _PREFIX
        + name
        + rb"(?=[\s/>]))|(?P<behind></"
        + _PREFIX
        + name
        + rb"\s{0,100}>)"
    )
    return SignUnits(signs, tag.encode(), places)


def _spelled(tag: str) -> list[bytes]:
    spelled = [tag.encode()]
    with contextlib.suppress(UnicodeEncodeError):  # then no record in CP949 has it
        spelled.append(tag.encode("cp949"))
    return list(dict.fromkeys(spelled))
