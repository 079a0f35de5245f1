"""The slices that the rows of a full feed name, where a column says of each to which it belongs (`slice_from`)."""

from __future__ import annotations

from pyspark.sql import DataFrame

from mallfeed.errors import FeedHeld
from mallfeed.table.fold_columns import IN_SLICE

MOST_NAMED = 100
"""Slices that the rows of one full feed may name."""


def named_slices(checked: DataFrame) -> tuple[str, ...]:
    """The slices that the rows name. Raises FeedHeld `too_many_slices`: so many are no parts of a shop."""
    found = checked.select(IN_SLICE).distinct().limit(MOST_NAMED + 1).collect()
    named = tuple(sorted(row[0] for row in found))
    if len(named) > MOST_NAMED:
        raise FeedHeld(
            "too_many_slices",
            f"the rows name more than {MOST_NAMED} slices, for example {', '.join(map(repr, named[:3]))}; at most "
            f"{MOST_NAMED} are expected. Does `slice_from` name the column of a part of the shop? Publish a corrected "
            "version, then release the feed",
        )
    return named
