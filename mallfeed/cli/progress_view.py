"""How far feeds are, for people: a live table on a terminal, one line per change elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table

from mallfeed.cli.show import CONSOLE, STATE_STYLE, Text
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import OPEN, State
from mallfeed.progress.model import FeedProgress, SinkProgress
from mallfeed.progress.steps import COMMIT, COMPARE, PREPARE, REJECTS, REPORT, SESSION

_WORDS = {
    SESSION: "starting Spark",
    PREPARE: "reading",
    COMPARE: "comparing",
    REJECTS: "keeping rejects",
    COMMIT: "committing",
    REPORT: "reporting",
}
_BAR_WIDTH = 24
BARS_FROM = 100
"""Width of a terminal from which bars fit."""


def progress_table(
    feeds: Sequence[FeedRecord], progress: Mapping[str, FeedProgress], now: datetime
) -> Table:
    """One row per feed, in the given order: state, for how long, how far it is."""
    table = Table(header_style="bold", expand=True)
    table.add_column("run", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("seconds", justify="right", no_wrap=True)
    table.add_column("progress", ratio=1)
    for feed in feeds:
        state = Text(str(feed.state), style=STATE_STYLE.get(str(feed.state), ""))
        seconds = ((feed.finished_at or now) - feed.arrived_at).total_seconds()
        cell = _cell(_of(feed, progress.get(feed.feed_id)))
        table.add_row(Text(feed.feed_id), state, f"{max(0.0, seconds):,.0f}", cell)
    return table


def line(feed: FeedRecord, progress: FeedProgress | None) -> str:
    """The same in one line."""
    told = _of(feed, progress)
    counts = [f"{one.name} {one.count}" for one in told.counts]
    return f"{feed.feed_id} {feed.state}: {'; '.join([told.now, *counts])}"


@dataclass(frozen=True)
class _Count:
    """Something that is counted, and which share of it is done, if that is known."""

    name: str
    count: str
    share: float | None


@dataclass(frozen=True)
class _Told:
    now: str
    counts: tuple[_Count, ...] = ()


def _cell(told: _Told) -> RenderableType:
    if not told.counts:
        return Text(told.now)
    bars = CONSOLE.width >= BARS_FROM
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    if bars:
        grid.add_column(no_wrap=True)
    grid.add_column()
    for one in told.counts:
        bar = [_bar(one.share)] if bars else []
        grid.add_row(Text(one.name), *bar, Text(one.count))
    return Group(Text(told.now, style="bold"), grid)


def _bar(share: float | None) -> RenderableType:
    if share is None:
        return ""
    return ProgressBar(
        total=1.0,
        completed=share,
        width=_BAR_WIDTH,
        style="bright_black",
        complete_style="cyan",
        finished_style="green",
    )


def _of(feed: FeedRecord, progress: FeedProgress | None) -> _Told:
    if feed.state not in OPEN:
        return _Told(_end(feed))
    if progress is None or not progress.of_run(feed.job_run_id):
        return _Told(_without_word(feed))
    found = []
    if progress.rows_read:
        share = progress.share_read if PREPARE in progress.steps else 1.0
        found.append(_Count("read", f"{progress.rows_read:,} rows{_percent(share)}", share))
    if (of := progress.to_commit) is not None:
        share = progress.committed / of if of else float(feed.state is State.SYNCING)
        found.append(_Count("committed", f"{progress.committed:,} of {of:,}", share))
    found += [
        _Count(_short(name, progress.sinks), *_sent(sink))
        for name, sink in sorted(progress.sinks.items())
    ]
    doing = [
        _WORDS.get(step) or f"loading {_short(step, progress.sinks)}" for step in progress.steps
    ]
    return _Told(", ".join(doing) or "between two steps", tuple(found))


def _percent(share: float | None) -> str:
    return "" if share is None or share >= 1 else f", {share:.0%} of the file"


def _sent(sink: SinkProgress) -> tuple[str, float | None]:
    if sink.of is None:
        return f"{sink.sent:,} documents", None
    return f"{sink.sent:,} of {sink.of:,}", min(1.0, sink.sent / sink.of) if sink.of else 1.0


def _short(name: str, sinks: Collection[str]) -> str:
    """`opensearch` of `opensearch/products-000001`, unless two indices are being loaded."""
    family = name.partition("/")[0]
    return name if sum(one.partition("/")[0] == family for one in sinks) > 1 else family


def _end(feed: FeedRecord) -> str:
    if feed.code:
        return f"{feed.code}: {feed.message or ''}"[:200]
    counts = feed.counts
    gone = f"{counts.vanished:,} deleted"
    if counts.given or counts.given_before:
        gone = f"{counts.taken_back:,} taken back, {counts.waiting:,} waiting"
    return (
        f"{counts.rows_read:,} rows read, {counts.accepted:,} loaded, {counts.changed:,} changed, "
        f"{gone}, {counts.rejected:,} rejected"
    )


def _without_word(feed: FeedRecord) -> str:
    """What is known from the ledger alone."""
    if feed.plan_id is None:
        return feed.message or "waits for its turn"
    return "waits for its Glue run" if feed.job_run_id is None else "its run has begun"
