"""The same product in other malls, and the other variants of an article.

Offers compare within one product, class of condition and size of pack (`mallfeed.product.comparable`), and in the
shop's currency (`mallfeed.product.rates`). Documents that an earlier release has written do not have the class in
their key: it is looked at besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from mallfeed.product.comparable import BETWEEN, CLASSES, NEW, condition_class, product_of
from mallfeed.product.rates import Rates
from mallfeed.search import compared
from mallfeed.search.parameters import ARTICLE_FIELD, GROUP_FIELD
from mallfeed.search.result import Hit, Offers, OfOtherKind

MOST_OFFERS = 50
MOST_KINDS = 50
"""Classes and sizes of one product that are looked at."""
_MOST_CURRENCIES = 200
_ALONE = "item:"
_NOT_SOLD = ("out_of_stock", "discontinued")
_SOLD = {"bool": {"must_not": {"terms": {"availability": list(_NOT_SOLD)}}}}
_PACK = re.compile(f"{BETWEEN}x([0-9]+)$")
Plain = dict[str, Any]


def with_offers(client: Any, index: str, hits: list[Hit], rates: Rates) -> list[Hit]:
    """The hits with `offers` and `variants`, by one query for all of them."""
    keys = {
        field: sorted({key for hit in hits if not (key := hit.fields[field]).startswith(_ALONE)})
        for field in (GROUP_FIELD, ARTICLE_FIELD)
    }
    if not any(keys.values()):
        return hits
    found = client.search(index=index, body=_body(keys))["aggregations"]
    offers = {one["key"]: one for one in found[GROUP_FIELD]["buckets"]}
    variants = {one["key"]: one["doc_count"] for one in found[ARTICLE_FIELD]["buckets"]}
    return [
        replace(
            hit,
            offers=_offers(offers.get(hit.fields[GROUP_FIELD]), _class_of(hit), rates),
            variants=variants.get(hit.fields[ARTICLE_FIELD], 1),
        )
        for hit in hits
    ]


def same_product(client: Any, index: str, hit: Hit, rates: Rates, delivered: bool) -> list[Hit]:
    """Every mall's offer that compares with the hit, cheapest first, with or without the fee for shipping; behind
    them those whose price cannot be compared."""
    asked = {
        "all": True,
        "size": MOST_OFFERS,
        "among_field": GROUP_FIELD,
        "among": [hit.fields[GROUP_FIELD]],
        **compared.order("asc", delivered, rates),
    }
    body = {"id": "product_search", "params": asked}
    found = client.search_template(index=index, body=body)["hits"]["hits"]
    hits = (Hit(one["_id"], one["_source"]) for one in found)
    return list(
        _marked([one for one in hits if _class_of(one) == _class_of(hit)], rates, delivered)
    )


def of_other_kinds(client: Any, index: str, hit: Hit, rates: Rates) -> list[OfOtherKind]:
    """The product's offers of other classes and sizes, each in short."""
    key = hit.fields[GROUP_FIELD]
    if key.startswith(_ALONE):
        return []
    product = product_of(key)
    either = [{"term": {GROUP_FIELD: product}}, {"prefix": {GROUP_FIELD: f"{product}{BETWEEN}"}}]
    body = {
        "size": 0,
        "track_total_hits": False,
        "query": {"bool": {"filter": {"bool": {"should": either}}}},
        "aggs": {
            "kinds": {"terms": {"field": GROUP_FIELD, "size": MOST_KINDS}, "aggs": _by_class()}
        },
    }
    found = client.search(index=index, body=body)["aggregations"]["kinds"]["buckets"]
    own = (_class_of(hit), _pack_of(key))
    kinds = (
        OfOtherKind(name, _pack_of(one["key"]), _in_short(counted, rates))
        for one in found
        for name in CLASSES
        if (counted := one[name])["doc_count"]
    )
    others = (one for one in kinds if (one.condition, one.pack_size) != own)
    return sorted(others, key=lambda one: (list(CLASSES).index(one.condition), one.pack_size))


