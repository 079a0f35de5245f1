"""The real ports of a maintenance run; which snapshots are still needed, and removing the others."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from pyspark.sql import SparkSession

from mallfeed.aws.clients import client
from mallfeed.maintain.arguments import MaintainArguments
from mallfeed.maintain.lease import holder_of
from mallfeed.maintain.maintain import Maintenance, Outcome, in_short
from mallfeed.maintain.tidy import KEEP, Tidied, expire_before, snapshot_times, tidy
from mallfeed.pipeline.parts import ledger_of, now, stack_parameters
from mallfeed.plan.glue import run_status
from mallfeed.product.record import PRODUCT
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opening import sinks_of
from mallfeed.sinks.opensearch.indices import OpenSearchIndices
from mallfeed.sinks.opensearch.settings import connection_of
from mallfeed.sinks.port import Sink
from mallfeed.table.iceberg import IcebergProductTable

LOG = logging.getLogger(__name__)


class Wired:
    """A maintenance run over AWS, and the stack's parameters that it read."""

    def __init__(self, spark: SparkSession, arguments: MaintainArguments) -> None:
        self._spark, self._arguments = spark, arguments
        settings = arguments.settings
        self.known = stack_parameters(settings)
        self.run = Maintenance(
            ledger=ledger_of(settings),
            table=IcebergProductTable(spark, settings.database, PRODUCT),
            sinks=self._sinks,
            holder=holder_of(arguments.job_name, arguments.job_run_id),
            status_of=lambda job, run_id: run_status(client("glue"), job, run_id),
            epoch=int(self.known.get("table/epoch", "0")),
            progress=lambda mall, done, of: LOG.info("%s of %s malls: %s", done + 1, of, mall),
        )

    def _sinks(self) -> Sequence[Sink]:
        return sinks_of(self._context())

    def indices(self) -> OpenSearchIndices:
        """The indices behind and beside the alias."""
        return OpenSearchIndices(connection_of(self._context()))

    def _context(self) -> SinkContext:
        run = f"maintain-{self._arguments.job_run_id}"
        return SinkContext(self._arguments.settings, self.known, run)

    def tidy(self, before: datetime | None) -> Tidied:
        """Compact, expire and clean the tables (`tidy.tidy`); raises nothing."""
        return tidy(self._spark, self._arguments.settings.database, before, now())

    def expire_before(self) -> datetime:
        """The time before which snapshots are no longer needed (see `tidy.expire_before`).

        If the cursors of a sink cannot be read, its error is passed on; then nothing is expired.
        """
        sinks, ledger, database = self._sinks(), self.run.ledger, self._arguments.settings.database
        malls = sorted(self.run.table.malls().union(*(sink.malls() for sink in sinks)))
        needed = {
            cursor.snapshot_id
            for sink in sinks
            for cursor in sink.cursors(malls).values()
            if cursor is not None
        }
        open_feeds = ledger.open_feeds()
        needed |= {feed.rollback_to for feed in open_feeds if feed.rollback_to is not None}
        keep = timedelta(days=int(self.known.get("maintain/keep_days", str(KEEP.days))))
        times = snapshot_times(self._spark, database, needed)
        return expire_before(now(), open_feeds, times, keep)


def tidied(wired: Wired, outcome: Outcome) -> dict[str, dict[str, int]]:
    """Tidy the tables; returns table → what was done. Failed steps, and steps that were left because of a
    load, are added to the outcome."""
    before = None
    try:
        before = wired.expire_before()
    except Exception as error:  # nothing is expired then; everything else is done
        LOG.exception("cannot tell which snapshots are needed")
        outcome.failed["tidy"] = in_short(error)
    done = wired.tidy(before)
    outcome.failed |= done.failed
    outcome.skipped |= done.left
    return done.tables
