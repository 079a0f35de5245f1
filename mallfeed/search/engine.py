"""Search: the most literal reading with a match; pages without repeats; the offers of each hit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import compared, cursor, keyboard, offers, parameters, spelling
from mallfeed.search.completions import suggest
from mallfeed.search.request import SearchRequest
from mallfeed.search.result import Bucket, Facets, Hit, ProductResult, Reading, SearchResult

__all__ = ["product", "search", "suggest"]

ALIAS = "products"
_ROUNDS = 5
"""How often, at most, a page after the first is filled up if most of it was shown before."""
_HARDLY_ANYTHING = 4
_MANY_TIMES = 3
"""With so few hits, words are tried as mistyped ones; that must match so many times as many."""


def search(
    client: Any, request: SearchRequest, index: str = ALIAS, rates: Rates = NO_RATES
) -> SearchResult:
    """A page of products; raises CursorInvalid for a cursor of another search, or of an order by other rates.

    `index` is the alias or one physical index; prices compare by the rates.
    """
    asked = _Asked(client, index, request, rates)
    place = cursor.read(request, rates)
    return asked.first_page() if place is None else asked.next_page(place)


def product(
    client: Any,
    identifier: str,
    index: str = ALIAS,
    rates: Rates = NO_RATES,
    delivered: bool = False,
) -> ProductResult | None:
    """The product `mall_id:product_id` with all its fields; None if there is none.

    Its offers are in the order of their prices, with or without the fee for shipping.
    """
    body = {"size": 1, "query": {"ids": {"values": [identifier]}}}
    found = client.search(index=index, body=body)["hits"]["hits"]
    if not found:
        return None
    (hit,) = offers.with_offers(client, index, [_hit(found[0])], rates)
    return ProductResult(
        hit,
        offers.same_product(client, index, hit, rates, delivered),
        offers.of_other_kinds(client, index, hit, rates),
    )


class _Asked:
    def __init__(self, client: Any, index: str, request: SearchRequest, rates: Rates) -> None:
        self._client, self._index, self._request = client, index, request
        self._rates = rates
        self._one_currency = request.sort in compared.BY_PRICE and compared.is_in_one_currency(
            client, index, rates
        )
        # The same copy of the index answers all pages, so that scores do not change between them.
        self._copy = hashlib.sha256(request.q.encode()).hexdigest()[:8]

    def first_page(self) -> SearchResult:
        request = self._request
        size = request.size * (2 if request.group else 1) + 1
        found, reading, query = self._best_reading(size)
        raw = found["hits"]["hits"]
        asked = self._parameters(reading, query)
        page = self._fill(asked, _first_of_articles(raw), raw[-1:], len(raw) == size)
        return self._result(found, page, reading, query)

    def _best_reading(self, size: int) -> tuple[dict[str, Any], Reading, str]:
        """The answer to the first reading with a match, which reading that is, and its words.

        If that matches hardly anything and another spelling many times as much, the other one:
        pieces of a mistyped word may occur somewhere. Not with filters: fewer hits are intended then.
        """
        request = self._request
        best: dict[str, Any] = {}
        as_read = (Reading.as_typed, request.q)
        for reading, query in self._readings():
            few = _total(best) if best else 0
            if few and reading is not Reading.corrected:
                break
            asked = self._parameters(reading, query) | {"size": size}
            found = self._ask(asked | parameters.page(request))
            if not best or _total(found) > few * _MANY_TIMES:
                best, as_read = found, (reading, query)
            if _total(best) > _HARDLY_ANYTHING or (_total(best) and parameters.narrows(request)):
                break
        return best, *as_read

    def next_page(self, place: cursor.Place) -> SearchResult:
        asked = self._parameters(place.reading, place.query)
        found = self._ask(asked | {"size": 1, "facets": self._request.facets})
        page = self._fill(asked, [], [{"sort": place.sort_values}], True)
        return self._result(found, page, place.reading, place.query)

    def _fill(
        self, asked: dict[str, Any], shown: list[Any], last: list[Any], more: bool
    ) -> tuple[list[Any], list[Any] | None]:
        """The page's hits and where the next one begins (None: nowhere)."""
        wanted = self._request.size
        for _ in range(_ROUNDS):
            if len(shown) > wanted or not more:
                break
            size = wanted * 2 + 10
            found = self._ask(asked | {"size": size, "after": last[0]["sort"]})
            raw = found["hits"]["hits"]
            more, last = len(raw) == size, raw[-1:] or last
            shown = shown + self._not_shown_before(asked, raw)
        if len(shown) > wanted:
            return shown[:wanted], shown[wanted - 1]["sort"]
        return shown, last[0]["sort"] if more else None

    def _readings(self) -> Iterator[tuple[Reading, str]]:
        text = self._request.q
        yield Reading.as_typed, text
        if not text:
            return
        if meant := keyboard.in_other_layout(text):
            yield Reading.other_layout, meant
        for wording in filter(None, (text, meant)):
            corrected = spelling.corrected(self._client, self._index, wording)
            if corrected and corrected != wording:
                yield Reading.corrected, corrected
        yield Reading.loose, meant or text

    def _parameters(self, reading: Reading, query: str) -> dict[str, Any]:
        return parameters.search(self._request, reading, query, self._rates, self._one_currency)

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        body = {"id": "product_search", "params": asked}
        found: dict[str, Any] = self._client.search_template(
            index=self._index, body=body, params={"preference": self._copy}
        )
        return found

    def _not_shown_before(self, asked: dict[str, Any], raw: list[Any]) -> list[Any]:
        """Those that are the first of their product (and article) in the whole order."""
        fields = [parameters.ARTICLE_FIELD]
        if self._request.group:
            fields.append(parameters.GROUP_FIELD)
        for field in fields:
            keys = list({hit["_source"][field] for hit in raw})
            if not keys:
                return []
            narrowed = {"among_field": field, "among": keys, "collapse": field, "size": len(keys)}
            firsts = {hit["_id"] for hit in self._ask(asked | narrowed)["hits"]["hits"]}
            raw = [hit for hit in raw if hit["_id"] in firsts]
        return raw

    def _result(
        self,
        found: dict[str, Any],
        page: tuple[list[Any], list[Any] | None],
        reading: Reading,
        query: str,
    ) -> SearchResult:
        shown, end = page
        total = found["hits"]["total"]
        return SearchResult(
            hits=offers.with_offers(
                self._client, self._index, [_hit(one) for one in shown], self._rates
            ),
            total=total["value"],
            exact=total["relation"] == "eq",
            next=self._cursor(end, reading, query),
            facets=_facets(found.get("aggregations"), self._rates),
            reading=reading,
            query=query,
        )

    def _cursor(self, end: list[Any] | None, reading: Reading, query: str) -> str | None:
        if not end:
            return None
        return cursor.write(self._request, cursor.Place(end, reading, query), self._rates)


