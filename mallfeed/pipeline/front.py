"""The parts that enter feeds and start runs, connected to AWS: for the Lambdas and the command line."""

from __future__ import annotations

from mallfeed.arrival.arrival import Arrivals
from mallfeed.arrival.s3 import S3Feeds
from mallfeed.aws.clients import client
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.model import FeedRecord
from mallfeed.pipeline.parts import ledger_of, now
from mallfeed.plan.glue import GlueRuns, run_status
from mallfeed.plan.limits_reader import LimitsReader
from mallfeed.report.send import tell
from mallfeed.settings import Settings


class Pipeline:
    """Ledger, runs, limits, catalogs and arrivals of one stack; created once per process.

    `endings` has the feeds that this process has ended and not yet reported.
    """

    def __init__(self, settings: Settings) -> None:
        region = settings.region
        self.settings = settings
        self.endings = Endings()
        self.ledger = ledger_of(settings, self.endings)
        self.runs = GlueRuns(
            client("glue", region),
            client("s3", region),
            settings.job_name,
            settings.lake_bucket,
            starter=client("glue", region, attempts=1),
        )
        self.limits = LimitsReader(client("ssm", region), settings.parameter_prefix)
        self.catalogs = S3CatalogStore(client("s3", region), settings.lake_bucket)
        self.arrivals = Arrivals(
            self.ledger,
            S3Feeds(client("s3", region), settings.feeds_bucket),
            settings.feeds_bucket,
            self.catalogs,
            now,
        )

    def tell(self, feed: FeedRecord) -> None:
        """Write the feed's report and announce it (`mallfeed.report.send`)."""
        tell(feed, self.settings.lake_bucket, self.settings.event_bus)

    def run_status(self, job_name: str, job_run_id: str) -> str:
        """The state of a run of any of the stack's jobs; GONE if Glue does not know the run."""
        return run_status(client("glue", self.settings.region), job_name, job_run_id)
