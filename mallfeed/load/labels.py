"""Names Spark's jobs by the step and the feeds they are for: an event log can be read by it, and what
goes on side by side shares the cores fairly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pyspark.sql import SparkSession

from mallfeed.progress.steps import FEEDS_PROPERTY, STEP_PROPERTY

NAMED_AT_MOST = 5
"""Feeds named one by one: the label travels with every job."""


@contextmanager
def labelled(spark: SparkSession, step: str, feed_ids: Sequence[str]) -> Iterator[None]:
    """Jobs that this thread starts meanwhile carry the step's name, are shown under it, and have a
    pool of their own: a feed's many tasks do not keep those of another feed, or of the other sink,
    from their turn."""
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
