"""Where the next page begins: the last product's place in the order, for one search only.

By other rates the order of prices is another one, too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import compared
from mallfeed.search.request import SearchRequest
from mallfeed.search.result import Reading

_FREE = {"after", "size", "facets", "lang"}


class CursorInvalid(ValueError):
    """The cursor is damaged or belongs to another search; its text says what to do."""

    def __init__(self) -> None:
        super().__init__("`after` is not the `next` of a page of this same search: begin again")


@dataclass(frozen=True)
class Place:
    """Sort values of the last product shown, and how the query was read on the first page."""

    sort_values: list[Any]
    reading: Reading
    query: str


def write(request: SearchRequest, place: Place, rates: Rates = NO_RATES) -> str:
    """As text for a URL."""
    held = [_fingerprint(request, rates), place.sort_values, place.reading, place.query]
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(request: SearchRequest, rates: Rates = NO_RATES) -> Place | None:
    """None = the first page; raises CursorInvalid."""
    if request.after is None:
        return None
    try:
        padded = request.after + "=" * (-len(request.after) % 4)
        text = base64.b64decode(padded, b"-_", validate=True)
        fingerprint, values, reading, query = json.loads(text)
        place = Place(values, Reading(reading), query)
    except (ValueError, TypeError, binascii.Error) as error:
        raise CursorInvalid from error
    scalar = isinstance(values, list) and all(
        isinstance(one, str | int | float) or one is None for one in values
    )
    if fingerprint != _fingerprint(request, rates) or not scalar or not isinstance(query, str):
        raise CursorInvalid
    return place


def _fingerprint(request: SearchRequest, rates: Rates) -> str:
    asked = request.model_dump(mode="json", exclude=_FREE)
    if request.sort in compared.BY_PRICE and rates.rates:
        asked["rates"] = {code: str(rate) for code, rate in sorted(rates.rates.items())}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
