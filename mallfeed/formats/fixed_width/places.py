"""Where columns lie in a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """From the unit `begin`, counted from 0, to before the unit `end`."""

    begin: int
    end: int


def places_of(columns: Iterable[tuple[int | None, int]]) -> tuple[Place, ...]:
    """Of (start from 1, width) each; a column without a start is directly behind the one before."""
    places: list[Place] = []
    for start, width in columns:
        begin = (places[-1].end if places else 0) if start is None else start - 1
        places.append(Place(begin, begin + width))
    return tuple(places)


def length_of(places: Iterable[Place]) -> int:
    """Of a line that holds them all."""
    return max((place.end for place in places), default=0)
