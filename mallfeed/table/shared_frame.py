"""Frames that hold the rows of several malls, so that they are read once, not once per mall.

For a thousand rows, Spark spends nearly all its time on planning. With one frame per mall, the number of
small malls would determine how long a run takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mallfeed.table.port import Changes, Frame, Staged


def frames_of(parts: Iterable[Staged | Changes]) -> list[Frame]:
    """The frames with the rows of these parts' malls; a shared frame comes once, filtered to their malls."""
    own: list[Frame] = []
    shared: dict[int, tuple[Frame, list[str]]] = {}
    for part in parts:
        if part.shared:
            shared.setdefault(id(_frame(part)), (_frame(part), []))[1].append(part.mall_id)
        else:
            own.append(_frame(part))
    return [*own, *(_of_malls(frame, malls) for frame, malls in shared.values())]


def _frame(part: Staged | Changes) -> Frame:
    return part.changes if isinstance(part, Staged) else part.frame


def _of_malls(frame: Frame, mall_ids: Sequence[str]) -> Frame:
    from pyspark.sql import functions as F  # noqa: N812 - only Spark's frames are ever shared

    return frame.where(F.col("mall_id").isin(*mall_ids))
