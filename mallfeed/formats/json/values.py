"""The values under a path of a JSON document, one by one, in time that grows with its bytes.

ijson's own `items` writes the path of each value out, and with it every key above: a key of a megabyte over a
million values takes hours. Here a path is followed as far as it leads to what is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import ijson


class Readable(Protocol):
    """What ijson reads from."""

    def read(self, size: int = -1) -> bytes:
        """Some bytes; none at the end."""


Events = Iterator[tuple[str, Any]]
Further = Callable[[str, str], str | None]
"""A path and the next step: the path that is one step longer, or None where nothing under it matters."""
_NEW: dict[str, Callable[[], Any]] = {"start_map": dict, "start_array": list}
_ENDS = frozenset(("end_map", "end_array"))


def _nobody(_key: str) -> None:
    """Nobody is told."""


def values_under(
    document: Readable,
    path: str,
    counted: Callable[[int], None],
    twice: Callable[[str], None] = _nobody,
) -> Iterator[Any]:
    """The values whose dotted path this is, where a list's elements are called `item`.

    `counted` is told of how many values each one consists, itself included, and `twice` of each key that stands
    again in an object of it, before it is handed out.

    Raises ijson.JSONError, and what reading raises.
    """

    def further(before: str, step: str) -> str | None:
        longer = f"{before}.{step}" if before else step
        return longer if path.startswith(longer) else None

    events: Events = ijson.basic_parse(document)
    place = Place(further)
    for event, value in events:
        if place.follow(event, value) != path or event == "map_key" or event in _ENDS:
            continue
        found, count = value, 1
        if event in _NEW:
            found, count = _built(events, _NEW[event](), twice)
            place.left()
        counted(count)
        yield found


def members_under(
    document: Readable,
    path: str,
    counted: Callable[[int], None],
    twice: Callable[[str], None] = _nobody,
) -> Iterator[tuple[str, Any]]:
    """Key and value of each member of the objects whose dotted path this is; otherwise as `values_under`."""
    member = f"{path}\0"

    def further(before: str, step: str) -> str | None:
        if before == path:
            return member
        longer = f"{before}.{step}" if before else step
        return longer if path.startswith(longer) else None

    events: Events = ijson.basic_parse(document)
    place, key = Place(further), None
    for event, value in events:
        is_value = place.follow(event, value) == member and event not in _ENDS
        if event == "map_key":
            key = value
            continue
        if is_value:
            found, count = value, 1
            if event in _NEW:
                found, count = _built(events, _NEW[event](), twice)
                place.left()
            if key is not None:  # an element of an array has none
                counted(count)
                yield key, found
        key = None


class Place:
    """Where a walk through a document is, as a dotted path."""

    def __init__(self, further: Further) -> None:
        self._further = further
        self._around: list[tuple[str | None, str | None]] = []
        self._here: str | None = ""

    def follow(self, event: str, value: Any) -> str | None:
        """One event on; returns the path of the value that it begins, None where that does not matter."""
        here = self._here
        if event == "map_key":
            self._here = self._led(self._around[-1][0], value)
        elif event in _ENDS:
            self.left()
        elif event in _NEW:
            of_items = self._led(here, "item") if event == "start_array" else None
            self._around.append((here, of_items))
            self._here = of_items
        return here

    def left(self) -> None:
        """Behind the end of the innermost object or list."""
        self._around.pop()
        self._here = self._around[-1][1] if self._around else None

    def _led(self, before: str | None, step: str) -> str | None:
        return None if before is None else self._further(before, step)


def _built(events: Events, whole: Any, twice: Callable[[str], None]) -> tuple[Any, int]:
    """The object or list that has just begun, to its end, and how many values are in it."""
    around: list[Any] = []
    here, key, count = whole, "", 1
    for event, value in events:
        if event == "map_key":
            key = value
            continue
        if event in _ENDS:
            if not around:
                break
            here = around.pop()
            continue
        count += 1
        new = _NEW.get(event)
        inner = value if new is None else new()
        if type(here) is dict:
            if key in here:
                twice(key)
            here[key] = inner
        else:
            here.append(inner)
        if new is not None:
            around.append(here)
            here = inner
    return whole, count
