"""Search bodies for the alias `products`: what the parameters ask for, and what can narrow it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any

from mallfeed.sinks.opensearch.query import product_query

Given = Mapping[str, Any]
Clause = dict[str, Any]

CARD_FIELDS = (
    "mall_id", "product_id", "title", "url", "mobile_url", "image_url", "price", "list_price",
    "discount_rate", "currency", "shipping_fee", "free_shipping", "availability", "condition",
    "category_path", "brand", "maker", "model_number", "review_count", "rating", "adult",
    "variant_key", "product_group_key",
)  # fmt: skip
PRODUCT_FIELDS = (
    *CARD_FIELDS, "description", "extra_image_urls", "origin", "gtin", "item_group_id", "imported",
    "parallel_import", "made_to_order", "tags", "attributes", "mall_updated_at",
)  # fmt: skip
FILTERS: dict[str, Callable[[Given], Clause | None]] = {
    "category": lambda g: {"term": {"category_tree": g["category"]}} if g["category"] else None,
    "brand": lambda g: {"terms": {"brand": g["brand"]}} if g["brand"] else None,
    "mall": lambda g: {"terms": {"mall_id": g["mall"]}} if g["mall"] else None,
    "availability": lambda g: (
        {"terms": {"availability": [str(one) for one in g["availability"]]}}
        if g["availability"]
        else None
    ),
    "price": lambda g: _price(g["min_price"], g["max_price"]),
    "free_shipping": lambda g: (
        None if g["free_shipping"] is None else {"term": {"free_shipping": g["free_shipping"]}}
    ),
}
"""Facet → the filter that its parameters ask for."""
PRICE_STEPS = (10_000, 30_000, 50_000, 100_000, 300_000, 1_000_000)
"""Where a shopper's price ranges begin and end, in won."""
COUNTED: dict[str, Clause] = {
    "category": {"terms": {"field": "category_tree", "size": 200}},
    "brand": {"terms": {"field": "brand", "size": 50}},
    "mall": {"terms": {"field": "mall_id", "size": 100}},
    "availability": {"terms": {"field": "availability"}},
    "free_shipping": {"terms": {"field": "free_shipping"}},
    "price": {
        "range": {
            "field": "price",
            "ranges": [
                {"to": PRICE_STEPS[0]},
                *({"from": low, "to": high} for low, high in pairwise(PRICE_STEPS)),
                {"from": PRICE_STEPS[-1]},
            ],
        }
    },
}
_LAST = {"missing": "_last"}
SORTS: dict[str, list[Any]] = {
    "relevance": ["_score", {"review_count": {"order": "desc", **_LAST}}],
    "price_asc": [{"price": "asc"}],
    "price_desc": [{"price": "desc"}],
    "newest": [{"loaded_at": {"order": "desc", **_LAST}}],
    "reviews": [{"review_count": {"order": "desc", **_LAST}}],
}
COUNT_TO = 10_000


def products_body(given: Given, start: int) -> Clause:
    """The products from that place on, variants of an article as one, and facets if asked for.

    Filters come after the counting (post_filter), so that each facet is counted under every filter
    but its own.
    """
    text = given["q"].strip()
    query = product_query(text, None, 0)["query"] if text else {"match_all": {}}
    body: Clause = {
        "from": start,
        "size": given["size"],
        "track_total_hits": COUNT_TO,
        "query": {"bool": {"must": [query], "filter": [] if given["facets"] else _all(given)}},
        "sort": [*SORTS[given["sort"]], {"mall_id": "asc"}, {"product_id": "asc"}],
        "collapse": {"field": "variant_key"},
        "_source": list(CARD_FIELDS),
    }
    if given["facets"]:
        body["post_filter"] = {"bool": {"filter": _all(given)}}
        body["aggs"] = {
            name: {"filter": {"bool": {"filter": _all(given, but=name)}}, "aggs": {"by": counted}}
            for name, counted in COUNTED.items()
        }
    return body


def kin_body(variants: Iterable[str], groups: Iterable[str]) -> Clause:
    """How many belong to these articles, and what the malls ask for these products."""
    keys = {"variant_key": sorted(set(variants)), "product_group_key": sorted(set(groups))}
    either = [{"terms": {field: values}} for field, values in keys.items()]

    def by(field: str) -> Clause:
        return {"field": field, "include": keys[field], "size": max(1, len(keys[field]))}

    malls = {"cardinality": {"field": "mall_id"}}
    return {
        "size": 0,
        "query": {"bool": {"should": either, "minimum_should_match": 1}},
        "aggs": {
            "variants": {"terms": by("variant_key")},
            "offers": {
                "terms": by("product_group_key"),
                "aggs": {"malls": malls, "lowest": {"min": {"field": "price"}}},
            },
        },
    }


def product_body(product_id: str) -> Clause:
    """The document of that id."""
    return {"size": 1, "query": {"ids": {"values": [product_id]}}, "_source": list(PRODUCT_FIELDS)}


def offers_body(group: str, most: int) -> Clause:
    """Every mall's offer of the same product, cheapest first."""
    return {
        "size": most,
        "query": {"term": {"product_group_key": group}},
        "sort": [{"price": "asc"}, {"mall_id": "asc"}, {"product_id": "asc"}],
        "_source": list(CARD_FIELDS),
    }


def suggest_body(typed: str, size: int) -> Clause:
    """Titles that hold words beginning with what was typed, on whichever keyboard layout."""
    jamo = ["title.jamo^2", "brand.jamo^2"]
    other_layout = "latin_keys_as_jamo" if typed.isascii() else "jamo_keys_as_latin"
    ways: list[Clause] = [
        {"query": typed, "fields": [*jamo, "title.chosung", "brand.chosung"]},
        {"query": typed, "fields": jamo, "analyzer": other_layout, "boost": 0.3},
    ]
    return {
        "size": size * 3,
        "query": {
            "dis_max": {"queries": [{"multi_match": {**w, "operator": "and"}} for w in ways]}
        },
        "sort": ["_score", {"review_count": {"order": "desc", **_LAST}}],
        "_source": ["title"],
        "track_total_hits": False,
    }


def _all(given: Given, but: str | None = None) -> list[Clause]:
    found = (wanted(given) for name, wanted in FILTERS.items() if name != but)
    return [clause for clause in found if clause is not None]


def _price(low: float | None, high: float | None) -> Clause | None:
    bounds = {"gte": low, "lte": high}
    bounds = {name: bound for name, bound in bounds.items() if bound is not None}
    return {"range": {"price": bounds}} if bounds else None
