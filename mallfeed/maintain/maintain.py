"""The nightly use case: compare every mall in every sink with the table, under the mall's lock."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State
from mallfeed.maintain.lease import MallBusy, StatusOf, held
from mallfeed.maintain.ports import MaintainedTable
from mallfeed.maintain.reconcile import Comparison, reconcile
from mallfeed.sinks.port import Sink
from mallfeed.table.port import Commit

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Maintenance:
    """The ports of one run.

    `holder` is what the malls' locks say (`lease.holder_of`); `progress` is called for each mall.
    """

    ledger: Ledger
    table: MaintainedTable
    sinks: Callable[[], Sequence[Sink]]
    holder: str
    status_of: StatusOf
    epoch: int = 0
    progress: Callable[[str, int, int], None] = lambda _mall, _done, _of: None


@dataclass
class Outcome:
    """The result of a run.

    Attributes
    ----------
    compared : one comparison per mall and sink
    skipped : left alone because of a load: a mall, or a step of tidying a table
        (`tidy products: compact mall_a`) → why
    failed : a sink, a mall, a mall in a sink (`opensearch mall_a`), or such a step → why
    """

    compared: list[Comparison] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def maintain(run: Maintenance, only: Collection[str] = ()) -> Outcome:
    """Compare and repair each mall (or the named ones) in each sink.

    The failure of one mall, or of one sink, never keeps another from being checked. That includes our own
    bugs: they are logged and reported, and the job fails because of them, but only after all other malls.
    """
    outcome, sinks = Outcome(), list(run.sinks())
    malls = sorted(only) or sorted(known_malls(run, sinks, outcome))
    for place, mall_id in enumerate(malls):
        run.progress(mall_id, place, len(malls))
        try:
            with held(run.ledger, mall_id, run.holder, run.status_of) as check:
                _mall(run, mall_id, sinks, check, outcome)
        except MallBusy as busy:
            outcome.skipped[mall_id] = str(busy)
        except Exception as error:
            LOG.exception("mall not checked", extra={"mall_id": mall_id})
            outcome.failed[mall_id] = in_short(error)
    return outcome


def in_short(error: Exception) -> str:
    """The first line of the error's message, for a report: Spark's go on for pages of stack traces."""
    message = str(error).strip() or type(error).__name__
    return message.splitlines()[0][:500]


def known_malls(run: Maintenance, sinks: Sequence[Sink], outcome: Outcome) -> set[str]:
    """The malls of the table, and those that only have products in a sink."""
    malls = set(run.table.malls()) if run.table.head() is not None else set()
    for sink in sinks:
        try:
            malls |= sink.malls()
        except Exception as error:
            LOG.exception("the sink's malls could not be listed", extra={"sink": sink.name})
            outcome.failed[sink.name] = in_short(error)
    return malls


def _mall(
    run: Maintenance,
    mall_id: str,
    sinks: Sequence[Sink],
    check: Callable[[], None],
    outcome: Outcome,
) -> None:
    busy = [feed for feed in run.ledger.feeds(mall_id) if feed.state in _UNDER_WAY]
    head = run.table.head()
    if busy or head is None:
        why = f"{busy[0].feed_id} is {busy[0].state}" if busy else "the table is empty"
        outcome.skipped[mall_id] = why
        return
    for sink in sinks:
        try:
            found = compared(run, sink, mall_id, head, check)
        except Exception as error:
            LOG.exception("not compared", extra={"mall_id": mall_id, "sink": sink.name})
            outcome.failed[f"{sink.name} {mall_id}"] = in_short(error)
        else:
            level = logging.INFO if found.agreed else logging.WARNING
            LOG.log(level, "compared", extra=found.told())
            outcome.compared.append(found)


def compared(
    run: Maintenance, sink: Sink, mall_id: str, head: Commit, check: Callable[[], None]
) -> Comparison:
    """Compare and repair a mall in a sink, even if someone has written into the sink by hand.

    A document that was deleted or changed by others than mallfeed has a version of its own, usually the
    next one. An empty snapshot raises the table's version above it. If the document is still newer after
    ABOVE_OTHERS such snapshots, an alarm is raised.
    """
    first = reconcile(sink, run.table, mall_id, head, run.epoch, check)
    found = first
    for _ in range(ABOVE_OTHERS):
        if not found.stale:
            break
        found = reconcile(sink, run.table, mall_id, run.table.touch(), run.epoch, check)
    return replace(first, stale=found.stale)


ABOVE_OTHERS = 3
"""At most this many empty snapshots are made for a sink that has newer versions than the table."""

_UNDER_WAY = frozenset({State.RUNNING, State.SYNCING})
