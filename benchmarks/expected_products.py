"""What a sink must contain for a product: derived from the feed's row, by the benchmark's own rules.

Every contestant (ours, the peers, the ceiling) is compared with it, so that only correct work is timed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.feeds import Day, Shop, table

AVAILABILITY = {"판매중": "in_stock", "품절": "out_of_stock"}
LINEAGE = ("content_hash", "loaded_at")
"""Fields of a document that say who loaded it, and when."""
_SEOUL = ZoneInfo("Asia/Seoul")


def documents(shop: Shop, mall_id: str, numbers: list[int], day: Day) -> dict[str, dict[str, Any]]:
    """By document id: the documents of these products, without LINEAGE."""
    rows = table(shop, np.array(numbers, dtype=np.int64), day).to_pylist()
    return {f"{mall_id}:{row['id']}": document(row, mall_id) for row in rows}


def document(row: dict[str, str], mall_id: str) -> dict[str, Any]:
    """The document of one row."""
    levels = [level.strip() for level in row["category"].split(">")]
    price, list_price = int(row["price"].replace(",", "")), int(row["list_price"])
    return {
        "mall_id": mall_id,
        "product_id": row["id"],
        "title": row["title"].replace("&amp;", "&"),
        "description": row["description"],
        "price": price,
        "list_price": list_price,
        "discount_rate": (list_price - price) * 100 // list_price,
        "currency": "KRW",
        "url": row["url"],
        "image_url": row["image"],
        "category_path": levels,
        "category_raw": row["category"],
        "category_tree": [">".join(levels[:n]) for n in range(1, len(levels) + 1)],
        "brand": row["brand"],
        "maker": row["maker"],
        "gtin": row["gtin"],
        "gtins": [row["gtin"]],
        "availability": AVAILABILITY[row["stock"]],
        "review_count": int(row["reviews"]),
        "mall_updated_at": _utc(row["updated"]),
        "variant_key": f"item:{mall_id}:{row['id']}",
        "product_group_key": f"gtin:{row['gtin']:0>14}",
    }


def _utc(text: str) -> str:
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_SEOUL).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
