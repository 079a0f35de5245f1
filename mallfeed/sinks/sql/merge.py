"""The stage goes into `products`: deletes first, then one MERGE of what is left.

A column that only a later release knows becomes null in each row that is written: its value belongs to
a state of the product that is gone, and the later release, back again, compares with rows of the product
table, where it is null too. Rows that are not written keep theirs.
"""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mallfeed.sinks.sql import literals as lit
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.stage import STAGE


def products(layout: Layout, seq: int, now: datetime, foreign: Sequence[str] = ()) -> list[str]:
    """Bring `products` to the stage; `seq` and `now` stand in each row that is written.

    `foreign` are the columns of `products` that the layout does not know.
    """
    return [
        f"DELETE FROM products USING {STAGE} WHERE products.mall_id = {STAGE}.mall_id "
        f"AND products.product_id = {STAGE}.product_id AND {STAGE}.op = 'D'",
        f"DELETE FROM {STAGE} WHERE op = 'D'",
        _merge(layout, seq, now, foreign),
    ]


def _merge(layout: Layout, seq: int, now: datetime, foreign: Sequence[str]) -> str:
    values = {
        column.name: layout.dialect.from_json(f"{STAGE}.{column.name}")
        if column.is_json
        else f"{STAGE}.{column.name}"
        for column in layout.products
    }
    values |= {"seq": lit.number(seq), "loaded_at": f"CAST({lit.timestamp(now)} AS TIMESTAMP)"}
    values |= {lit.name(column): "NULL" for column in foreign}
    updates = ", ".join(
        f"{name} = {value}"
        for name, value in values.items()
        if name not in ("mall_id", "product_id")
    )
    return (
        f"MERGE INTO products USING {STAGE} ON products.mall_id = {STAGE}.mall_id "
        f"AND products.product_id = {STAGE}.product_id "
        f"WHEN MATCHED THEN UPDATE SET {updates} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(values)}) VALUES ({', '.join(values.values())})"
    )