def _total(found: dict[str, Any]) -> int:
    return int(found["hits"]["total"]["value"])


def _first_of_articles(raw: list[Any]) -> list[Any]:
    first: dict[str, Any] = {}
    for hit in raw:
        first.setdefault(hit["_source"][parameters.ARTICLE_FIELD], hit)
    return list(first.values())


def _hit(raw: dict[str, Any]) -> Hit:
    return Hit(raw["_id"], raw["_source"], raw.get("_score"))


def _facets(aggregations: dict[str, Any] | None, rates: Rates) -> Facets | None:
    if aggregations is None:
        return None
    by = {
        name: [_bucket(name, one) for one in found["by"]["buckets"] if one["doc_count"]]
        for name, found in aggregations.items()
        if name != "price"
    }
    return Facets({**by, "price": _price_ranges(aggregations["price"], rates)})


def _price_ranges(found: dict[str, Any], rates: Rates) -> list[Bucket]:
    """The ranges in the shop's currency, counted over all currencies that compare."""
    each = [found[f"in_{code}"]["by"]["buckets"] for code in rates.currencies]
    counts = [sum(one["doc_count"] for one in same) for same in zip(*each, strict=True)]
    bounds = [float(one) for one in compared.steps(rates)]
    ranges = zip(counts, [None, *bounds], [*bounds, None], strict=True)
    return [Bucket(count, at_least=low, below=high) for count, low, high in ranges if count]


def _bucket(facet: str, raw: dict[str, Any]) -> Bucket:
    value = bool(raw["key"]) if facet == "free_shipping" else raw["key"]
    return Bucket(raw["doc_count"], value)
