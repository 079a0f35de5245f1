"""Nested records flattened to the dotted paths that a catalog names, as text cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def steps(path: str) -> tuple[str | int, ...]:
    """`images[0].url` → ("images", 0, "url")."""
    return tuple(name if name else int(index) for name, index in _STEP.findall(path))


def value_at(record: Any, path: str, parsed: Sequence[str | int]) -> Any:
    """The value at a path; a key that contains the dots itself wins. None where absent."""
    if isinstance(record, dict) and path in record:
        return record[path]
    for step in parsed:
        if isinstance(step, int):
            if not isinstance(record, list) or step >= len(record):
                return None
            record = record[step]
        else:
            if not isinstance(record, dict) or step not in record:
                return None
            record = record[step]
    return record


def as_text(value: Any) -> str | None:
    """A cell: text as it is, numbers as written, booleans as words, nested values as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return json.dumps(value, ensure_ascii=False, default=_number)


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def paths_of(records: Iterable[Any]) -> tuple[str, ...]:
    """Every dotted path to a leaf (lists are leaves), in the order first seen."""
    found: dict[str, None] = {}
    for record in records:
        _collect(record, "", found)
    return tuple(found)


def _collect(value: Any, path: str, found: dict[str, None]) -> None:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            _collect(inner, f"{path}.{key}" if path else str(key), found)
    elif path:
        found[path] = None
