"""How long to wait after a failure, and how many requests to have in progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class FullJitter:
    """Wait a random part of min(cap, base · 2^attempt).

    Full jitter spreads the retries of many clients best (AWS Architecture Blog, "Exponential
    Backoff And Jitter").
    """

    base_s: float = 0.5
    cap_s: float = 30.0

    def delay_s(self, attempt: int, random: Callable[[], float]) -> float:
        """Seconds until the next try; `attempt` is 0 after the first failure."""
        return random() * min(self.cap_s, self.base_s * 2.0 ** min(attempt, 30))


class Concurrency:
    """The number of simultaneous requests: additive increase, multiplicative decrease.

    One more after each round of successes, half as many after a failure, but never less than one.
    """

    def __init__(self, start: int = 2, most: int = 4) -> None:
        self._limit = float(min(start, most))
        self._most = most

    @property
    def allowed(self) -> int:
        """At most this many requests may be in progress, as an integer."""
        return int(self._limit)

    def succeeded(self) -> None:
        """A request went through without a sign of overload."""
        self._limit = min(float(self._most), self._limit + 1.0 / self._limit)

    def overloaded(self) -> None:
        """A request, or an item in it, was turned away or lost."""
        self._limit = max(1.0, self._limit / 2.0)
