"""How long a feed will take, and how many workers it is worth. One constant a format.

Source of the figures: 1,000,000 products of ~620 bytes of CSV take 38 s to read, normalise and
write on 2 cores, and 256 s until OpenSearch on the same cores holds them all (design notes,
measured); the sinks dominate, so that other formats differ mainly by products a byte.
"""

from __future__ import annotations

import math

from mallfeed.ledger.model import FeedRecord

SECONDS_PER_MB: dict[str, float] = {
    "csv": 0.5,
    "json": 0.5,
    "ep_blocks": 0.5,
    "xml": 0.4,
    "parquet": 2.5,  # compressed columns: about five times the products of a CSV's byte
    "xlsx": 3.0,  # zipped XML, read cell by cell
}
UNKNOWN_FORMAT = 1.0
COMPRESSED = (".gz", ".bz2", ".zst", ".zip")
COMPRESSION_RATIO = 5.0
LEAST_SECONDS = 3.0  # a commit, two sinks' round trips

ALONE_FROM_SECONDS = 120.0
"""A feed this long gets a run of its own: others would wait for it."""
RUN_SECONDS = 1200.0
"""What small feeds of one run may take together on two workers; it gets more for more."""
SECONDS_PER_WORKER = 150.0
LEAST_WORKERS = 2  # Glue's minimum: the driver and one executor
MOST_WORKERS = 20


def estimated_seconds(feed: FeedRecord) -> float:
    """How long the feed keeps two workers busy, from its bytes and format."""
    ratio = SECONDS_PER_MB.get(feed.format or "", UNKNOWN_FORMAT)
    if feed.format not in ("parquet", "xlsx") and feed.key.lower().endswith(COMPRESSED):
        ratio *= COMPRESSION_RATIO
    return max(LEAST_SECONDS, feed.size_bytes / 1_000_000 * ratio)


def workers_for(seconds: float) -> int:
    """Workers for a run of this many two-worker seconds."""
    return min(MOST_WORKERS, max(LEAST_WORKERS, math.ceil(seconds / SECONDS_PER_WORKER)))
