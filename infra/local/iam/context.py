"""The condition context of a request: key → value or values."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

Single = str | bool | int | float | bytes
Value = Single | Iterable[Single]


class Context:
    """What a request is known by, beside principal, action and resource.

    Names of keys are compared without regard to case (IAM User Guide, "IAM policy elements: Variables and tags").

    Parameters
    ----------
    values : key → one value, or several in a list, tuple or set. A list says that the key is multivalued
        (the Service Authorization Reference writes `ArrayOf…`), even if it holds one value or none. Bytes
        stand for binary values.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = {key.lower(): _texts(value) for key, value in values.items()}
        self._several = {
            key.lower() for key, value in values.items() if not isinstance(value, Single)
        }

    def values(self, key: str) -> tuple[str, ...]:
        """The values of the key as text; none if the request lacks the key, or its list is empty."""
        return self._values.get(key.lower(), ())

    def is_multivalued(self, key: str) -> bool:
        """Whether the key holds a list, of whatever length."""
        return key.lower() in self._several

    def variable(self, key: str) -> str | None:
        """The value that stands for `${key}`: None if it is absent, or multivalued."""
        found = self.values(key)
        return found[0] if len(found) == 1 and not self.is_multivalued(key) else None


def text(value: Single) -> str:
    """A value as policies write it: `true`, `10`, base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(value: Value) -> tuple[str, ...]:
    return (text(value),) if isinstance(value, Single) else tuple(text(one) for one in value)
