"""Estimates how long a feed will take and how much memory its rows need, and chooses the workers for it.

Each format has a weight (`mallfeed.formats`). The seconds are corrected by what the mall's last feeds
of that format really took.

Source of the figures: 1,000,000 products of ~620 bytes of CSV take 38 s to read, normalise and write
on 2 cores, and 256 s until OpenSearch on the same cores holds all of them (design notes, measured).
The sinks dominate, so other formats differ mainly in their products per byte.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from mallfeed.formats.format import Weight
from mallfeed.formats.registry import FORMATS
from mallfeed.ledger.model import FeedRecord, Pace

_HEAVIEST_ROWS = max(row.weight.rows_mb for row in FORMATS.values())
_UNKNOWN = Weight(seconds=1.0, rows_mb=_HEAVIEST_ROWS, splitting=1.0)
"""For a feed whose format is unknown, or no longer known."""
COMPRESSED = (".gz", ".bz2", ".zst", ".zip")
COMPRESSION_RATIO = 5.0
LEAST_SECONDS = 3.0  # a commit, two sinks' round trips

ALONE_FROM_SECONDS = 120.0
"""A feed that takes this long gets a run of its own, so that others need not wait for it."""
RUN_SECONDS = 1200.0
"""How long the small feeds of one run may take in total on two workers; for more work the run gets more."""
SECONDS_PER_WORKER = 150.0
LEAST_WORKERS = 2  # Glue's minimum: the driver and one executor
MOST_WORKERS = 20
LARGE_FROM = 12
"""From this many workers on, half as many of twice the size are used: then the driver, which splits the
file for all of them and does the planning and committing, has twice the cores and memory too."""
WORKER_TYPE, LARGE_WORKER_TYPE = "G.1X", "G.2X"  # both are available with FLEX


CORRECTED_BY_LAST = 5
"""The correction is the median of this many feeds, so that one slow night does not matter."""
MOST_CORRECTION = 4.0
"""The estimate is corrected by at most this factor, up or down: measured seconds include other delays too."""
ALIKE = 4.0
"""Feeds are compared if their estimates by bytes differ by at most this factor: the fixed cost of a
run says little about the cost per byte."""


def estimated_seconds(feed: FeedRecord, paces: Sequence[Pace] = ()) -> float:
    """How many seconds the feed keeps two workers busy, estimated from its bytes and format.

    `paces` are those of the mall's last loaded feeds, newest first.
    """
    expected = _by_constant(feed.format, megabytes(feed))
    return max(LEAST_SECONDS, expected * _correction(feed.format, expected, paces))


def megabytes(feed: FeedRecord) -> float:
    """The feed's size in MB as its reader sees it: uncompressed, as far as the key's suffix shows compression."""
    row = FORMATS.get(feed.format or "")
    packed = feed.key.lower().endswith(COMPRESSED) and not (row and row.compressed)
    return feed.size_bytes / 1_000_000 * (COMPRESSION_RATIO if packed else 1.0)


def rows_megabytes(feed: FeedRecord) -> float:
    """The size in MB of a CSV file with the feed's rows.

    The number of shuffle partitions depends on it, so that the rows of a task fit into its memory
    whatever the file's format is. The number of workers need not: by SECONDS_PER_WORKER a worker gets
    300 MB of CSV, about 1 GB as rows, and an executor has 10 GB; reading on the driver is bounded anyway.
    """
    return megabytes(feed) * weight_of(feed.format).rows_mb


def weight_of(format_name: str | None) -> Weight:
    """The weight of one megabyte of the format."""
    row = FORMATS.get(format_name or "")
    return _UNKNOWN if row is None else row.weight


def _by_constant(format_name: str | None, size_mb: float) -> float:
    return max(LEAST_SECONDS, size_mb * weight_of(format_name).seconds)


def _correction(format_name: str | None, expected: float, paces: Sequence[Pace]) -> float:
    """The factor for the estimate by bytes; 1 if no comparable feed is known."""
    ratios = []
    for pace in paces:
        estimate = _by_constant(pace.format, pace.megabytes)
        if pace.format == format_name and 1 / ALIKE <= estimate / expected <= ALIKE:
            ratios.append(pace.seconds / estimate)
    if not ratios:
        return 1.0
    return min(MOST_CORRECTION, max(1 / MOST_CORRECTION, median(ratios[:CORRECTED_BY_LAST])))


def worker_type_for(workers: int) -> tuple[str, int]:
    """Worker type and number with the capacity of this many G.1X workers (of one less, if G.2X and odd)."""
    if workers < LARGE_FROM:
        return WORKER_TYPE, workers
    return LARGE_WORKER_TYPE, workers // 2


def workers_for(seconds: float) -> int:
    """The number of G.1X workers for a run that would take two workers this many seconds."""
    return min(MOST_WORKERS, max(LEAST_WORKERS, math.ceil(seconds / SECONDS_PER_WORKER)))
