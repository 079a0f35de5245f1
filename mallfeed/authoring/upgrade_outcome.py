"""What the next version of a mall on a platform makes of the mall's newest feeds."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mallfeed.authoring.staged import newest_fetched
from mallfeed.authoring.upgrade import Upgrade, earlier_loaded, newest_feeds
from mallfeed.errors import FeedHeld
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State

_LOOKED_AT = 200
"""Feeds of a mall among which the newest of each name is sought."""


@dataclass(frozen=True)
class Outcome:
    """What the next version of a mall makes of its feeds.

    Attributes
    ----------
    upgrade : the mall's next version
    tried : names of the feeds that it was tried on
    problems : why a person has to look at it; empty = it can be published
    held : feeds that are held now, and that the next version reads
    """

    upgrade: Upgrade
    tried: tuple[str, ...]
    problems: tuple[str, ...]
    held: tuple[str, ...] = ()


def outcome_of(one: Upgrade, published: str, ledger: Ledger, s3: Any) -> Outcome:
    """The next version tried on the newest feed of each name; `published` says what publishing would do with the one before."""
    if published != "published":
        what = f"{one.before.path} itself is not published yet"
        return Outcome(one, (), (what,))
    if one.after is None:
        return Outcome(one, (), one.faults)
    by_name = newest_feeds(ledger.history(one.mall, _LOOKED_AT))
    tried, problems, held = [], [], []
    with tempfile.TemporaryDirectory(prefix="mallfeed-") as scratch:
        for name, feeds in by_name.items():
            if name not in one.after.catalog.feeds:
                problems.append(f"{name}: the new version has no such feed")
                continue
            found = _trial(one, name, feeds, s3, Path(scratch))
            tried.append(name)
            problems += [f"{name}: {what}" for what in found]
            if not found and feeds[0].state is State.HELD:
                held.append(feeds[0].feed_id)
    if not tried:
        problems.append("no feed of the mall is there to try it on")
    return Outcome(one, tuple(tried), tuple(problems), tuple(held))


def _trial(
    one: Upgrade, name: str, feeds: Sequence[FeedRecord], s3: Any, scratch: Path
) -> tuple[str, ...]:
    """What a person has to look at, of this feed."""
    from mallfeed.authoring.trial import Side, tried

    assert one.after is not None
    newest = newest_fetched(s3, feeds, scratch)
    if newest is None:
        return ("none of its feeds is kept any more",)
    feed, files = newest
    old, new = one.before.catalog, one.after.catalog
    if name not in old.feeds:
        return (f"v{old.version} has no such feed",)
    try:
        return tried(Side(old, name, files), Side(new, name, files), same_feed=True).problems
    except FeedHeld as held:  # by the old version, which is why there is a new one
        code = held.code
    earlier = newest_fetched(s3, (one for one in earlier_loaded(feeds) if one != feed), scratch)
    if earlier is None:
        return (f"v{old.version} holds the newest feed ({code}), and no other is kept",)
    try:
        found = tried(Side(old, name, earlier[1]), Side(new, name, files), same_feed=False)
    except FeedHeld as held:
        return (f"v{old.version} holds this feed and the last that loaded ({held.code})",)
    return found.problems
