"""How long a feed will take, how much room its rows need, and which workers it is worth. One weight
per format, the seconds corrected by what the mall's last feeds of that format really took.

Source of the figures: 1,000,000 products of ~620 bytes of CSV take 38 s to read, normalise and
write on 2 cores, and 256 s until OpenSearch on the same cores holds them all (design notes,
measured); the sinks dominate, so that other formats differ mainly by products per byte. The weights
stand with the formats (`mallfeed.formats`).
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
"""Of a feed whose format nobody knows (any more)."""
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
LARGE_FROM = 12
"""So many workers are taken as half as many of twice the size: the driver, which splits the file for
all of them, and plans and commits alone, then has twice the cores and memory too."""
WORKER_TYPE, LARGE_WORKER_TYPE = "G.1X", "G.2X"  # both can be had by FLEX


CORRECTED_BY_LAST = 5
"""The median of so many: one slow night does not count."""
MOST_CORRECTION = 4.0
"""At most so much longer, or shorter, than the constant says: measured seconds hold other troubles, too."""
ALIKE = 4.0
"""A feed tells of another one that is at most so many times as long, or as short, by its bytes:
what a run costs whatever the size says little of a byte."""


def estimated_seconds(feed: FeedRecord, paces: Sequence[Pace] = ()) -> float:
    """How long the feed keeps two workers busy, from its bytes and format.

    `paces` are what the mall's last loaded feeds took, newest first.
    """
    expected = _by_constant(feed.format, megabytes(feed))
    return max(LEAST_SECONDS, expected * _correction(feed.format, expected, paces))


def megabytes(feed: FeedRecord) -> float:
    """The feed's size as its reader sees it: unpacked, as far as the key's ending tells."""
    row = FORMATS.get(feed.format or "")
    packed = feed.key.lower().endswith(COMPRESSED) and not (row and row.compressed)
    return feed.size_bytes / 1_000_000 * (COMPRESSION_RATIO if packed else 1.0)


def rows_megabytes(feed: FeedRecord) -> float:
    """The size of the feed's rows, as the bytes of a CSV that held them.

    By it shuffles are divided, so that a task's rows fit its memory whatever the file's format.
    Workers need no more of it: a worker's share by SECONDS_PER_WORKER is 300 MB of CSV, about 1 GB
    as rows, where an executor has 10; and what reads a file on the driver is bounded.
    """
    return megabytes(feed) * weight_of(feed.format).rows_mb


def weight_of(format_name: str | None) -> Weight:
    """How heavy a megabyte of the format is."""
    row = FORMATS.get(format_name or "")
    return _UNKNOWN if row is None else row.weight


def _by_constant(format_name: str | None, size_mb: float) -> float:
    return max(LEAST_SECONDS, size_mb * weight_of(format_name).seconds)


def _correction(format_name: str | None, expected: float, paces: Sequence[Pace]) -> float:
    """By which the constant is multiplied; 1 while nothing is known."""
    ratios = []
    for pace in paces:
        its_own = _by_constant(pace.format, pace.megabytes)
        if pace.format == format_name and 1 / ALIKE <= its_own / expected <= ALIKE:
            ratios.append(pace.seconds / its_own)
    if not ratios:
        return 1.0
    return min(MOST_CORRECTION, max(1 / MOST_CORRECTION, median(ratios[:CORRECTED_BY_LAST])))


def worker_type_for(workers: int) -> tuple[str, int]:
    """Type and number of what is as much as so many G.1X workers, or one less where that is odd."""
    if workers < LARGE_FROM:
        return WORKER_TYPE, workers
    return LARGE_WORKER_TYPE, workers // 2


def workers_for(seconds: float) -> int:
    """Workers (G.1X) for a run of this many two-worker seconds."""
    return min(MOST_WORKERS, max(LEAST_WORKERS, math.ceil(seconds / SECONDS_PER_WORKER)))
