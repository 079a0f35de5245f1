"""Following feeds while they load: `mallfeed put --wait`, `mallfeed runs --watch`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.live import Live

from mallfeed.aws.clients import client
from mallfeed.cli.progress_view import line, progress_table
from mallfeed.cli.show import CONSOLE, ERRORS, feed_row, feeds_table, local_time, print_json_line
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import CLOSED, OPEN
from mallfeed.progress.model import FeedProgress
from mallfeed.progress.store import DynamoProgress, NoProgress, Progresses
from mallfeed.settings import Settings

POLL_S = 0.5
LINES_EVERY_S = 2.0
"""Without a terminal, each feed gets a line at most this often, except when its state changes."""


def progress_of(settings: Settings) -> Progresses:
    """The stack's progress."""
    return DynamoProgress(client("dynamodb", settings.region), settings.ledger_table)


class Screen:
    """Shows feeds repeatedly: a table that is updated, or lines, as text or as JSON."""

    def __init__(self, progresses: Progresses, quiet: bool = False, as_json: bool = False) -> None:
        self._progresses = progresses
        self._quiet = quiet
        self._as_json = as_json
        self._live: Live | None = None
        self._said: dict[str, tuple[str, str, float]] = {}

    def __enter__(self) -> Screen:
        if CONSOLE.is_terminal and not self._quiet and not self._as_json:
            self._live = Live(console=CONSOLE, refresh_per_second=4, vertical_overflow="crop")
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, feeds: Sequence[FeedRecord]) -> None:
        """The feeds as they are now."""
        if self._quiet:
            return
        progress = self._progresses.of(feeds)
        if self._live is not None:
            self._live.update(progress_table(feeds, progress, datetime.now(UTC)))
            return
        for feed in feeds:
            self._say(feed, progress.get(feed.feed_id))

    def end(self, whole: RenderableType) -> None:
        """What remains on the screen."""
        if self._live is not None:
            self._live.update(whole)
        elif not self._quiet and not self._as_json:
            CONSOLE.print(whole)

    def _say(self, feed: FeedRecord, progress: FeedProgress | None) -> None:
        text, state, now = line(feed, progress), str(feed.state), time.monotonic()
        said, state_then, then = self._said.get(feed.feed_id, ("", "", 0.0))
        if text == said or (state == state_then and now - then < LINES_EVERY_S):
            return
        self._said[feed.feed_id] = (text, state, now)
        if self._as_json:
            told = None if progress is None else progress.model_dump(mode="json")
            print_json_line({**feed_row(feed), "progress": told})
        else:
            clock = local_time(datetime.now(UTC)).split(" ")[1]
            CONSOLE.print(f"{clock} {text}", highlight=False, soft_wrap=True)


def follow(
    ledger: Ledger,
    feed_ids: list[str],
    timeout_s: float,
    quiet: bool = False,
    progresses: Progresses | None = None,
    in_vain: Callable[[Sequence[FeedRecord]], bool] = lambda _: False,
) -> list[FeedRecord | None]:
    """Show the feeds live until all are closed; returns them, None for one that never arrived.

    `in_vain` says of those that have arrived whether waiting for them has no sense any more.
    """
    deadline = time.monotonic() + timeout_s
    with Screen(progresses or NoProgress(), quiet) as screen:
        while True:
            feeds = [ledger.feed(feed_id) for feed_id in feed_ids]
            there = [feed for feed in feeds if feed is not None]
            screen.show(there)
            done = all(feed is not None and feed.state in CLOSED for feed in feeds)
            done = done or in_vain(there)
            if done or time.monotonic() > deadline:
                screen.end(feeds_table(there))
                break
            time.sleep(POLL_S)
    if not done:
        ERRORS.print(f"Not done after {timeout_s:.0f} s. See: mallfeed runs --watch")
    return feeds


def watch(
    ledger: Ledger,
    progresses: Progresses,
    mall: str | None,
    limit: int,
    until_done: bool,
    as_json: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Show the open feeds, and those open at the start, until Ctrl-C or until none is open."""
    seen: dict[str, FeedRecord] = {}
    newest: list[FeedRecord] = []
    with Screen(progresses, as_json=as_json) as screen:
        try:
            while True:
                going = _look(ledger, seen, mall)
                newest = sorted(
                    seen.values(), key=lambda f: (f.arrived_at, f.feed_id), reverse=True
                )
                screen.show(newest[:limit])
                if until_done and not going:
                    break
                wait(POLL_S)
        except KeyboardInterrupt:
            pass
        screen.end(feeds_table(newest[:limit]))
    if not seen:
        ERRORS.print("Nothing was open.")


def _look(ledger: Ledger, seen: dict[str, FeedRecord], mall: str | None) -> bool:
    """Bring `seen` up to date; whether any of the feeds is still open."""
    before = {feed_id for feed_id, feed in seen.items() if feed.state not in CLOSED}
    now_open = {f.feed_id: f for f in ledger.open_feeds() if mall in (None, f.mall_id)}
    seen.update(now_open)
    for feed_id in before - set(now_open):
        seen[feed_id] = ledger.feed(feed_id) or seen[feed_id]
    return any(feed.state in OPEN for feed in seen.values())
