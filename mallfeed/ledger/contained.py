"""When full feeds have contained the products of each slice, for catalogs that ask for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from mallfeed.ledger.identity import time_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.slices import is_supplement, last_published, published_slices
from mallfeed.ledger.states import State


def contained_at(feed: FeedRecord) -> datetime:
    """When a feed contained its products: when it was uploaded, or when somebody asked for it once more.

    Not when it was loaded: one that is held for weeks, and then released, tells of its own time.
    """
    return time_of(feed.order)


def last_fulls(feeds: Iterable[FeedRecord]) -> dict[str | None, datetime]:
    """Slice → when the newest full feed was uploaded that is in the table, or is IGNORED since its bytes are, and that
    told of the slice; None: one of the whole shop. It contained all products that the slice still has."""
    known = [one for one in feeds if not is_supplement(one)]
    in_table = [one for one in known if one.mode == "full" and one.state is State.SYNCING]
    found: dict[str | None, datetime] = {}
    for full in (*last_published(known), *in_table):
        is_whole = full.slice is None and not full.slices_by_row
        told: Mapping[str, str] | dict[None, str] = (
            {None: full.order} if is_whole else published_slices(full)
        )
        for name, order in told.items():
            found[name] = max(time_of(order), found.get(name, time_of(order)))
    return found
