"""Prices in the shop's currency, as parameters of the template `product_search`, and of hits that it has found.

What is asked for in the shop's currency (a range, the facet's ranges) is asked for in each currency that has a rate, in
that currency's own amounts: the index finds numbers as they stand. Only sorting converts, by a script.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from mallfeed.kinds.sql.currencies import decimals_of
from mallfeed.product.rates import Range, Rates
from mallfeed.search.request import SearchRequest, Sort
from mallfeed.sinks.opensearch.index_template import DEFINITION
from mallfeed.sinks.opensearch.search_templates import PRICE_STEPS, sane_prices

Plain = dict[str, Any]
_LAST = {"asc": 1e300, "desc": -1}
"""What a product sorts as that has no price to compare."""
_ORDERS: Mapping[Sort, tuple[str, bool]] = {
    Sort.price_asc: ("asc", False),
    Sort.price_desc: ("desc", False),
    Sort.delivered_asc: ("asc", True),
}
BY_PRICE = frozenset(_ORDERS)
"""Orders that rates decide about."""
_WON_TO_UNITS = Decimal("0.001")
"""What 10,000 won are to a shop in won, 10 are to one whose currency has decimals."""


def parameters(request: SearchRequest, rates: Rates, one_currency: bool = False) -> Plain:
    """The currencies that compare, each with its part of what is asked for; how to sort, if by prices.

    `one_currency`: all products are in the shop's, so that the field sorts as the script does, but faster.
    """
    low, high = _decimal(request.price_min), _decimal(request.price_max)
    return {
        "currencies": [_currency(code, rates, low, high) for code in rates.currencies],
        **({} if low is None and high is None else {"price_in_shop": True}),
        **_order(request.sort, rates, one_currency),
    }


def _order(sort: Sort, rates: Rates, one_currency: bool) -> Plain:
    if sort not in _ORDERS:
        return {}
    direction, with_fee = _ORDERS[sort]
    if one_currency and not with_fee:
        return {"field": "price", "order": direction}
    return order(direction, with_fee, rates)


def is_in_one_currency(client: Any, index: str, rates: Rates) -> bool:
    """Whether every product's price is in the shop's currency. The index keeps the answer until it changes."""
    others = {"bool": {"must_not": {"term": {"currency": rates.to}}}}
    body = {"size": 0, "track_total_hits": 1, "query": others}
    found = client.search(index=index, body=body)["hits"]["total"]["value"]
    return not found


def order(direction: str, with_fee: bool, rates: Rates) -> Plain:
    """Parameters that sort by the price in the shop's currency, or by that with the fee for shipping."""
    return {
        "shop_order": direction,
        "rates": {code: float(rates.rate(code) or 0) for code in rates.currencies},
        "step": float(rates.step),
        "no_price": _LAST[direction],
        **({"with_fee": True} if with_fee else {}),
    }


class Prices(NamedTuple):
    """What an offer costs; None where that is not known.

    Attributes
    ----------
    shop_price : in the shop's currency; None if the offer's has no rate
    delivered_price : with the fee for shipping, in the offer's currency; None if that is not known or collected
        on delivery
    shop_delivered_price : the same in the shop's currency
    """

    shop_price: float | None
    delivered_price: float | None
    shop_delivered_price: float | None


def prices(fields: Mapping[str, Any], rates: Rates) -> Prices:
    """Of a product's fields."""
    price, fee, currency = fields.get("price"), fields.get("shipping_fee"), fields.get("currency")
    if price is None:
        return Prices(None, None, None)
    delivered = None if fee is None or fee < 0 else Decimal(str(price)) + Decimal(str(fee))
    in_shop = None if delivered is None else rates.in_shop(delivered, currency)
    return Prices(_number(rates.in_shop(price, currency)), _number(delivered), _number(in_shop))


def steps(rates: Rates) -> list[Decimal]:
    """The bounds of the ranges of prices that shoppers choose from, in the shop's currency."""
    return [_of_won(one, rates) for one in PRICE_STEPS]


def _currency(code: str, rates: Rates, low: Decimal | None, high: Decimal | None) -> Plain:
    bounds = [_least(code, one, rates) for one in steps(rates)]
    least, most = (_of_won(one, rates) for one in _sane())
    return {
        "code": code,
        "range": _range(rates.range_in(code, low, high)),
        "sane": _range(rates.range_in(code, least, most)),
        "ranges": [
            {"to": bounds[0]},
            *({"from": one, "to": other} for one, other in itertools.pairwise(bounds)),
            {"from": bounds[-1]},
        ],
    }


def _least(code: str, amount: Decimal, rates: Rates) -> float:
    """The lowest price in a currency that is this much or more in the shop's."""
    return float(rates.range_in(code, amount, None).at_least or 0)


def _range(held: Range) -> Plain:
    ends = {"gte": held.at_least, "lte": held.at_most}
    return {name: str(end) for name, end in ends.items() if end is not None}


def _of_won(amount: int, rates: Rates) -> Decimal:
    return Decimal(amount) * (1 if decimals_of(rates.to) == 0 else _WON_TO_UNITS)


@cache
def _sane() -> tuple[int, int]:
    return sane_prices(DEFINITION)


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