def _marked(hits: list[Hit], rates: Rates, delivered: bool) -> Iterator[Hit]:
    """With what each costs, and which is the lowest."""
    costs = [_cost(hit, rates, delivered) for hit in hits]
    lowest = _lowest((cost, _is_sold(hit)) for cost, hit in zip(costs, hits, strict=True))
    sold = any(_is_sold(hit) and cost is not None for cost, hit in zip(costs, hits, strict=True))
    for hit, cost in zip(hits, costs, strict=True):
        is_lowest = cost is not None and cost == lowest and (_is_sold(hit) or not sold)
        yield replace(hit, is_lowest=is_lowest)


def _cost(hit: Hit, rates: Rates, delivered: bool) -> float | None:
    known = compared.prices(hit.fields, rates)
    return known.shop_delivered_price if delivered else known.shop_price


def _lowest(costs: Iterable[tuple[float | None, bool]]) -> float | None:
    """Of (cost, whether it can be bought): sold-out ones count only if there is no other."""
    known = [(cost, sold) for cost, sold in costs if cost is not None]
    return min((cost for cost, sold in known if sold), default=None) or min(
        (cost for cost, _ in known), default=None
    )


def _is_sold(hit: Hit) -> bool:
    return hit.fields.get("availability") not in _NOT_SOLD


def _class_of(hit: Hit) -> str:
    return condition_class(hit.fields.get("condition"))


def _pack_of(key: str) -> int:
    found = _PACK.search(key)
    return int(found[1]) if found else 1


def _by_class() -> Plain:
    """Aggregations: each class of condition, its malls, and the lowest price of each currency."""
    by_currency = {
        "terms": {"field": "currency", "size": _MOST_CURRENCIES},
        "aggs": {"lowest": {"min": {"field": "price"}}},
    }
    inner: Plain = {
        "malls": {"cardinality": {"field": "mall_id"}},
        "any": by_currency,
        "sold": {"filter": _SOLD, "aggs": {"any": by_currency}},
    }
    return {name: {"filter": _is_of_class(name), "aggs": inner} for name in CLASSES}


def _is_of_class(name: str) -> Plain:
    """A product whose mall says nothing of its condition is new."""
    if name != NEW:
        return {"terms": {"condition": list(CLASSES[name])}}  # type: ignore[index]
    others = [one for other, among in CLASSES.items() if other != NEW for one in among]
    return {"bool": {"must_not": {"terms": {"condition": others}}}}


def _body(keys: dict[str, list[str]]) -> Plain:
    either = [{"terms": {field: values}} for field, values in keys.items()]
    return {
        "size": 0,
        "track_total_hits": False,
        "query": {"bool": {"filter": {"bool": {"should": either}}}},
        "aggs": {
            field: {
                "terms": {"field": field, "include": values, "size": max(1, len(values))},
                **({"aggs": _by_class()} if field == GROUP_FIELD else {}),
            }
            for field, values in keys.items()
        },
    }


def _offers(bucket: Plain | None, of_class: str, rates: Rates) -> Offers | None:
    if bucket is None:
        return None
    offers = _in_short(bucket[of_class], rates)
    return offers if offers.malls > 1 else None


def _in_short(counted: Plain, rates: Rates) -> Offers:
    """Sold-out offers count for the lowest price only if there is no other that compares."""
    lowest = _lowest_of(counted["sold"]["any"], rates)
    if lowest is None:
        lowest = _lowest_of(counted["any"], rates)
    known = set(rates.currencies)
    buckets = counted["any"]["buckets"]
    return Offers(
        malls=counted["malls"]["value"],
        lowest_price=lowest,
        currency=rates.to,
        not_compared=sum(one["doc_count"] for one in buckets if one["key"] not in known),
    )


def _lowest_of(by_currency: Plain, rates: Rates) -> float | None:
    found = (
        rates.in_shop(one["lowest"]["value"], one["key"])
        for one in by_currency["buckets"]
        if one["lowest"]["value"] is not None
    )
    return min((float(one) for one in found if one is not None), default=None)
