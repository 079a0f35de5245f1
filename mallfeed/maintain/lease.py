"""The lock of a mall while maintenance works on it, and what becomes of it when that dies.

The lock names job and run of Glue. Whoever finds it asks Glue: a lock of a run that has ended is
nobody's. Dispatch gives such locks back as well, so that a mall never waits for the next night.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from mallfeed.errors import ClaimLost
from mallfeed.ledger.port import Ledger
from mallfeed.plan.runs import TERMINAL

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

    Raises MallBusy when somebody who lives has it.
    """
    if not ledger.lock_mall(mall_id, holder):
        give_back_dead(ledger, [mall_id], status_of)
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
    """Give back the locks of maintenance runs that have ended; returns their malls."""
    freed = []
    for mall_id, holder in sorted(ledger.lock_holders(malls).items()):
        kind, _, run = holder.partition("#")
        job_name, _, job_run_id = run.rpartition("#")
        if kind == PREFIX and status_of(job_name, job_run_id) in TERMINAL:
            ledger.unlock_mall(mall_id, holder)
            freed.append(mall_id)
    return freed
