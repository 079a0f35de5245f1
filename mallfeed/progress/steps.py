"""The steps of a run, when they ran, and which part of that time was whose. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SESSION = "session"
PREPARE = "prepare"
COMPARE = "compare"
REJECTS = "rejects"
COMMIT = "commit"
REPORT = "report"
"""Spark's start; reading and splitting the file; normalising it and comparing it with the table; the
rejected rows; the commit; the report. A sink's step has the sink's name."""
STEP_PROPERTY = "mallfeed.step"
FEEDS_PROPERTY = "mallfeed.feeds"
"""Local properties of Spark's jobs: the step, and the ids of its feeds with blanks between."""


@dataclass(frozen=True)
class Span:
    """A step from `begin_s` to `end_s` (seconds of any one clock), for these feeds together."""

    step: str
    feeds: tuple[str, ...]
    begin_s: float
    end_s: float


def own_seconds(
    spans: Sequence[Span], weights: Mapping[str, float] | None = None
) -> dict[str, dict[str, float]]:
    """Feed id → step → seconds of the run's time that the feed had to itself.

    Steps that run side by side share the time evenly; a step of several feeds is split among them by
    `weights` (1 if none are given). So all feeds' seconds together are the time in which the run
    worked on any of them, however many there were at once.
    """
    found: dict[str, dict[str, float]] = {}
    for span, seconds in _shared(spans).items():
        each = [(weights or {}).get(feed, 1.0) for feed in span.feeds]
        whole = sum(each)
        for feed, weight in zip(span.feeds, each, strict=True):
            steps = found.setdefault(feed, {})
            part = weight / whole if whole else 1 / len(span.feeds)
            steps[span.step] = steps.get(span.step, 0.0) + seconds * part
    return found


def step_seconds(spans: Sequence[Span]) -> dict[str, float]:
    """Step → seconds of the run's time, in order of their start; steps side by side share it evenly."""
    found: dict[str, float] = {}
    shared = _shared(spans)
    for span in sorted(spans, key=lambda one: one.begin_s):
        found.setdefault(span.step, 0.0)
    for span, seconds in shared.items():
        found[span.step] += seconds
    return found


def wall_seconds(spans: Iterable[Span]) -> float:
    """For how long at least one of them was running."""
    seconds, until = 0.0, float("-inf")
    for span in sorted(spans, key=lambda one: one.begin_s):
        seconds += max(0.0, span.end_s - max(span.begin_s, until))
        until = max(until, span.end_s)
    return seconds


def _shared(spans: Sequence[Span]) -> dict[Span, float]:
    """Span → its part of the time; spans that run at the same time share it evenly."""
    counted: dict[Span, float] = dict.fromkeys(spans, 0.0)
    moments = sorted({moment for span in spans for moment in (span.begin_s, span.end_s)})
    begins = sorted(spans, key=lambda one: one.begin_s)
    going: list[Span] = []
    at = 0
    for begin, end in pairwise(moments):
        going = [span for span in going if span.end_s > begin]
        while at < len(begins) and begins[at].begin_s <= begin:
            going += [begins[at]] if begins[at].end_s > begin else []
            at += 1
        for span in going:
            counted[span] += (end - begin) / len(going)
    return counted
