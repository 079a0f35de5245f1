"""The same product in other malls, and the other variants of an article."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mallfeed.search.parameters import ARTICLE_FIELD, GROUP_FIELD
from mallfeed.search.result import Hit, Offers

MOST_OFFERS = 50
_ALONE = "item:"
_SOLD = {"bool": {"must_not": {"terms": {"availability": ["out_of_stock", "discontinued"]}}}}


def with_offers(client: Any, index: str, hits: list[Hit]) -> list[Hit]:
    """The hits with `offers` and `variants`, by one query for all of them."""
    keys = {
        field: sorted({key for hit in hits if not (key := hit.fields[field]).startswith(_ALONE)})
        for field in (GROUP_FIELD, ARTICLE_FIELD)
    }
    if not any(keys.values()):
        return hits
    found = client.search(index=index, body=_body(keys))["aggregations"]
    offers = {one["key"]: _offers(one) for one in found[GROUP_FIELD]["buckets"]}
    variants = {one["key"]: one["doc_count"] for one in found[ARTICLE_FIELD]["buckets"]}
    return [
        replace(
            hit,
            offers=offers.get(hit.fields[GROUP_FIELD]),
            variants=variants.get(hit.fields[ARTICLE_FIELD], 1),
        )
        for hit in hits
    ]


def same_product(client: Any, index: str, hit: Hit) -> list[Hit]:
    """Every mall's offer of the product, cheapest first."""
    body = {
        "size": MOST_OFFERS,
        "query": {"term": {GROUP_FIELD: hit.fields[GROUP_FIELD]}},
        "sort": [{"price": "asc"}, {"mall_id": "asc"}, {"product_id": "asc"}],
        "_source": {"excludes": ["description", "attributes"]},
    }
    found = client.search(index=index, body=body)["hits"]["hits"]
    return [Hit(one["_id"], one["_source"]) for one in found]


def _body(keys: dict[str, list[str]]) -> dict[str, Any]:
    lowest = {"min": {"field": "price"}}
    inner: dict[str, Any] = {
        "malls": {"cardinality": {"field": "mall_id"}},
        "lowest": lowest,
        "sold": {"filter": _SOLD, "aggs": {"lowest": lowest}},
    }
    either = [{"terms": {field: values}} for field, values in keys.items()]
    return {
        "size": 0,
        "track_total_hits": False,
        "query": {"bool": {"filter": {"bool": {"should": either}}}},
        "aggs": {
            field: {
                "terms": {"field": field, "include": values, "size": max(1, len(values))},
                **({"aggs": inner} if field == GROUP_FIELD else {}),
            }
            for field, values in keys.items()
        },
    }


def _offers(bucket: dict[str, Any]) -> Offers | None:
    malls = bucket["malls"]["value"]
    lowest = bucket["sold"]["lowest"]["value"]
    if lowest is None:
        lowest = bucket["lowest"]["value"]
    return Offers(malls, lowest) if malls > 1 else None
