"""Compacts what small changes have gathered, when a load run has nothing else to do.

The night compacts everything (`mallfeed.maintain.tidy`); a mall that changes every minute gathers more in a day than its
next change should have to read. A run that has loaded such a mall rewrites its files before it ends. It holds no lock: the
mall's next feed is planned as ever, and a rewrite gives way to it, unless the debt is so large that the feed gains more
from waiting.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from pyspark.sql import SparkSession

from mallfeed.maintain.tidy import drop_deletes, rewrite
from mallfeed.product.record import PRODUCT
from mallfeed.product.supplement import supplement_in
from mallfeed.table.commits import met_another
from mallfeed.table.debt import debts
from mallfeed.table.schema import table_name

LOG = logging.getLogger(__name__)

DUE = 150
"""Files beyond those of a rewritten partition from which on it is worth rewriting (docs/decisions/compaction.md)."""
OVERDUE = 4 * DUE
"""From here on the next feed does not interrupt it."""
_LOOK_EVERY_S = 2.0

Waits = Callable[[str], bool]
"""Mall id → whether a feed of it waits or is being loaded."""


def compact_debts(
    spark: SparkSession, database: str, malls: Sequence[str], waits: Waits
) -> dict[str, int]:
    """Rewrite the files of those of these malls whose debt is due; returns partition → files that are fewer to read.

    Raises nothing: the malls are loaded, and the night does what this has not done. What another commit or a waiting
    feed got in the way of is left.
    """
    done: dict[str, int] = {}
    try:
        due = _due(spark, database, malls)
    except Exception:
        LOG.exception("not compacted: what has gathered could not be looked at")
        return done
    for mall, files in due.items():
        try:
            done |= _compact(spark, database, mall, files, waits)
        except Exception:
            LOG.exception("%s: not compacted", mall)
    return done


def _due(spark: SparkSession, database: str, malls: Sequence[str]) -> dict[str, dict[str, int]]:
    """Mall → its partitions whose debt is due → how many files that is."""
    found: dict[str, dict[str, int]] = {}
    for partition, debt in debts(spark, table_name(database, PRODUCT.table), malls).items():
        if debt.files >= DUE:
            beside = supplement_in(partition)
            found.setdefault(beside[0] if beside else partition, {})[partition] = debt.files
    return found


def _compact(
    spark: SparkSession, database: str, mall: str, due: Mapping[str, int], waits: Waits
) -> dict[str, int]:
    name = f"{database}.{PRODUCT.table}"
    if max(due.values()) < OVERDUE and waits(mall):
        return {}
    LOG.info("%s: compacting %s", mall, due)
    with _giving_way(spark, mall, waits, max(due.values()) < OVERDUE) as interrupted:
        try:
            rewrite(spark, name, sorted(due))
            drop_deletes(spark, name)
        except Exception as error:
            if not (interrupted.is_set() or met_another(error)):
                raise
            LOG.info("%s: left, a feed came in the meantime", mall)
            return {}
    after = debts(spark, table_name(database, PRODUCT.table), [mall])
    return {partition: files - after[partition].files for partition, files in due.items()}


@contextmanager
def _giving_way(
    spark: SparkSession, mall: str, waits: Waits, gives_way: bool
) -> Iterator[threading.Event]:
    """While this block works, look for feeds of the mall; if there is one, Spark's jobs are cancelled.

    Yields what tells that this has happened. The run has no other job then.
    """
    over, interrupted = threading.Event(), threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_EVERY_S):
            try:
                if waits(mall):
                    interrupted.set()
                    spark.sparkContext.cancelAllJobs()  # again and again: the next job may just begin
            except Exception:
                LOG.warning("%s: cannot tell whether a feed waits", mall, exc_info=True)

    watcher = threading.Thread(target=look, daemon=True)
    if gives_way:
        watcher.start()
    try:
        yield interrupted
    finally:
        over.set()
        if gives_way:
            watcher.join()
