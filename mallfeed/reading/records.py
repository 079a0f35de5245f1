"""Nested records flattened to the dotted paths that a catalog names, as text cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring
from typing import Any, Final

from mallfeed.kinds.sql.marks import BOOLEAN, MISPLACED, NESTED, NUMBER

_STEP = re.compile(r"([^.\[\]]+)|\[(\d{1,6})\]")
_LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}[.]\d{3}")
"""What a price in text may mean as thousands (1.255 won)."""
_MAX_DEPTH = 20
MAX_PATH = 500
"""Characters of a path that has others under it."""
ABSENT: Final = object()
Path = Sequence[str | int]


class Number(str):
    """A number as the feed writes it, but for an exponent: `12.50` stays `12.50`."""

    __slots__ = ()

    @classmethod
    def of(cls, literal: str) -> Number:
        """Of a JSON literal; what Java makes of large numbers, `1.29E7`, is `12900000`."""
        if "e" not in literal and "E" not in literal:
            return cls(literal)
        try:
            return cls(decimal_text(Decimal(literal)))
        except InvalidOperation:  # an exponent beyond all bounds: no field takes it
            return cls(literal)


def steps(path: str) -> tuple[str | int, ...]:
    """`images[0].url` → ("images", 0, "url")."""
    return tuple(name if name else int(index) for name, index in _STEP.findall(path))


@dataclass(frozen=True)
class Misplaced:
    """What stands on the way to a value and has another shape than the path expects."""

    value: Any


def value_at(record: Mapping[str, Any], path: str, way: Path) -> Any:
    """The value at a path; a key that contains the dots itself wins. ABSENT where there is none.

    What is no list is a list of one: XML repeats an element or does not. Where something else stands in
    the way, it is given out as Misplaced.
    """
    found = _reached(record, path, way)
    return ABSENT if found is _NO_KEY else found


def value_around(record: Mapping[str, Any], path: str, way: Path) -> Any:
    """The object in which a path's value stands, or the list of such objects; else as `value_at`."""
    if path not in record and len(way) > 1:
        holder, step = value_at(record, path.rpartition(".")[0], way[:-1]), way[-1]
        for one in holder if isinstance(holder, list) else (holder,):
            if isinstance(one, dict) and step in one:
                return holder
    return value_at(record, path, way)


def carries(record: Mapping[str, Any], path: str, way: Path) -> bool:
    """Whether the record says anything of a path, be it that there is nothing.

    Where something on the way is null, blank, of another shape, or a list that ends before, the record names
    the value by that: only a key that is not there says nothing.
    """
    return _reached(record, path, way) is not _NO_KEY


_NO_KEY = object()


def _reached(record: Mapping[str, Any], path: str, way: Path) -> Any:
    """As `value_at`, but _NO_KEY where a key on the way is not there."""
    if path in record:
        return record[path]
    value: Any = record
    for step in way:
        if isinstance(step, int):
            if not isinstance(value, list):
                value = [] if _is_nothing(value) else [value]
            if step >= len(value):
                return ABSENT
        elif not isinstance(value, dict):
            return ABSENT if _is_nothing(value) else Misplaced(value)
        elif step not in value:
            return _NO_KEY
        value = value[step]
    return value


def _is_nothing(value: Any) -> bool:
    """What programs write where a list or an object is empty: PHP has `""` and `false` for it."""
    return value is None or value is False or value in ("", [], {})


def cell(value: Any) -> str | None:
    """`as_text`, with what is no single value, and true and false, marked; an empty list or object says nothing."""
    if isinstance(value, Number | Decimal):
        text = as_text(value)
        return NUMBER + text if text and _LIKE_THOUSANDS.fullmatch(text) else text
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return NESTED + to_json(value) if value else None
    if isinstance(value, bool):
        return BOOLEAN + ("true" if value else "false")
    if isinstance(value, Misplaced):
        return MISPLACED + to_json(value.value)
    return as_text(value)


def as_text(value: Any) -> str | None:
    """A cell: text as it is, numbers as written, booleans as words, nested values as JSON."""
    if value is None or value is ABSENT:
        return None
    if isinstance(value, str):
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, dict | list):
        return to_json(value)
    return str(value)


def decimal_text(value: Decimal) -> str:
    """Without exponent, unless that takes more than 60 digits."""
    if value.is_finite() and abs(value.adjusted()) <= 60:
        return f"{value:f}"
    return str(value)


def to_json(value: Any) -> str:
    """JSON text in which numbers stand as they were written."""
    if value is None:
        return "null"
    if isinstance(value, Number):
        return value if value[-1:].isdigit() else encode_basestring(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        pairs = (f"{encode_basestring(str(k))}:{to_json(v)}" for k, v in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(to_json, value)) + "]"
    if isinstance(value, bool | int | Decimal):
        return as_text(value) or ""
    return encode_basestring(str(value))


def leaves(record: Mapping[str, Any]) -> dict[str, Any]:
    """Every dotted path to a leaf → its value; lists, and what is nested too deep, are leaves.

    What lies under a path that is too long to be written in a catalog is a leaf, too: each value in it
    would repeat the path.
    """
    found: dict[str, Any] = {}
    _collect(record, "", found, 0)
    return found


def _collect(value: Any, path: str, found: dict[str, Any], depth: int) -> None:
    if isinstance(value, dict) and value and depth < _MAX_DEPTH and len(path) <= MAX_PATH:
        for key, inner in value.items():
            _collect(inner, f"{path}.{key}" if path else str(key), found, depth + 1)
    elif path:
        found[path] = value
