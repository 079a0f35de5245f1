"""A request as the parameters of the template `product_search`."""

from __future__ import annotations

import itertools
import re
from typing import Any

from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import compared, keyboard
from mallfeed.search.request import SearchRequest, Sort
from mallfeed.search.result import Reading

Parameters = dict[str, Any]

GROUP_FIELD = "product_group_key"
ARTICLE_FIELD = "variant_key"
_LONG = 3
_MOST_WORDS = 12
_GTIN_LENGTHS = (8, 12, 13, 14)
_BETWEEN_DIGITS = re.compile(r"[\s-]")
_ORDERS: dict[Sort, Parameters] = {
    Sort.relevance: {},
    Sort.newest: {"field": "loaded_at", "order": "desc", "missing": "0"},
    Sort.reviews: {"field": "review_count", "order": "desc", "missing": "_last"},
}


def search(
    request: SearchRequest,
    reading: Reading,
    query: str,
    rates: Rates = NO_RATES,
    one_currency: bool = False,
) -> Parameters:
    """Everything but paging: the query, its filters, its order."""
    return {
        **_text(reading, query),
        **_filters(request),
        **compared.parameters(request, rates, one_currency),
        **_ORDERS.get(request.sort, {}),
    }


def page(request: SearchRequest) -> Parameters:
    """Of the first page: collapsed by the index itself, facets if asked for."""
    return {
        "collapse": GROUP_FIELD if request.group else ARTICLE_FIELD,
        **({"facets": True} if request.facets else {}),
    }


def narrows(request: SearchRequest) -> bool:
    """Whether filters narrow the result."""
    return bool(_filters(request)) or bool({request.price_min, request.price_max} - {None})


def _text(reading: Reading, query: str) -> Parameters:
    if not query:
        return {"all": True}
    words = query.split()[:_MOST_WORDS]
    if reading is Reading.loose:
        return {"loose": query, "names": names(words)}
    known: Parameters = {
        "q": query,
        "names": names(words),
        "words": [
            {"text": word, **({"long": True} if len(word) >= _LONG else {})} for word in words
        ],
    }
    if forms := gtins(query):
        known["gtin"] = forms
    if reading is Reading.as_typed and keyboard.has_stray_jamo(query):
        known = {"typed": query}
    return known


def gtins(query: str) -> list[str]:
    """Where a query is a trade item number, its forms of 8, 12, 13 and 14 digits, which differ by leading zeros."""
    digits = _BETWEEN_DIGITS.sub("", query)
    if not (digits.isascii() and digits.isdigit() and len(digits) in _GTIN_LENGTHS):
        return []
    longest = digits.zfill(_GTIN_LENGTHS[-1])
    return [longest[-n:] for n in _GTIN_LENGTHS if not longest[:-n].strip("0")]


def names(words: list[str]) -> list[str]:
    """Possible names of a brand or category: each word, and neighbours written as one."""
    pairs = ["".join(pair) for pair in itertools.pairwise(words)]
    return list(dict.fromkeys([*words, *pairs, "".join(words)]))


def _filters(request: SearchRequest) -> Parameters:
    given: Parameters = {
        "category": request.category,
        "brand": list(request.brand),
        "mall": list(request.mall),
        "availability": list(request.availability),
        "free_shipping": _word(request.free_shipping),
        "no_adult": request.adult is False,
        "adults_only": request.adult is True,
    }
    return {name: value for name, value in given.items() if value}


def _word(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()
