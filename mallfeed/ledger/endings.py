"""Feeds that end without a run that reports on them, kept until they are reported.

The ledger notes each of its own writes here, so that no one has to search for such feeds.
"""

from __future__ import annotations

import threading

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNCHANGED_BYTES, State

_ENDS = frozenset({State.HELD, State.FAILED, State.SUPERSEDED})


class Endings:
    """The feeds that this process has held, failed, superseded or ignored as unchanged; thread-safe."""

    def __init__(self) -> None:
        self._feeds: dict[str, FeedRecord] = {}
        self._guard = threading.Lock()

    def note(self, feed: FeedRecord) -> None:
        """Note a feed that has just moved to another state."""
        with self._guard:
            self._feeds.pop(feed.feed_id, None)
            if _is_to_be_reported(feed):
                self._feeds[feed.feed_id] = feed

    def take(self) -> list[FeedRecord]:
        """Removes and returns all of them, in the order in which they ended, each as it ended last."""
        with self._guard:
            ended, self._feeds = list(self._feeds.values()), {}
        return ended


def _is_to_be_reported(feed: FeedRecord) -> bool:
    if feed.state is State.IGNORED:
        # Markers and the parts of a folder are not feeds of their own.
        return feed.code == UNCHANGED_BYTES
    return feed.state in _ENDS
