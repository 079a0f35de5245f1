"""The lock of a mall while maintenance works on it, and what becomes of it when that dies.

The lock names job and run of Glue. Whoever finds it asks Glue: a lock of a run that has ended is
nobody's. Dispatch gives such locks back as well, so that a mall never waits for the next night.
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
"""(job name, run id) → the state of the Glue run; GONE when Glue does not know it."""


def holder_of(job_name: str, job_run_id: str) -> str:
    """What a lock says of its holder."""
    return f"{PREFIX}#{job_name}#{job_run_id}"


class MallBusy(Exception):
    """The mall is being loaded or maintained by somebody else."""


@contextmanager
def held(
    ledger: Ledger, mall_id: str, holder: str, status_of: StatusOf
) -> Iterator[Callable[[], None]]:
    """The mall's lock; gives a check that raises ClaimLost once it is another's.

    Raises MallBusy when somebody who lives has it; the ledger and `status_of` raise as they do, also
    when the lock is given back.
    """
    if not ledger.lock_mall(mall_id, holder):
        other = ledger.lock_holder(mall_id)
        if other is not None and _is_dead(other, status_of):
            ledger.unlock_mall(mall_id, other)
        if not ledger.lock_mall(mall_id, holder):
            raise MallBusy(f"{mall_id} is locked by {ledger.lock_holder(mall_id)}")

    def check() -> None:
        found = ledger.lock_holder(mall_id)
        if found != holder:
            raise ClaimLost(f"the lock of {mall_id} is held by {found}: {holder} stops")

    try:
        yield check
    finally:
        ledger.unlock_mall(mall_id, holder)


def give_back_dead(ledger: Ledger, malls: Collection[str], status_of: StatusOf) -> list[str]:
    """Give back the locks of maintenance runs that have ended; returns their malls, sorted.

    Raises nothing. What goes wrong is logged and costs the malls that it is about, until the next
    time: neither the others nor the caller's own work wait for it. Each run is asked for once.
    """
    try:
        holders = ledger.lock_holders(malls)
    except Exception:
        LOG.exception("locks not looked at")
        return []
    locked_by = defaultdict(list)
    for mall_id, holder in sorted(holders.items()):
        locked_by[holder].append(mall_id)
    freed = []
    for holder, its_malls in locked_by.items():
        try:
            dead = _is_dead(holder, status_of)
        except Exception:
            LOG.exception("not known whether a lock's run lives", extra={"holder": holder})
            continue
        if dead:
            freed += [mall_id for mall_id in its_malls if _given_back(ledger, mall_id, holder)]
    return sorted(freed)


def _given_back(ledger: Ledger, mall_id: str, holder: str) -> bool:
    try:
        ledger.unlock_mall(mall_id, holder)
    except Exception:
        LOG.exception("a dead lock was not given back", extra={"mall_id": mall_id})
        return False
    return True


def _is_dead(holder: str, status_of: StatusOf) -> bool:
    """Whether it is a maintenance run that has ended; raises as `status_of` does."""
    kind, _, run = holder.partition("#")
    job_name, _, job_run_id = run.rpartition("#")
    return kind == PREFIX and status_of(job_name, job_run_id) in TERMINAL
