"""The judged products: real-looking listings of known articles, the same on every run.

`listings()` keeps what is true of each product beside what a mall says of it; `products()` is what a search
engine gets, `truths()` what the judgements are made from.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from .amounts import LABELS, usual
from .prices import asked_prices
from .titles import of_script, title
from .vocabulary import Article, articles, brand_forms, line_forms, shared

SEED = "judged-1"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
STATES = {"in_stock": 88, "out_of_stock": 9, "preorder": 1, "backorder": 1, "discontinued": 1}
SHIPPING = [0, 0, 0, 2500, 3000, 3500, -1, None]


@dataclass(frozen=True)
class Listing:
    """One product of a mall and the facts about it."""

    product: dict[str, Any]
    truth: dict[str, Any]

    @property
    def document_id(self) -> str:
        """The product's id in an index."""
        return f"{self.product['mall_id']}:{self.product['product_id']}"


def _seeded(what: str) -> Random:
    """A generator of its own for each thing, so that adding one article changes no other."""
    return Random(f"{SEED}:{what}")


def gtin(number: int) -> str:
    """A GTIN-13 of the Korean range with a right check digit."""
    body = f"880{number:09d}"
    odd_even = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-odd_even % 10)


def _truth(article: Article, variant: dict[str, Any]) -> dict[str, Any]:
    own = {key: value for key, value in article.truth.items() if key not in ("of", "has")}
    fits = {f"for_{key}": value for key, value in article.truth.get("of", {}).items()}
    return own | variant | fits | {
        "type": article.kind.name,
        "category": article.kind.category,
        "brand": article.brand,
        "line": article.line,
        "model": article.model,
        "for": article.kind.accessory_of,
        "has": [*article.kind.has, *article.truth.get("has", [])],
        "article": article.number,
    }  # fmt: skip


def _attributes(truth: dict[str, Any], rng: Random) -> dict[str, str]:
    words = shared("words")
    told = {label: amount for name, label in LABELS.items() if (amount := usual(name, truth))}
    if "colour" in truth:
        told["색상"] = rng.choice(words["colours"][truth["colour"]])
    if "who" in truth:
        told["대상"] = words["who"][truth["who"]][0]
    if truth["has"]:
        told["특징"] = ", ".join(truth["has"])
    if "author" in truth:
        told["저자"] = truth["author"]
    return told


def _description(article: Article, attributes: dict[str, str]) -> str:
    name = " ".join(([brand_forms(article.brand)[0]] if article.brand else [])
                    + ([line_forms(article.line)[0]] if article.line else []) + [article.kind.nouns[0]])  # fmt: skip
    facts = ", ".join(f"{key} {value}" for key, value in attributes.items())
    return f"{name}입니다." + (f" {facts}." if facts else "")


def _popularity(rng: Random) -> tuple[int, float | None]:
    if rng.random() < 0.25:
        return 0, None
    return int(10 ** rng.uniform(0, 4.2)), round(rng.uniform(3.2, 5.0), 2)


def _brand_field(article: Article, style: dict[str, Any], titled: str, rng: Random) -> str | None:
    """Left out now and then, but only where the title says it."""
    if not article.brand:
        return None
    forms = brand_forms(article.brand)
    told = of_script(forms, rng.random() < style["latin"], rng)
    return None if rng.random() < 0.05 and any(form in titled for form in forms) else told


def _model_field(article: Article, titled: str, rng: Random) -> str | None:
    """Left out now and then, but only where the title says it."""
    return (
        None if article.model and rng.random() < 0.1 and article.model in titled else article.model
    )


def _listing(
    article: Article, mall: str, style: dict[str, Any], number: int, variant: dict[str, Any]
) -> Listing:
    rng = _seeded(f"{mall}:{article.number}:{number}")
    truth, product_id = _truth(article, variant), f"{article.number:04d}{number:02d}"
    price, list_price, trap = asked_prices(article, variant, rng)
    attributes = _attributes(truth, rng)
    review_count, rating = _popularity(rng)
    told_title = title(article, truth, style, rng)
    host, nouns = (
        f"www.{mall.replace('_', '-')}.example",
        [noun.replace(" ", "") for noun in article.kind.nouns],
    )
    product = {
        "mall_id": mall,
        "product_id": product_id,
        "title": told_title,
        "description": _description(article, attributes) if rng.random() < 0.8 else None,
        "price": price,
        "list_price": list_price,
        "currency": "KRW",
        "shipping_fee": rng.choice(SHIPPING),
        "url": f"https://{host}/goods/{product_id}",
        "image_url": f"https://img.{host}/{product_id}.jpg",
        "category_path": list(article.kind.category),
        "brand": _brand_field(article, style, told_title, rng),
        "maker": brand_forms(article.brand)[0] if article.brand and rng.random() < 0.3 else None,
        "model_number": _model_field(article, told_title, rng),
        "gtin": gtin(article.number * 100 + number)
        if article.brand and rng.random() < 0.6
        else None,
        "availability": rng.choices(list(STATES), list(STATES.values()))[0],
        "item_group_id": f"G{article.number:04d}" if article.kind.axes else None,
        "review_count": review_count,
        "rating": rating,
        "tags": rng.sample(nouns, 1) if rng.random() < 0.4 else [],
        "attributes": attributes,
        "mall_updated_at": (NOW - timedelta(minutes=rng.randrange(60 * 24 * 400))).isoformat(),
    }
    seen = {"trap": trap, "mall": mall, "price": price, "reviews": review_count,
            "state": product["availability"], "free_shipping": product["shipping_fee"] == 0}  # fmt: skip
    return Listing(product, truth | seen)


def _sold_by(article: Article) -> list[tuple[str, dict[str, Any]]]:
    rng = _seeded(f"{article.number}")
    malls = [(mall, style) for mall, style in shared("malls").items()
             if style["sells"] == "all" or article.kind.group in style["sells"]]  # fmt: skip
    return [one for one in malls if rng.random() < 0.85] or malls[:1]


@cache
def listings() -> tuple[Listing, ...]:
    """Every product with its truth, by article, mall and variant."""
    found = []
    for article in articles():
        for mall, style in _sold_by(article):
            kept = _seeded(f"{mall}:{article.number}")
            variants = list(enumerate(article.kind.variants()))
            chosen = [one for one in variants if kept.random() < 0.85] or variants[:1]
            found += [_listing(article, mall, style, number, variant) for number, variant in chosen]
    return tuple(found)


def products() -> list[dict[str, Any]]:
    """The products as the canonical product has them, keyed by mall_id and product_id."""
    return [dict(one.product) for one in listings()]
