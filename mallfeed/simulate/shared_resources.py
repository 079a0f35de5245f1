"""Resources that all runs share, and how busy they were."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Generator
from itertools import count
from typing import Any

from simpy import Environment, Event, Resource

HOUR_S = 3600.0
Process = Generator[Event, Any, Any]


class Busy:
    """Seconds of work in each hour."""

    def __init__(self) -> None:
        self.by_hour: defaultdict[int, float] = defaultdict(float)

    def add(self, begin_s: float, end_s: float, times: float = 1.0) -> None:
        """Record work between two moments, counted `times` times."""
        while begin_s < end_s:
            hour = int(begin_s // HOUR_S)
            until_s = min(end_s, (hour + 1) * HOUR_S)
            if until_s <= begin_s:
                return
            self.by_hour[hour] += (until_s - begin_s) * times
            begin_s = until_s

    @property
    def peak(self) -> float:
        """How many were busy on average in the busiest hour; for a single resource, the share of its time."""
        return max(self.by_hour.values(), default=0.0) / HOUR_S


class OneAtATime:
    """A resource that serves one request after another: the table's commits, the warehouse's transactions."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._turn = Resource(env, capacity=1)
        self.busy = Busy()
        self.spans: list[tuple[float, float]] = []

    @property
    def times(self) -> int:
        """How often it was used."""
        return len(self.spans)

    def use(self, seconds: float) -> Process:
        """Wait for one's turn, then use the resource for this long."""
        with self._turn.request() as turn:
            yield turn
            begin_s = self._env.now
            yield self._env.timeout(seconds)
            self.busy.add(begin_s, self._env.now)
            self.spans.append((begin_s, self._env.now))


class EvenlyShared:
    """A rate that all users share evenly at each moment: the documents per second of the domain.

    Computed in virtual time: it grows by rate / n per second while there are n users, as does the amount
    that each of them has received. So a piece of work ends when virtual time has grown by its amount.
    """

    def __init__(self, env: Environment, rate: float) -> None:
        self._env = env
        self._rate = rate
        self._virtual = 0.0
        self._seen_s = 0.0
        self._ends: list[tuple[float, int, Event]] = []
        self._number = count()
        self._alarm = 0
        self.busy = Busy()

    def use(self, amount: float) -> Process:
        """Wait until this amount has been served."""
        if amount <= 0:
            return
        self._advance()
        done = self._env.event()
        heapq.heappush(self._ends, (self._virtual + amount, next(self._number), done))
        self._set_alarm()
        yield done

    def _advance(self) -> None:
        now = self._env.now
        if self._ends:
            self._virtual += (now - self._seen_s) * self._rate / len(self._ends)
            self.busy.add(self._seen_s, now)
        self._seen_s = now

    def _set_alarm(self) -> None:
        self._alarm += 1
        if self._ends:
            left = max(0.0, self._ends[0][0] - self._virtual) * len(self._ends) / self._rate
            self._env.process(self._ring(self._alarm, left))

    def _ring(self, alarm: int, after_s: float) -> Process:
        yield self._env.timeout(after_s)
        if alarm != self._alarm:
            return
        self._advance()
        self._virtual = max(self._virtual, self._ends[0][0])
        while self._ends and self._ends[0][0] <= self._virtual:
            heapq.heappop(self._ends)[2].succeed()
        self._set_alarm()
