"""The stage goes into `products`: deletes first, then one MERGE of what is left.

Every column is named, so that one which a later release has added keeps its values in rows that are
there, and is null in new ones.
"""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from datetime import datetime

from mallfeed.sinks.sql import literals as lit
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.stage import STAGE


def products(layout: Layout, seq: int, now: datetime) -> list[str]:
    """Bring `products` to the stage; `seq` and `now` stand in each row that is written."""
    return [
        f"DELETE FROM products USING {STAGE} WHERE products.mall_id = {STAGE}.mall_id "
        f"AND products.product_id = {STAGE}.product_id AND {STAGE}.op = 'D'",
        f"DELETE FROM {STAGE} WHERE op = 'D'",
        _merge(layout, seq, now),
    ]


def _merge(layout: Layout, seq: int, now: datetime) -> str:
    values = {
        column.name: layout.dialect.from_json(f"{STAGE}.{column.name}")
        if column.is_json
        else f"{STAGE}.{column.name}"
        for column in layout.products
    }
    values |= {"seq": lit.number(seq), "loaded_at": f"CAST({lit.timestamp(now)} AS TIMESTAMP)"}
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
