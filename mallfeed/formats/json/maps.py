"""Objects whose members are records: `{"P1000": {…}, "P1001": {…}}`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import ijson

LEAST = 3
"""Members that are alike, before an object is taken for one of records."""
_DEEPEST = 6


@dataclass
class _Object:
    """An object that is open: its path, its keys, and what is known of its members."""

    path: str | None
    keys: set[str] = field(default_factory=set)
    key: str = ""
    first: set[str] | None = None
    alike: int = 0
    members: int = 0

    def add(self, keys: set[str]) -> None:
        """A member that is an object of such keys."""
        if self.first is None:
            self.first = keys
        both = self.first | keys
        self.alike += bool(both) and 2 * len(self.first & keys) >= len(both) and len(both) > 1


def objects_of_records(text: str, most: int) -> dict[str, int]:
    """Dotted path of each object most of whose members are objects with about the same keys → how many those are.

    Looks as far as the text goes; `most` members are enough.
    """
    found: Counter[str] = Counter()
    around: list[_Object | None] = [None]
    try:
        for event, value in ijson.basic_parse(text.encode()):
            if event == "map_key":
                here = around[-1]
                assert here is not None, "keys stand in objects"
                here.key = value
                here.keys.add(value)
                here.members += 1
            elif event == "start_map":
                around.append(_Object(_path_of(around)))
            elif event == "start_array":
                around.append(None)
            elif event == "end_array":
                around.pop()
            elif event == "end_map":
                ended, outer = around.pop(), around[-1]
                assert ended is not None, "an object ends"
                if outer is not None and outer.path is not None:
                    outer.add(ended.keys)
                    if outer.alike >= LEAST and 3 * outer.alike >= 2 * outer.members:
                        found[outer.path] = outer.alike
                        if outer.alike >= most:
                            break
    except ijson.JSONError:
        pass  # cut off: what was seen so far counts
    return dict(found)


def _path_of(around: list[_Object | None]) -> str | None:
    """Of an object that begins here; None where no catalog can name it, or nobody looks for records."""
    if len(around) == 1:
        return ""
    outer = around[-1]
    if outer is None or outer.path is None or len(around) > _DEEPEST or "." in outer.key:
        return None
    return f"{outer.path}.{outer.key}" if outer.path else outer.key
