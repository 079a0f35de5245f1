"""The real ports of a run: DynamoDB ledger, Iceberg table, the sinks, S3 reports."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pyspark.sql import SparkSession

from mallfeed.aws.clients import client
from mallfeed.catalog.store import catalog_store
from mallfeed.code_version import code_version
from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.model import PlanRecord
from mallfeed.ledger.port import Ledger
from mallfeed.load.arguments import JobArguments
from mallfeed.load.catalog_of_feed import CatalogOf
from mallfeed.load.distribution import of_malls
from mallfeed.load.labels import labelled
from mallfeed.load.ports import Loading
from mallfeed.load.preparing import Preparing
from mallfeed.load.rejects import Rejects
from mallfeed.load.reporter import S3Reporter
from mallfeed.load.spark_engine import SparkEngine
from mallfeed.pipeline.parts import now, stack_parameters
from mallfeed.plan.limits_reader import LimitsReader
from mallfeed.product.record import PRODUCT
from mallfeed.progress.publisher import Publisher, Teller
from mallfeed.progress.reporters import EventLogFile, FeedItems, Metrics, StepsFile
from mallfeed.progress.store import DynamoProgress
from mallfeed.progress.watch import RunWatch
from mallfeed.settings import Settings
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opening import sinks_of
from mallfeed.sinks.port import Sink
from mallfeed.table.iceberg import IcebergProductTable

LOG = logging.getLogger(__name__)


def watched(arguments: JobArguments, plan: PlanRecord, event_log: Path) -> Publisher:
    """A context with the run's watch, whose reports are sent while the run works, even if it fails.

    `event_log` is the folder of Spark's event log.
    """
    settings, s3 = arguments.settings, client("s3")
    facts = {
        "plan_id": plan.plan_id,
        "worker_type": plan.worker_type,
        "workers": plan.workers,
    }
    tellers: list[Teller] = [
        FeedItems(DynamoProgress(client("dynamodb"), settings.ledger_table)),
        StepsFile(s3, settings.lake_bucket, facts),
        EventLogFile(s3, settings.lake_bucket, event_log),
        Metrics(client("cloudwatch")),
    ]
    return Publisher(RunWatch(arguments.job_run_id), tellers)


def preparing_of(settings: Settings, watch: RunWatch) -> Preparing:
    """Prepares the run's feeds, and can begin before there is a Spark session."""
    catalogs = CatalogOf(catalog_store(settings))
    reader = LimitsReader(client("ssm"), settings.parameter_prefix)
    budget = reader.read().work
    if reader.fault is not None:  # told by an alarm of the dispatcher's, too
        LOG.warning("%s; the usual limits hold instead", reader.fault)
    return Preparing(settings.lake_bucket, catalogs, catalogs.versions, watch, budget)


def loading(
    spark: SparkSession,
    arguments: JobArguments,
    claims: ClaimedFeeds,
    ledger: Ledger,
    watch: RunWatch,
    workers: int,
    preparing: Preparing,
    endings: Endings,
) -> Loading:
    """Everything that `run_plan` needs, for one plan."""
    watch.around = partial(labelled, spark)
    settings = arguments.settings
    table = IcebergProductTable(spark, settings.database, PRODUCT)
    rejects = Rejects(spark, settings.database, settings.lake_bucket)
    known = stack_parameters(settings)

    def sinks() -> Sequence[Sink]:
        return sinks_of(SinkContext(settings, known, claims.plan_id, watch.sent))

    return Loading(
        ledger=ledger,
        claims=claims,
        engine=SparkEngine(
            spark,
            table,
            settings.lake_bucket,
            preparing.catalog_of,
            now,
            rejects,
            preparing,
            watch,
            preparing.versions_of,
        ),
        table=table,
        sinks=sinks,
        reporter=S3Reporter(
            rejects,
            settings.lake_bucket,
            settings.event_bus,
            partial(of_malls, spark, settings.database),
        ),
        clock=now,
        epoch=int(known.get("table/epoch", "0")),
        code_version=code_version(),
        watch=watch,
        workers=workers,
        endings=endings,
    )
