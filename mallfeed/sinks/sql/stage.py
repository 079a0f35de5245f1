"""The stage: the changes of all malls of a load, in a temporary table beside `products`."""

# ruff: noqa: S608 - names of ours
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mallfeed.sinks.sql.columns import Column
from mallfeed.sinks.sql.guard import MOVING

STAGE = "mallfeed_stage"


@dataclass(frozen=True)
class Stage:
    """A load that changes products, or may delete some.

    `fill` is the statement that fills the stage, None when there is no row to fill it with: a full
    synchronisation to nothing, whose deletes come from `products`.
    """

    fill: str | None


def filled(stage: Stage, columns: Sequence[Column], full: bool) -> list[str]:
    """Make the stage, fill it, and drop from it what is stale; `full` adds the deletes of extras."""
    listed = ", ".join(f"{column.name} {column.stage_type}" for column in columns)
    statements = [f"CREATE TEMP TABLE {STAGE} ({listed})"]
    if stage.fill is not None:
        statements += [
            stage.fill,
            f"DELETE FROM {STAGE} WHERE mall_id NOT IN (SELECT mall_id FROM {MOVING})",
        ]
    return [*statements, _ADD_EXTRAS] if full else statements


_ADD_EXTRAS = (
    f"INSERT INTO {STAGE} (op, mall_id, product_id) "
    "SELECT 'D', products.mall_id, products.product_id FROM products "
    f"INNER JOIN {MOVING} ON {MOVING}.mall_id = products.mall_id AND {MOVING}.kind = 'contents' "
    f"LEFT JOIN {STAGE} AS staged ON staged.mall_id = products.mall_id "
    "AND staged.product_id = products.product_id WHERE staged.product_id IS NULL"
)

COUNTS = (
    f"SELECT {STAGE}.mall_id, {STAGE}.op, COUNT(*) AS staged, COUNT(products.product_id) AS held "
    f"FROM {STAGE} LEFT JOIN products ON products.mall_id = {STAGE}.mall_id "
    f"AND products.product_id = {STAGE}.product_id GROUP BY {STAGE}.mall_id, {STAGE}.op"
)
"""By mall and op: rows in the stage, and how many of their products the table held before."""
