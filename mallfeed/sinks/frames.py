"""Frames of changes, as sinks read them: Spark DataFrames in the job, lists of dicts elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from mallfeed.sinks.port import MallLoad
from mallfeed.table.port import Changes, Frame
from mallfeed.table.shared_frame import frames_of

OPTIONAL = ("loaded_at",)


def is_spark(frame: Frame) -> bool:
    """Whether the frame is distributed; a list of dicts is not."""
    return not isinstance(frame, list)


def union(loads: Sequence[MallLoad], columns: Sequence[str]) -> Frame:
    """One frame with the rows of all loads, and the columns that the sink reads.

    All frames must be of the same type. Changes come from different places (staged, compared, read from
    a snapshot) and may have more columns; `loaded_at` is kept if all of them have it.
    """
    frames = frames_of(load.changes for load in loads)
    if not is_spark(frames[0]):
        return [row for frame in frames for row in frame]
    extra = [name for name in OPTIONAL if all(name in frame.columns for frame in frames)]
    picked = [frame.select(*columns, *extra) for frame in frames]
    return reduce(lambda left, right: left.unionByName(right), picked)


def total_count(loads: Sequence[MallLoad]) -> int | None:
    """The number of rows in all loads; None if it is unknown for one of them."""
    counts = [
        len(load.changes.frame) if load.changes.count is None and not is_spark(load.changes.frame)
        else load.changes.count
        for load in loads
    ]  # fmt: skip
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def product_ids(changes: Changes) -> Iterator[str]:
    """The ids of the mall's products in the frame (op U), sorted by their UTF-8 bytes."""
    (frame,) = frames_of([changes])
    if is_spark(frame):
        ids = frame.where("op = 'U'").select("product_id").orderBy("product_id")
        return (row[0] for row in ids.toLocalIterator(prefetchPartitions=True))
    return iter(sorted(row["product_id"] for row in frame if row["op"] == "U"))


def rows(frame: Frame) -> Iterator[dict[str, Any]]:
    """Each row as a dictionary, on the driver, one partition after another.

    For sinks that write row by row; large frames are better written by the executors. Spark returns times
    without a zone, in the zone of the process (UTC in Glue).
    """
    if not is_spark(frame):
        return iter(frame)
    return (row.asDict(recursive=True) for row in frame.toLocalIterator(prefetchPartitions=True))
