"""Several malls' stories, played side by side: what their feeds of the same step need is one Glue run.

A story is a generator. It yields a call that brings its next feed and returns the feed's id, and is given that feed
once it is closed; in between it looks at the sinks. The stories of all modules that were collected are
played together, once per session, and each test tells how its own ended.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from tests.local.walk import Way

Bring = Callable[[], str]
Story = Generator[Bring, FeedRecord, None]
_TELLERS: dict[str, Callable[[Way], Story]] = {}


def story_of(mall: str) -> Callable[[Callable[[Way], Story]], Callable[[Way], Story]]:
    """Marks the story of that mall, which no other one sends feeds of."""

    def keep(teller: Callable[[Way], Story]) -> Callable[[Way], Story]:
        _TELLERS[mall] = teller
        return teller

    return keep


def loaded(
    way: Way, mall: str, name: str, body: bytes, **metadata: str
) -> Generator[Bring, FeedRecord, dict[str, Any]]:
    """A step of a story: the feed is put and loaded; its report."""
    feed = yield partial(way.put, mall, name, body, **metadata)
    assert (feed.state, feed.message) == (State.LOADED, None)
    return way.report(feed.feed_id)


class Ends:
    """How each mall's story ended."""

    def __init__(self, way: Way) -> None:
        self._failed: dict[str, Exception] = {}
        self._told: set[str] = set()
        stories = {mall: teller(way) for mall, teller in _TELLERS.items()}
        pending = self._go_on(stories, dict.fromkeys(stories))
        while pending:
            with way.gathered(pending) as told:
                runs = {mall: bring() for mall, bring in pending.items()}
                for run in runs.values():
                    told(run)
            closed = way.closed(list(runs.values()))
            pending = self._go_on(stories, {mall: closed[run] for mall, run in runs.items()})

    def _go_on(
        self, stories: dict[str, Story], feeds: dict[str, FeedRecord | None]
    ) -> dict[str, Bring]:
        """Mall → what it brings next; a story that has ended or failed brings nothing."""
        pending: dict[str, Bring] = {}
        for mall, feed in feeds.items():
            try:
                pending[mall] = next(stories[mall]) if feed is None else stories[mall].send(feed)
            except StopIteration:
                self._told.add(mall)
            except Exception as error:  # that story's test fails, the others go on
                self._failed[mall] = error
        return pending

    def well(self, mall: str) -> bool:
        """Whether that mall's story was told to its end; raises what it failed with."""
        if mall in self._failed:
            raise self._failed[mall]
        return mall in self._told
