"""How long a mall's feeds really took, to correct the estimate by their bytes. Pure.

A feed's record carries the paces of its mall's last feeds, its own first. So whoever has read the mall's
feeds to make a decision has the paces without reading more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mallfeed.ledger.model import FeedRecord, Pace
from mallfeed.ledger.states import State
from mallfeed.plan.sizing import LEAST_WORKERS, megabytes
from mallfeed.progress.steps import COMMIT, COMPARE, PREPARE, REJECTS, REPORT, SESSION

KEPT = 5
"""How many paces are kept per format and mode."""
_FASTER_WITH_WORKERS = (COMPARE, COMMIT, REJECTS)
_NOT_OF_THE_FEED = (SESSION, REPORT)


def pace_of(feed: FeedRecord, steps: Mapping[str, float], workers: int) -> Pace | None:
    """The feed's own seconds, converted to two workers; None if the feed was not read.

    Spark's steps are faster with more workers; splitting the file (on the driver) and the sinks are not.
    """
    if feed.format is None or PREPARE not in steps or COMPARE not in steps:
        return None
    seconds = sum(
        taken * (workers / LEAST_WORKERS if step in _FASTER_WITH_WORKERS else 1.0)
        for step, taken in steps.items()
        if step not in _NOT_OF_THE_FEED
    )
    return Pace(feed.format, feed.mode, round(megabytes(feed), 3), round(seconds, 2))


def last_paces(feeds: Iterable[FeedRecord]) -> tuple[Pace, ...]:
    """The paces in the record of the mall's feed that was loaded, or published, last."""
    loaded = [
        feed
        for feed in feeds
        if (feed.state is State.LOADED or feed.is_published_full)
        and feed.finished_at
        and feed.paces
    ]
    newest = max(loaded, key=lambda feed: (feed.finished_at, feed.order), default=None)
    return newest.paces if newest else ()


def with_own(own: Pace | None, before: Sequence[Pace]) -> tuple[Pace, ...]:
    """The feed's own pace and then the earlier ones: the last KEPT of each format and mode."""
    kept: list[Pace] = []
    for pace in (own, *before):
        if pace is None:
            continue
        alike = [one for one in kept if (one.format, one.mode) == (pace.format, pace.mode)]
        if len(alike) < KEPT:
            kept.append(pace)
    return tuple(kept)
