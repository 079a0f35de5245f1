"""What the mall of these tests sends: JSON lines that fill every canonical field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

Sent = Mapping[str, tuple[str, int]]
"""Product id → title and price; the rest of a product follows from its id."""
REFUSED = {"product_id": "no_price", "title": "가격 없음"}
"""A row that is refused: every feed has one, so that every release writes the table `rejects`."""


def feed(products: Sent) -> bytes:
    """One line per product, and one that is refused."""
    return json_lines(_row(one, title, price) for one, (title, price) in products.items())


def json_lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    """One line per row, and one that is refused."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in [*rows, REFUSED]).encode()


def _row(one: str, title: str, price: int) -> dict[str, object]:
    site, pictures = "https://shop.example", f"https://img.shop.example/{one}"
    return {
        "product_id": one,
        "title": title,
        "description": f"<p>{title} &amp; 상자</p>",
        "price": f"{price:,}원",
        "list_price": str(price + 1000),
        "currency": "KRW",
        "shipping_fee": "3000",
        "url": f"{site}/{one}",
        "mobile_url": f"{site}/m/{one}",
        "image_url": f"{pictures}.jpg",
        "extra_image_urls": [f"{pictures}-2.jpg", f"{pictures}-3.jpg"],
        "category_path": ["식품", "과일"],
        "category_raw": "식품>과일",
        "brand": "새봄",
        "maker": "새봄농장",
        "origin": "대한민국",
        "model_number": f"SB-{one}",
        "gtin": "8801234567893",
        "availability": "in_stock",
        "condition": "new",
        "item_group_id": "g1",
        "review_count": "12",
        "rating": "4.5",
        "adult": "N",
        "imported": "Y",
        "parallel_import": "N",
        "made_to_order": "Y",
        "tags": ["제철", "산지 직송"],
        "mall_updated_at": "2026-11-20T10:00:00+09:00",
        "colour": "빨강",
    }
