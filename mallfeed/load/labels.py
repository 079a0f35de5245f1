"""Labels Spark's jobs with the step and the feeds that they work for.

The labels make an event log readable, and let concurrent steps share the cores fairly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pyspark.sql import SparkSession

from mallfeed.progress.steps import FEEDS_PROPERTY, STEP_PROPERTY

NAMED_AT_MOST = 5
"""Up to this many feeds are named one by one, because the label travels with every job."""


@contextmanager
def labelled(spark: SparkSession, step: str, feed_ids: Sequence[str]) -> Iterator[None]:
    """Within this block, the jobs of this thread carry the step's name and run in a pool of their own.

    With its own pool, a feed of many tasks does not starve another feed, or the other sink.
    """
    context = spark.sparkContext
    named = " ".join(feed_ids) if len(feed_ids) <= NAMED_AT_MOST else f"{len(feed_ids)} feeds"
    labels = {
        STEP_PROPERTY: step,
        FEEDS_PROPERTY: named,
        "spark.job.description": f"{step}: {named}",
        "spark.scheduler.pool": f"{step}: {named}",
    }
    before = {name: context.getLocalProperty(name) for name in labels}
    try:
        for name, text in labels.items():
            context.setLocalProperty(name, text)
        yield
    finally:
        for name, old in before.items():
            context.setLocalProperty(name, old)  # type: ignore[arg-type]
