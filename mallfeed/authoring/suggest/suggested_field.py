"""The suggestion for one field: its columns, how they are read, how sure that is and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

HIGH, MEDIUM, LOW = 0.85, 0.6, 0.5
_TRUE = ((0.0, 0.0), (0.5, 0.5), (0.55, 0.75), (0.62, 0.8), (0.8, 0.84), (0.85, 0.9), (1.0, 1.0))
"""(score, share that is right), measured by `make suggest-eval`: names known in part are right more often than not."""


def calibrated(score: float) -> float:
    """How sure a score is: the share of fields with it that are right."""
    for (low, least), (high, most) in pairwise(_TRUE):
        if score <= high:
            return least + (most - least) * (score - low) / (high - low)
    return 1.0


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

    def doubted(self) -> FoundField:
        """The field, `medium` at most."""
        return replace(self, confidence=min(self.confidence, HIGH - 0.05))


def level_of(confidence: float) -> Literal["high", "medium", "low"]:
    """The word for a confidence."""
    if confidence >= HIGH:
        return "high"
    return "medium" if confidence >= MEDIUM else "low"
