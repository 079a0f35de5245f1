"""The suggestion for one field: its columns, how they are read, how sure that is and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

HIGH, MEDIUM, LOW = 0.85, 0.6, 0.5


@dataclass(frozen=True)
class FoundField:
    """A canonical field of the draft.

    Attributes
    ----------
    name : the canonical field
    sources : columns, in the order in which they are read
    confidence : 0 to 1
    why : in words, for the draft's comment
    options : keys of the field beside `from` (`decimal_mark`, `formats`, `type` …)
    """

    name: str
    sources: tuple[str, ...]
    confidence: float
    why: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Literal["high", "medium", "low"]:
        """How sure it is, in a word."""
        return level_of(self.confidence)


def level_of(confidence: float) -> Literal["high", "medium", "low"]:
    """The word for a confidence."""
    if confidence >= HIGH:
        return "high"
    return "medium" if confidence >= MEDIUM else "low"
