"""Between the API and `mallfeed.search`: parameters → requests, results → answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import compared, engine
from mallfeed.search.cursor import CursorInvalid
from mallfeed.search.request import SearchRequest, SuggestRequest
from mallfeed.search.result import Bucket, Facets, Hit, Offers, OfOtherKind, Reading, SearchResult
from mallfeed.search_api.answers import Product
from mallfeed.search_api.index import is_refused
from mallfeed.search_api.problems import conflict
from mallfeed.sinks.opensearch.index_template import ALIAS

Plain = dict[str, Any]
_KNOWN = frozenset(Product.model_fields)


class Asked:
    """The index behind an opensearch-py client."""

    def __init__(
        self, client: Any, index: str = ALIAS, rates: Callable[[], Rates] = lambda: NO_RATES
    ) -> None:
        self._client = client
        self._index = index
        self._rates = rates

    def products(self, **given: Any) -> Plain:
        """ProductsAnswer as plain data; raises ApiProblem if parameters conflict."""
        request = _request({name: value for name, value in given.items() if value is not None})
        rates = self._rates()
        try:
            found = engine.search(self._client, request, self._index, rates)
        except CursorInvalid as error:
            raise conflict(str(error)) from error
        except Exception as error:
            if request.after and is_refused(error):  # a cursor that somebody has invented
                raise conflict(str(CursorInvalid())) from error
            raise
        return _page(found, rates)

    def product(self, product_id: str, delivered: bool = False) -> Plain | None:
        """ProductAnswer as plain data; None if there is no such product. `delivered` orders the offers by their
        prices with the fee for shipping."""
        rates = self._rates()
        found = engine.product(self._client, product_id, self._index, rates, delivered)
        if found is None:
            return None
        return {
            "product": _card(found.hit, rates),
            "offers": [_offer(one, rates) for one in found.offers],
            "others": [_of_other_kind(one) for one in found.others],
            "shop": _shop(rates),
        }

    def suggestions(self, typed: str, size: int) -> Plain:
        """SuggestAnswer as plain data."""
        found = engine.suggest(self._client, SuggestRequest(q=typed, size=size), self._index)
        return {"suggestions": [{"text": s.text, "kind": s.kind} for s in found.suggestions]}


def _request(given: Plain) -> SearchRequest:
    """Each parameter is valid already: only conflicts between them are refused here."""
    try:
        return SearchRequest.model_validate(given)
    except ValidationError as error:
        said = "; ".join(fault["msg"].removeprefix("Value error, ") for fault in error.errors())
        raise conflict(said) from error


def _page(found: SearchResult, rates: Rates) -> Plain:
    answer: Plain = {
        "total": {"value": found.total, "exact": found.exact},
        "shop": _shop(rates),
        "items": [_card(hit, rates) for hit in found.hits],
    }
    if found.reading is not Reading.as_typed:
        answer["read_as"] = {"kind": found.reading, "query": found.query}
    if found.next is not None:
        answer["next"] = found.next
    if found.facets is not None:
        answer["facets"] = _facets(found.facets)
    return answer


def _shop(rates: Rates) -> Plain:
    return {
        "currency": rates.to,
        **({"rates_as_of": rates.as_of.isoformat()} if rates.as_of else {}),
    }


def _card(hit: Hit, rates: Rates) -> Plain:
    """Only the fields of the answer's model: the index has more of its own."""
    card = {name: value for name, value in hit.fields.items() if name in _KNOWN}
    card["id"] = hit.id
    known = compared.prices(hit.fields, rates)._asdict()
    card |= {name: value for name, value in known.items() if value is not None}
    if hit.variants > 1:
        card["variants"] = hit.variants
    if hit.offers is not None:
        card["offers"] = _in_short(hit.offers)
    return card


def _offer(hit: Hit, rates: Rates) -> Plain:
    return {**_card(hit, rates), **({"is_lowest": True} if hit.is_lowest else {})}


def _of_other_kind(one: OfOtherKind) -> Plain:
    return {"condition": one.condition, "pack_size": one.pack_size, **_in_short(one.offers)}


def _in_short(offers: Offers) -> Plain:
    return {
        "malls": offers.malls,
        **({} if offers.lowest_price is None else {"lowest_price": offers.lowest_price}),
        "currency": offers.currency,
        **({"not_compared": offers.not_compared} if offers.not_compared else {}),
    }


def _facets(facets: Facets) -> Plain:
    return {name: [_bucket(one) for one in buckets] for name, buckets in facets.by.items()}


def _bucket(bucket: Bucket) -> Plain:
    if bucket.value is not None:
        return {"value": bucket.value, "count": bucket.count}
    ends = {"from": bucket.at_least, "to": bucket.below}
    return {**{n: end for n, end in ends.items() if end is not None}, "count": bucket.count}
