"""The lock of a mall while maintenance works on it, and what happens to it if maintenance dies.

The lock names the Glue job and its run. Whoever finds a lock asks Glue about the run: if it has ended,
the lock belongs to nobody. Dispatch releases such locks too, so that a mall never waits until the next
night.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from mallfeed.errors import ClaimLost
from mallfeed.ledger.port import Ledger
from mallfeed.plan.runs import TERMINAL

LOG = logging.getLogger(__name__)
PREFIX = "maintenance"

StatusOf = Callable[[str, str], str]
"""(job name, run id) → the state of the Glue run; GONE if Glue does not know it."""


def holder_of(job_name: str, job_run_id: str) -> str:
    """The name by which a lock records its holder."""
    return f"{PREFIX}#{job_name}#{job_run_id}"


class MallBusy(Exception):
    """The mall is being loaded or maintained by somebody else."""


@contextmanager
def held(
    ledger: Ledger, mall_id: str, holder: str, status_of: StatusOf
) -> Iterator[Callable[[], None]]:
    """Hold the mall's lock during this block; yields a check that raises ClaimLost if the lock was lost.

    Raises MallBusy if another live holder has the lock. Errors of the ledger and of `status_of` are
    passed on, also those from releasing the lock.
    """
    if not ledger.lock_mall(mall_id, holder):
        other = ledger.lock_holder(mall_id)
        if other is not None and _is_dead(other, status_of):
            ledger.unlock_mall(mall_id, other)
        if not ledger.lock_mall(mall_id, holder):
            raise MallBusy(f"{mall_id} is locked by {ledger.lock_holder(mall_id)}")

    def check() -> None:
        now = ledger.lock_holder(mall_id)
        if now != holder:
            raise ClaimLost(f"the lock of {mall_id} is held by {now}: {holder} stops")

    try:
        yield check
    finally:
        ledger.unlock_mall(mall_id, holder)


def give_back_dead(ledger: Ledger, malls: Collection[str], status_of: StatusOf) -> list[str]:
    """Release the locks of maintenance runs that have ended; returns their malls, sorted.

    Raises nothing. A failure is logged and affects only its own malls, which are tried again next
    time; neither the others nor the caller's work wait for it. Each run is looked up once.
    """
    try:
        holders = ledger.lock_holders(malls)
    except Exception:
        LOG.exception("locks not checked")
        return []
    locked_by = defaultdict(list)
    for mall_id, holder in sorted(holders.items()):
        locked_by[holder].append(mall_id)
    freed = []
    for holder, its_malls in locked_by.items():
        try:
            dead = _is_dead(holder, status_of)
        except Exception:
            LOG.exception("cannot tell whether a lock's run is alive", extra={"holder": holder})
            continue
        if dead:
            freed += [mall_id for mall_id in its_malls if _given_back(ledger, mall_id, holder)]
    return sorted(freed)


def _given_back(ledger: Ledger, mall_id: str, holder: str) -> bool:
    try:
        ledger.unlock_mall(mall_id, holder)
    except Exception:
        LOG.exception("a dead lock was not released", extra={"mall_id": mall_id})
        return False
    return True


def _is_dead(holder: str, status_of: StatusOf) -> bool:
    """Whether it is a maintenance run that has ended; raises as `status_of` does."""
    kind, _, run = holder.partition("#")
    job_name, _, job_run_id = run.rpartition("#")
    return kind == PREFIX and status_of(job_name, job_run_id) in TERMINAL
