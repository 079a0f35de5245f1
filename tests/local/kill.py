"""Ending a Glue job's process at a moment that ledger, staging area and sinks show."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psutil

from infra.local import events_inbox
from infra.local.glue_runtime import RUN_VARIABLE
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.staging import frame_name, outcome_name, prefix_of
from tests.local.walk import Way, until

Moment = Callable[[Way, FeedRecord], bool]
"""Whether the run that works on this feed has come so far."""


def _staged(name: Callable[[int], str]) -> Moment:
    """Whether something of this name is staged; which name depends on the feed's attempt."""

    def there(way: Way, feed: FeedRecord) -> bool:
        prefix = f"{prefix_of(feed.feed_id)}/{name(feed.attempt)}"
        return way.s3.list_objects_v2(Bucket=way.lake, Prefix=prefix)["KeyCount"] > 0

    return there


def _staged_by_this_run(way: Way, feed: FeedRecord) -> bool:
    return (
        _staged(lambda attempt: f"{outcome_name(attempt)}/_SUCCESS")(way, feed) or feed.committing
    )


def _warehouse_moved(way: Way, feed: FeedRecord) -> bool:
    statement = "select 1 from feed_loads where feed_id = %s"
    return feed.state == "SYNCING" and way.sql(statement, feed.feed_id) != []


def _index_moved(way: Way, feed: FeedRecord) -> bool:
    """Whether the index shows something of the feed's commit."""
    return feed.state == "SYNCING" and way.newest_seq_searched(feed.mall_id) >= (feed.seq or 0)


MOMENTS: dict[str, Moment] = {
    "claimed": lambda way, feed: feed.job_run_id is not None,
    "copied": _staged(lambda _: "raw/"),
    "prepared": _staged(frame_name),
    "staged": _staged_by_this_run,
    "committing": lambda way, feed: feed.committing,
    "committed": lambda way, feed: feed.state == "SYNCING",
    "index moved": _index_moved,
    "warehouse moved": _warehouse_moved,
}
"""In the order in which a run passes them."""
LATE = frozenset({"index moved", "warehouse moved"})
"""Moments so short that the run is let go on by steps."""


def kill_when(way: Way, run: str, moment: str, after_attempt: int = 0) -> str:
    """kill -9 the job that works on the feed once it has come that far; returns the Glue run's id.

    `after_attempt`: a run of an attempt up to that one is not meant. A feed that is LOADED before
    the moment was seen fails the test: nothing was killed then.
    """
    job_run_id = _await(way, run, moment, after_attempt)
    assert kill(job_run_id), f"no process of {job_run_id} to kill"
    return job_run_id


def _await(way: Way, run: str, moment: str, after_attempt: int) -> str:
    """The Glue run that works on the feed, once it has come that far."""
    early = next(iter(MOMENTS)) if moment not in LATE else "committed"

    def reached(wanted: str) -> str | None:
        feed = way.ledger.feed(run)
        if feed is None or feed.attempt <= after_attempt or feed.job_run_id is None:
            return None
        assert feed.state in ("RUNNING", "SYNCING"), f"{run} is {feed.state} before `{moment}`"
        return feed.job_run_id if MOMENTS[wanted](way, feed) else None

    job_run_id: str = until(lambda: reached(early), f"{run} is {early}", pause_s=0.02)
    if moment in LATE:
        _step_until(lambda: reached(moment) is not None, job_run_id)
    else:
        until(lambda: reached(moment), f"{run} is {moment}", pause_s=0.02)
    return job_run_id


@contextmanager
def asleep_when(way: Way, run: str, moment: str) -> Iterator[Callable[[], None]]:
    """Put the job to sleep once it is that far and let Glue believe it dead; the given call wakes it.

    The call returns when the zombie has ended by itself.
    """
    job_run_id = _await(way, run, moment, 0)
    processes = processes_of(job_run_id)
    for process in processes:
        process.suspend()
    body = {"run_id": job_run_id, "state": "FAILED", "error": "lost its host"}
    events_inbox.post(way.env["AWS_ENDPOINT_URL"], "state", body)

    def wake() -> None:
        for process in processes:
            process.resume()
        # Its Java may stay for the run that comes next, if it is the first one of the stack.
        jobs = [process for process in processes if process.name() != "java"]
        assert jobs
        assert psutil.wait_procs(jobs, timeout=300)[1] == []

    try:
        yield wake
    finally:
        kill(job_run_id)


def _step_until(reached: Callable[[], bool], job_run_id: str) -> None:
    """Let the run go on by moments only, so that what lasts a moment is not missed."""
    processes = processes_of(job_run_id)
    while True:
        for process in processes:
            with suppress(psutil.Error):
                process.suspend()
        if reached():
            return
        for process in processes:
            with suppress(psutil.Error):
                process.resume()
        time.sleep(0.03)


def processes_of(job_run_id: str) -> list[psutil.Process]:
    """Every process of a Glue run, Spark's Java too."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(RUN_VARIABLE) == job_run_id:
                found.append(process)
    return found


def kill(job_run_id: str) -> int:
    """kill -9 every process of a Glue run; returns how many there were."""
    processes = processes_of(job_run_id)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return len(processes)


def nothing_twice(way: Way, run: str, changed: int) -> None:
    """One row of feed_loads with the counts of the run that survived; one current price per product."""
    loads = way.sql("select mall_id, changed from feed_loads where feed_id = %s", run)
    assert [number for _, number in loads] == [changed]
    doubled = (
        "select product_id from product_price_history where mall_id = %s and valid_to is null "
        "group by product_id having count(*) > 1"
    )
    assert way.sql(doubled, loads[0][0]) == []
