"""A new index beside the one that serves, filled while loads go on, then swapped in at once.

From the moment it exists, loads write to it as well, by its own name; so once a mall has been brought
to the table's head in it, it stays there. If this run dies, the next one goes on with the same index.
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
        """The index to fill: a new one that is already being built, else one created now; `back`:
        the one that served before. From now on loads write to it. Raises NothingToGoBackTo."""

    def sink(self, name: str) -> Sink:
        """The index as a sink. Raises SinkRefused if this release cannot write to it."""

    def malls(self, name: str) -> set[str]:
        """The malls of which the index has products, whichever release created it."""

    def swap(self, name: str) -> None:
        """Move the alias to it, in one step, and keep the one that served until now as a way back."""


class IndexDiffers(Terminal):
    """The new index differs from the table; the alias stays where it is."""


class MallsStayBusy(Transient):
    """Some malls were being loaded all the time; the index is kept, and the next run goes on with it."""


@dataclass
class Reindexed:
    """What was done.

    Attributes
    ----------
    old, new : index that served, index that serves now
    compared : one comparison per mall, made under the mall's lock right before the swap
    """

    old: str
    new: str
    compared: list[Comparison] = field(default_factory=list)

    @property
    def products(self) -> int:
        """Products in the new index, as compared."""
        return sum(one.products for one in self.compared)


def reindex(
    run: Maintenance, indices: Indices, wait: Callable[[], bool], *, back: bool = False
) -> Reindexed:
    """Fill an index and put it behind the alias.

    `wait` is called while malls are busy: it waits a little and returns False once that has been
    long enough. Raises MallsStayBusy then, and IndexDiffers if the count and digests of a mall do not
    agree with the table even after a repair; sinks raise as they do.
    """
    old, new = indices.serving(), indices.begin(back)
    sink = indices.sink(new)
    outcome = Reindexed(old, new)
    malls = run.table.malls() | indices.malls(old) | sink.malls()
    # The first round does the work; the second has next to nothing left to do, just before the swap.
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
    """The mall brought to the head and compared; None while somebody else holds it."""
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
