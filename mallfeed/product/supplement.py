"""Supplements: feeds that add values to products of others, and never make or remove one (docs/feeds-and-time.md).

In the ledger a supplement is a slice of its own, so that its feeds supersede, hold and block each other only. In the
product table its rows stand beside the mall's products, in a partition of their own, so that one commit takes both.
"""

from __future__ import annotations

MARK = "+"
"""Stands in no mall's id, and begins no other slice: `mallfeed.catalog.rules` sees to that."""


MEMORY = "~stamps"
"""What is remembered of products of a mall whose rows have stamps stands in the table like a supplement called so, which no
catalog can have: `mallfeed.table.stamps`."""


def slice_of(supplement: str) -> str:
    """The slice of a supplement's feeds, by the supplement's name: `+gtins`."""
    return f"{MARK}{supplement}"


def named_by(slice_name: str | None) -> str | None:
    """The name of the supplement whose slice that is; None for another slice."""
    return slice_name[1:] if slice_name and slice_name.startswith(MARK) else None


def partition_of(mall_id: str, supplement: str) -> str:
    """What the product table has as `mall_id` of the supplement's rows: `saebom_shop+gtins`."""
    return f"{mall_id}{MARK}{supplement}"


def supplement_in(partition: str) -> tuple[str, str] | None:
    """Mall and supplement of a value of the table's `mall_id`; None for a mall's own products."""
    mall_id, mark, name = partition.partition(MARK)
    return (mall_id, name) if mark else None
