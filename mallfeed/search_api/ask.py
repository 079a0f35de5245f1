"""Between the API's words and the index: parameters → search bodies, what was found → answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mallfeed.search_api import cursor, query
from mallfeed.search_api.parameters import MOST_VALUES
from mallfeed.sinks.opensearch.index_template import ALIAS

Hit = dict[str, Any]
Plain = dict[str, Any]
_KEYS = ("variant_key", "product_group_key")


class Asked:
    """The index behind an opensearch-py client."""

    def __init__(self, client: Any, index: str = ALIAS) -> None:
        self._client = client
        self._index = index

    def products(self, **given: Any) -> Plain:
        """ProductsAnswer as plain data; raises ApiProblem for a cursor of another search."""
        start = cursor.place(given)
        found = self._search(query.products_body(given, start))
        hits = found["hits"]["hits"]
        total = found["hits"]["total"]
        answer: Plain = {
            "total": {"value": total["value"], "exact": total["relation"] == "eq"},
            "items": self._cards(hits),
        }
        if len(hits) == given["size"] and (after := cursor.after(given, start + len(hits))):
            answer["next"] = after
        if given["facets"]:
            answer["facets"] = _facets(found["aggregations"])
        return answer

    def product(self, product_id: str) -> Plain | None:
        """ProductAnswer as plain data; None when there is no such product."""
        hits = self._search(query.product_body(product_id))["hits"]["hits"]
        if not hits:
            return None
        group = hits[0]["_source"]["product_group_key"]
        offers = self._search(query.offers_body(group, MOST_VALUES))["hits"]["hits"]
        return {"product": self._cards(hits)[0], "offers": [_plain(offer) for offer in offers]}

    def suggestions(self, typed: str, size: int) -> Plain:
        """SuggestAnswer as plain data."""
        hits = self._search(query.suggest_body(typed, size))["hits"]["hits"]
        texts = list(dict.fromkeys(hit["_source"]["title"] for hit in hits))[:size]
        return {"suggestions": [{"text": text, "kind": "title"} for text in texts]}

    def _cards(self, hits: list[Hit]) -> list[Plain]:
        """The hits with the number of variants, and of malls that have the same product."""
        if not hits:
            return []
        groups = (key for key in _keys(hits, "product_group_key") if not key.startswith("item:"))
        found = self._search(query.kin_body(_keys(hits, "variant_key"), groups))["aggregations"]
        variants = {one["key"]: one["doc_count"] for one in found["variants"]["buckets"]}
        offers = {
            one["key"]: {"count": one["malls"]["value"], "lowest_price": one["lowest"]["value"]}
            for one in found["offers"]["buckets"]
            if one["malls"]["value"] > 1
        }
        cards = []
        for hit in hits:
            card, source = _plain(hit), hit["_source"]
            if (count := variants.get(source["variant_key"], 1)) > 1:
                card["variants"] = count
            if offer := offers.get(source["product_group_key"]):
                card["offers"] = offer
            cards.append(card)
        return cards

    def _search(self, body: Plain) -> Any:
        return self._client.search(index=self._index, body=body)


def _plain(hit: Hit) -> Plain:
    source = {name: value for name, value in hit["_source"].items() if name not in _KEYS}
    return {"id": hit["_id"], **source}


def _keys(hits: Iterable[Hit], name: str) -> list[str]:
    return [hit["_source"][name] for hit in hits]


def _facets(aggregations: Plain) -> Plain:
    buckets = {name: found["by"]["buckets"] for name, found in aggregations.items()}
    ranges = [one for one in buckets["price"] if one["doc_count"]]
    return {
        **{
            name: [{"value": one["key"], "count": one["doc_count"]} for one in buckets[name]]
            for name in ("category", "brand", "mall", "availability")
        },
        "free_shipping": [
            {"value": bool(one["key"]), "count": one["doc_count"]}
            for one in buckets["free_shipping"]
        ],
        "price": [
            {**{end: one[end] for end in ("from", "to") if end in one}, "count": one["doc_count"]}
            for one in ranges
        ],
    }
