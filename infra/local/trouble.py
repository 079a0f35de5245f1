"""Why feeds will not load on a local stack, as soon as it shows: failed runs, parts that stopped.

The pipeline retries failed runs after longer and longer waits, because services come back. On a single
machine the cause of a failure is still there at the next try, and somebody is waiting at the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from infra.local import processes
from infra.local.glue_runtime import log_of
from infra.local.stack import Stack
from infra.paths import CHECKOUT
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import CLOSED, State
from mallfeed.plan.glue import plan_of

FAILED = frozenset({"FAILED", "TIMEOUT", "ERROR"})
"""STOPPED is not among them: only a second run of the same plan is stopped."""
_TAIL_LINES = 15


class Lookout:
    """Finds out what keeps feeds of this stack from loading.

    Parameters
    ----------
    glue : client of the stack
    job_name : of the job that loads feeds
    """

    def __init__(self, stack: Stack, ledger: Ledger, glue: Any, job_name: str) -> None:
        self._stack = stack
        self._ledger = ledger
        self._glue = glue
        self._job_name = job_name

    def troubles(self, feeds: Sequence[FeedRecord]) -> list[str]:
        """The causes that keep these feeds from being LOADED, each with the end of the log that explains it."""
        return [*self._stopped_parts(), *self._failed_runs(feeds), *_ended(feeds)]

    def _stopped_parts(self) -> Iterator[str]:
        for record in self._stack.records:
            if not processes.is_alive(record):
                yield f"{record.name} of the stack has stopped.\n{_end_of(Path(record.log))}"

    def _failed_runs(self, feeds: Sequence[FeedRecord]) -> Iterator[str]:
        ours = {feed.feed_id: feed for feed in feeds if feed.state is not State.LOADED}
        for run in self._glue.get_job_runs(JobName=self._job_name)["JobRuns"]:
            if run["JobRunState"] not in FAILED:
                continue
            plan = self._ledger.plan(plan_of(run))
            missed = [ours[one] for one in (plan.feed_ids if plan else ()) if one in ours]
            if missed:
                yield _failed(run, missed, log_of(self._stack.directory, run["Id"]))


def _failed(run: dict[str, Any], feeds: Sequence[FeedRecord], log: Path) -> str:
    lines = [f"Glue run {run['Id']} ended {run['JobRunState']}: {run.get('ErrorMessage', '')}"]
    for feed in feeds:
        told = "; ".join(_since_claim(feed, run["Id"])) or "the run never took it"
        lines.append(f"{feed.feed_id} ({feed.key.rsplit('/', 1)[-1]}) is {feed.state}: {told}")
    return "\n".join([*lines, _end_of(log)])


def _since_claim(feed: FeedRecord, job_run_id: str) -> list[str]:
    """What the feed's story says about that run, after its beginning."""
    notes = [event.note for event in feed.events]
    begun = [number for number, note in enumerate(notes) if note.endswith(f"run {job_run_id}")]
    return notes[begun[-1] + 1 :] if begun else []


def _ended(feeds: Sequence[FeedRecord]) -> Iterator[str]:
    for feed in feeds:
        if feed.state in CLOSED and feed.state is not State.LOADED:
            name = feed.key.rsplit("/", 1)[-1]
            yield f"{feed.feed_id} ({name}) ended {feed.state}: {feed.code}: {feed.message}"


def _end_of(log: Path) -> str:
    return processes.tail(log, _TAIL_LINES).replace(f"{CHECKOUT}/", "", 1)
