"""Frames that hold the rows of several malls: read once, not once a mall.

What Spark does for a thousand rows is nearly all planning. Of many small malls it is their number that
takes the time, were each a frame of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mallfeed.table.port import Changes, Frame, Staged


def frames_of(parts: Iterable[Staged | Changes]) -> list[Frame]:
    """The rows of these parts' malls: frames that are theirs alone, and each shared one once."""
    found: list[Frame] = []
    shared: dict[int, tuple[Frame, list[str]]] = {}
    for part in parts:
        if part.shared:
            shared.setdefault(id(_frame(part)), (_frame(part), []))[1].append(part.mall_id)
        else:
            found.append(_frame(part))
    return [*found, *(_of_malls(frame, malls) for frame, malls in shared.values())]


def _frame(part: Staged | Changes) -> Frame:
    return part.changes if isinstance(part, Staged) else part.frame


def _of_malls(frame: Frame, mall_ids: Sequence[str]) -> Frame:
    from pyspark.sql import functions as F  # noqa: N812 - only Spark's frames are ever shared

    return frame.where(F.col("mall_id").isin(*mall_ids))
