"""Which price held from when to when: `product_price_history`, valid by commit time, or by the moment
at which a sale began or ended."""

# ruff: noqa: S608 - names of ours
from __future__ import annotations

from mallfeed.sinks.sql.columns import PRICE_COLUMNS
from mallfeed.sinks.sql.guard import MOVING
from mallfeed.sinks.sql.stage import STAGE


def price_history() -> list[str]:
    """Close the open rows of changed and deleted products, open new ones."""
    same = " AND ".join(
        f"(product_price_history.{name} = {STAGE}.{name} OR "
        f"(product_price_history.{name} IS NULL AND {STAGE}.{name} IS NULL))"
        for name in PRICE_COLUMNS
    )
    # NULL = value is unknown, not false: the NOT below needs a plain yes or no.
    changed = f"CASE WHEN {same} THEN 0 ELSE 1 END = 1"
    prices = ", ".join(f"{STAGE}.{name}" for name in PRICE_COLUMNS)
    return [
        f"UPDATE product_price_history SET valid_to = {MOVING}.valid_at "
        f"FROM {STAGE} INNER JOIN {MOVING} ON {MOVING}.mall_id = {STAGE}.mall_id "
        f"WHERE product_price_history.mall_id = {STAGE}.mall_id "
        f"AND product_price_history.product_id = {STAGE}.product_id "
        "AND product_price_history.valid_to IS NULL "
        f"AND ({STAGE}.op = 'D' OR {changed})",
        "INSERT INTO product_price_history "
        f"(mall_id, product_id, valid_from, {', '.join(PRICE_COLUMNS)}) "
        f"SELECT {STAGE}.mall_id, {STAGE}.product_id, {MOVING}.valid_at, {prices} FROM {STAGE} "
        f"INNER JOIN {MOVING} ON {MOVING}.mall_id = {STAGE}.mall_id "
        f"LEFT JOIN product_price_history AS held ON held.mall_id = {STAGE}.mall_id "
        f"AND held.product_id = {STAGE}.product_id AND held.valid_to IS NULL "
        f"WHERE {STAGE}.op = 'U' AND held.product_id IS NULL",
    ]
