"""Some products with every canonical field, as feeds.md's rules read what the mall wrote."""

from __future__ import annotations

from typing import Any

from mallfeed.product.fields import BY_NAME
from sample_feeds.goods import Goods

STAMP = "2026-11-22T00:00:00+00:00"
"""2026-11-22 09:00:00 in Seoul."""


def whole(one: Goods, product_id: str, url: str, **told: Any) -> dict[str, Any]:
    """Every canonical field of a product; what the mall does not tell is null."""
    known = {
        "product_id": product_id, "title": one.title, "price": one.price, "currency": "KRW",
        "url": url, "category_path": one.path, "category_raw": one.category, "brand": one.brand,
    }  # fmt: skip
    unknown = set(told) - set(BY_NAME)
    assert not unknown, unknown
    gtins = {"gtins": [told["gtin"]]} if told.get("gtin") else {}
    return dict.fromkeys(BY_NAME) | known | told | gtins


def hanbit_mart(one: Goods, **told: Any) -> dict[str, Any]:
    """Won with separators, a protocol-less address, an image path with Hangul and a space in it."""
    site = "https://www.hanbit.example"
    usual = {
        "list_price": one.list_price, "shipping_fee": 3000, "gtin": one.gtin,
        "availability": "in_stock", "image_url": f"{site}/img/%EC%83%81%ED%92%88%20{one.number}.jpg",
    }  # fmt: skip
    return whole(one, f"HB{one.number:05d}", f"{site}/goods/{one.number}", **usual | told)


def saebom_shop(one: Goods, **told: Any) -> dict[str, Any]:
    """An EP row: local time, free shipping."""
    usual = {
        "list_price": one.list_price, "shipping_fee": 0, "condition": "new",
        "mobile_url": f"https://m.saebom.example/p/{one.number}",
        "image_url": f"https://img.saebom.example/{one.number}.jpg",
        "review_count": one.reviews, "mall_updated_at": STAMP,
    }  # fmt: skip
    url = f"https://saebom.example/p/{one.number}"
    return whole(one, f"SB-{one.number}", url, **usual | told)


def nuri_digital(one: Goods, **told: Any) -> dict[str, Any]:
    """Nested prices, a list of images, ` > ` between the levels."""
    images = [f"https://cdn.nuri.example/{one.number}-{n}.webp" for n in range(3)]
    usual = {
        "list_price": one.list_price, "image_url": images[0], "extra_image_urls": images[1:],
        "availability": "in_stock" if one.number % 9 else "out_of_stock", "rating": "4.50",
        "tags": ["특가", "무료배송"], "category_raw": one.category.replace(">", " > "),
    }  # fmt: skip
    url = f"https://nuri.example/%EC%83%81%ED%92%88/{one.number}"
    return whole(one, f"N{one.number:04d}", url, **usual | told)


def duru_fashion(one: Goods, **told: Any) -> dict[str, Any]:
    """Epoch seconds, a group of variants, a colour."""
    colour = ("검정", "흰색", "빨강")[one.number % 3]
    usual = {
        "list_price": one.list_price, "item_group_id": f"G{one.number // 3}",
        "attributes": {"color": colour}, "mall_updated_at": told.pop("updated"),
    }  # fmt: skip
    return whole(one, f"D{one.number}", f"https://duru.example/{one.number}", **usual | told)


def gaon_books(one: Goods, **told: Any) -> dict[str, Any]:
    """Typed values: a number as id, a decimal, a time with its zone."""
    usual = {
        "gtin": one.gtin, "availability": "in_stock",
        "mall_updated_at": "2026-11-22T01:02:03+00:00",
    }  # fmt: skip
    url = f"https://gaon.example/b/{one.number}"
    return whole(one, str(one.number + 1), url, **usual | told)


def mirae_living(one: Goods, **told: Any) -> dict[str, Any]:
    """The least that a mall can send."""
    return whole(one, f"M{one.number}", f"https://mirae.example/item/{one.number}", **told)
