"""Values that only the making of a resource gives: ids, ARNs, endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Later:
    """A value that is not known before a resource is made.

    Two are equal when the same functions of the same resources give them.

    Attributes
    ----------
    text : how the template comes by it, as `${Queue.Arn}/x`
    of : the (logical id, attribute) that it is made of; the attribute is "" for `Ref`
    """

    text: str
    of: frozenset[tuple[str, str]] = field(default=frozenset())

    def __str__(self) -> str:
        return self.text


def of_all(*values: Any) -> frozenset[tuple[str, str]]:
    """What those values, however nested, are made of."""
    return frozenset(
        source
        for value in values
        for _, one in leaves(value)
        if isinstance(one, Later)
        for source in one.of
    )


def is_known(value: Any) -> bool:
    """Whether nothing in the value waits for a resource."""
    return not any(isinstance(one, Later) for _, one in leaves(value))


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Path and value of everything in it that has no parts; an empty list or object counts as one."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, str(key)))
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from leaves(item, (*path, number))
    else:
        yield path, value
