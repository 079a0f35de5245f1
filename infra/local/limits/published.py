"""What the services' published API models say of a request's parameters.

The models are Smithy's, as botocore carries them: `min` and `max` of lengths and numbers, `pattern`, `enum`, and which
members are required (Smithy specification, "Constraint traits"). boto3 itself checks only what is required and the least
length, other SDKs nothing; the services check all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import regex
from botocore.model import OperationModel, Shape

from infra.local.limits.errors import fault

_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
"""How Java's patterns, which look at UTF-16, write every character beyond U+FFFF."""


def faults(operation: OperationModel, parameters: Mapping[str, Any]) -> list[str]:
    """What the parameters of that operation violate, one sentence each; empty if nothing."""
    shape = operation.input_shape
    return [] if shape is None else list(_structure(shape, parameters, ""))


def _violations(shape: Any, value: Any, place: str) -> Iterator[str]:
    if value is None:
        return
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        yield from _structure(shape, value, place)
    elif kind == "list" and _is_list(value):
        yield from _length(shape, value, place)
        for number, item in enumerate(value, start=1):
            yield from _violations(shape.member, item, f"{place}.{number}.member")
    elif kind == "map" and isinstance(value, Mapping):
        yield from _length(shape, value, place)
        for key, item in value.items():
            yield from _violations(shape.key, key, f"{place}.{key}.key")
            yield from _violations(shape.value, item, f"{place}.{key}.member")
    elif kind == "string" and isinstance(value, str):
        yield from _text(shape, value, place)
    elif kind in ("integer", "long", "float", "double") and _is_number(value):
        yield from _number(shape, value, place)


def _structure(shape: Any, value: Mapping[str, Any], place: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield fault(None, _inside(place, name), "Member must not be null")
    for name, member in shape.members.items():
        if name in value:
            yield from _violations(member, value[name], _inside(place, name))


def _inside(place: str, name: str) -> str:
    """As AWS writes it: `entries.1.member.eventBusName`."""
    own = name[:1].lower() + name[1:]
    return f"{place}.{own}" if place else own


def _length(shape: Shape, value: Any, place: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    told = value if isinstance(value, str) else f"[{len(value)} members]"
    if least is not None and len(value) < least:
        yield fault(told, place, f"Member must have length greater than or equal to {least}")
    if most is not None and len(value) > most:
        yield fault(told, place, f"Member must have length less than or equal to {most}")


def _text(shape: Any, value: str, place: str) -> Iterator[str]:
    yield from _length(shape, value, place)
    pattern = shape.metadata.get("pattern")
    if pattern is not None and not _fits(pattern, value):
        yield fault(value, place, f"Member must satisfy regular expression pattern: {pattern}")
    words: Sequence[str] = shape.metadata.get("enum", ())
    if words and value not in words:
        yield fault(value, place, f"Member must satisfy enum value set: [{', '.join(words)}]")


def _number(shape: Shape, value: float, place: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and value < least:
        yield fault(value, place, f"Member must have value greater than or equal to {least}")
    if most is not None and value > most:
        yield fault(value, place, f"Member must have value less than or equal to {most}")


def _fits(pattern: str, value: str) -> bool:
    """Whether all of the value is of that form; True for a pattern that only Java reads."""
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> Any:
    try:
        return regex.compile(pattern.replace(_SURROGATES, r"\U00010000-\U0010FFFF"))
    except regex.error:
        return None


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
