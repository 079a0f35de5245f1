"""How commands print: tables for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from mallfeed.ledger.model import FeedRecord
from mallfeed.visible import json_text, visible


class Text(RichText):
    """Text of whatever origin: nothing in it acts on the terminal."""

    def __init__(self, text: str = "", *args: Any, **options: Any) -> None:
        super().__init__(_shown(text), *args, **options)

    def append(self, text: RichText | str, style: Any = None) -> Text:
        """More of it."""
        super().append(_shown(text) if isinstance(text, str) else text, style)
        return self


class SafeConsole(Console):
    """A console on which strings, in tables too, are text of whatever origin: what feeds say is printed
    with its hidden characters shown, and a title `[/b]` or `:100:` is no markup of ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> RichText:
        """Every string that is printed comes through here."""
        return super().render_str(_shown(text), **options)


def _shown(text: str) -> str:
    return visible(text).replace("\t", "\\t")


CONSOLE = SafeConsole()
ERRORS = SafeConsole(stderr=True)

STATE_STYLE = {
    "WAITING": "yellow",
    "RUNNING": "cyan",
    "SYNCING": "blue",
    "LOADED": "green",
    "HELD": "bold red",
    "FAILED": "bold red",
    "DROPPED": "dim",
    "IGNORED": "dim",
    "SUPERSEDED": "dim",
}


def print_json(data: Any) -> None:
    """One JSON document on standard output, times as ISO 8601, Korean as it is."""
    CONSOLE.file.write(json_text(data, indent=2) + "\n")


def print_json_line(data: Any) -> None:
    """One JSON document in one line, at once."""
    CONSOLE.file.write(json_text(data) + "\n")
    CONSOLE.file.flush()


def feed_row(feed: FeedRecord) -> dict[str, Any]:
    """What listings show of a feed."""
    counts = feed.counts
    return {
        "run": feed.feed_id,
        "mall": feed.mall_id,
        "state": str(feed.state),
        "format": feed.format,
        "catalog_version": feed.catalog_version,
        "feed": feed.feed_name,
        "slice": feed.slice,
        "key": feed.key,
        "arrived_at": feed.arrived_at,
        "rows_read": counts.rows_read,
        "loaded": counts.accepted,
        "changed": counts.changed,
        "deleted": counts.vanished,
        "rejected": counts.rejected,
        "duplicates": counts.duplicates,
        "dropped": counts.dropped,
        "warnings": counts.warnings,
        "silent_out_of_stock": counts.silent_out_of_stock,
        "silent_vanished": counts.silent_vanished,
        "seconds": seconds(feed),
        "code": feed.code,
        "message": feed.message,
    }


def seconds(feed: FeedRecord) -> float | None:
    """From its arrival to its end; None while it is open."""
    if feed.finished_at is None:
        return None
    return round((feed.finished_at - feed.arrived_at).total_seconds(), 1)


def feeds_table(feeds: Sequence[FeedRecord], title: str | None = None) -> Table:
    """One row per feed, in the given order, newest first."""
    narrow = CONSOLE.width < WIDE
    table = Table(title=title, title_justify="left", header_style="bold", row_styles=["", "dim"])
    shown = [name for name in _COLUMNS if not narrow or name in _NARROW]
    for name in shown:
        right = "right" if name in _NUMBERS else "left"
        table.add_column(name, justify=right, overflow="fold", no_wrap=name == "run")  # type: ignore[arg-type]
    for feed in feeds:
        cells = _cells(feed)
        table.add_row(*(cells[name] for name in shown))
    return table


MOST_TOLD = 160
"""Characters of a message in a list; `mallfeed run` has all of it."""
WIDE = 160
"""Width of a terminal from which everything is shown."""

_NUMBERS = (
    "read",
    "loaded",
    "changed",
    "deleted",
    "rejected",
    "duplicates",
    "dropped",
    "warnings",
    "seconds",
)
_COLUMNS = ("run", "state", "format", "catalog", *_NUMBERS, "what")
_NARROW = ("run", "state", "loaded", "rejected", "what")


def _cells(feed: FeedRecord) -> dict[str, Text | str]:
    counts = feed.counts
    taken = seconds(feed)
    numbers = {
        "read": counts.rows_read,
        "loaded": counts.accepted,
        "changed": counts.changed,
        "deleted": counts.vanished,
        "rejected": counts.rejected,
        "duplicates": counts.duplicates,
        "dropped": counts.dropped,
        "warnings": counts.warnings,
    }
    return {
        "run": feed.feed_id,
        "state": Text(str(feed.state), style=STATE_STYLE.get(str(feed.state), "")),
        "format": feed.format or "–",
        "catalog": f"v{feed.catalog_version}" if feed.catalog_version else "–",
        **{name: f"{number:,}" for name, number in numbers.items()},
        "seconds": "–" if taken is None else f"{taken:.1f}",
        "what": _note(feed),
    }


def _note(feed: FeedRecord) -> Text:
    if feed.code:
        return Text(shorten(f"{feed.code}: {feed.message or ''}", MOST_TOLD, placeholder=" …"))
    silent = silent_words(feed)
    if silent:
        return Text(f"no feed for a while: {silent}")
    return Text(feed.key.rsplit("/", 1)[-1], style="dim")


def silent_words(feed: FeedRecord) -> str:
    """How many products went out of stock, or off the shop, since no feed had contained them; empty where none did."""
    counts = feed.counts
    told = {"out of stock": counts.silent_out_of_stock, "no longer shown": counts.silent_vanished}
    return ", ".join(f"{count:,} {what}" for what, count in told.items() if count)


def local_time(moment: datetime | None) -> str:
    """In the zone of the machine, to the second."""
    return "–" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
