"""The steps of a run, when they ran, and how their time is divided among the feeds. Pure."""

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
    """Feed id → step → the feed's own seconds of the run's time.

    Steps that run at the same time share it evenly. A step of several feeds is divided among them by
    `weights` (1 if none are given). So the seconds of all feeds add up to the time in which the run
    worked on any of them.
    """
    by_feed: dict[str, dict[str, float]] = {}
    for span, seconds in _shared(spans).items():
        each = [(weights or {}).get(feed, 1.0) for feed in span.feeds]
        total = sum(each)
        for feed, weight in zip(span.feeds, each, strict=True):
            steps = by_feed.setdefault(feed, {})
            part = weight / total if total else 1 / len(span.feeds)
            steps[span.step] = steps.get(span.step, 0.0) + seconds * part
    return by_feed


def step_seconds(spans: Sequence[Span]) -> dict[str, float]:
    """Step → seconds of the run's time, by the start of the steps; simultaneous steps share it evenly."""
    by_step: dict[str, float] = {}
    shared = _shared(spans)
    for span in sorted(spans, key=lambda one: one.begin_s):
        by_step.setdefault(span.step, 0.0)
    for span, seconds in shared.items():
        by_step[span.step] += seconds
    return by_step


def wall_seconds(spans: Iterable[Span]) -> float:
    """For how many seconds at least one of these spans was running."""
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
