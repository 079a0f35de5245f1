"""Builds a new index beside the one that serves, fills it while loads go on, then swaps it in at once.

From the moment it exists, loads write to it too, by its own name. So once a mall has been brought to the
table's head in it, the mall stays up to date. If this run dies, the next one continues with the same index.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol

from mallfeed.errors import Terminal, Transient
from mallfeed.maintain.lease import MallBusy, held
from mallfeed.maintain.maintain import Maintenance, compared
from mallfeed.maintain.reconcile import Comparison
from mallfeed.sinks.port import Sink

LOG = logging.getLogger(__name__)


class Indices(Protocol):
    """The physical indices behind and beside the alias."""

    def serving(self) -> str:
        """The index behind the alias."""

    def begin(self, back: bool) -> str:
        """The index to fill; from now on, loads write to it too.

        This is the index that is already being built, or else one created now; with `back`, it is the one
        that served before. Raises NothingToGoBackTo.
        """

    def sink(self, name: str) -> Sink:
        """The index as a sink. Raises SinkRefused if this release cannot write to it."""

    def malls(self, name: str) -> set[str]:
        """The malls that have products in the index, whichever release created it."""

    def swap(self, name: str) -> None:
        """Move the alias to this index in one step; the one that served until now is kept as a way back."""


class IndexDiffers(Terminal):
    """The new index differs from the table; the alias stays where it is."""


class MallsStayBusy(Transient):
    """Some malls were being loaded all the time; the index is kept, and the next run continues with it."""


@dataclass
class Reindexed:
    """The result of a reindex.

    Attributes
    ----------
    old, new : the index that served before, and the one that serves now
    compared : one comparison per mall, made under the mall's lock shortly before the swap
    """

    old: str
    new: str
    compared: list[Comparison] = field(default_factory=list)

    @property
    def products(self) -> int:
        """The number of products in the new index, according to the comparisons."""
        return sum(one.products for one in self.compared)


def reindex(
    run: Maintenance, indices: Indices, wait: Callable[[], bool], *, back: bool = False
) -> Reindexed:
    """Fill an index and put it behind the alias.

    `wait` is called while malls are busy: it waits a little, and returns False when it has waited long
    enough. Raises MallsStayBusy then, and IndexDiffers if a mall does not agree with the table even
    after a repair. Errors of sinks are passed on.
    """
    old, new = indices.serving(), indices.begin(back)
    sink = indices.sink(new)
    outcome = Reindexed(old, new)
    malls = run.table.malls() | indices.malls(old) | sink.malls()
    # The first round does the work; the second, just before the swap, has next to nothing left to do.
    _each(run, sink, malls, wait)
    outcome.compared = _each(run, sink, malls, wait)
    indices.swap(new)
    LOG.info("the alias points to %s, %s products; %s is kept", new, outcome.products, old)
    return outcome


def _each(
    run: Maintenance, sink: Sink, malls: Collection[str], wait: Callable[[], bool]
) -> list[Comparison]:
    compared: list[Comparison] = []
    left = sorted(malls)
    while left:
        busy = []
        for mall_id in left:
            run.progress(mall_id, len(malls) - len(left), len(malls))
            found = _one(run, sink, mall_id)
            if found is None:
                busy.append(mall_id)
            else:
                compared.append(found)
        if busy and not wait():
            raise MallsStayBusy(f"still being loaded: {', '.join(busy)}")
        left = busy
    return compared


def _one(run: Maintenance, sink: Sink, mall_id: str) -> Comparison | None:
    """Bring the mall to the head, and compare it; None while someone else holds its lock."""
    try:
        with held(run.ledger, mall_id, run.holder, run.status_of) as check:
            head = run.table.head()
            assert head is not None, "a table with malls has a snapshot"
            found = compared(run, sink, mall_id, head, check)
            if not found.agreed:  # it was repaired: now it has to agree
                found = compared(run, sink, mall_id, run.table.head() or head, check)
    except MallBusy:
        return None
    if not found.agreed:
        raise IndexDiffers(
            f"{sink.name} differs from the table for {mall_id}, even after a repair: "
            f"{found.missing} missing, {found.different} different, {found.extra} extra, "
            f"{found.stale} newer than the table. The alias stays on the index that serves; find "
            "out who else writes there, then reindex again"
        )
    return found
