"""Results: hits with the offers of their group, facets, completions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mallfeed.product.comparable import ConditionClass
from mallfeed.product.rates import SHOP_CURRENCY


class Reading(StrEnum):
    """How the query was read, from most to least literal: the first one with a match counts."""

    as_typed = "as_typed"
    other_layout = "other_layout"
    corrected = "corrected"
    loose = "loose"


@dataclass(frozen=True)
class Offers:
    """The same product, in the same class of condition and size of pack, in several malls.

    Attributes
    ----------
    malls : how many have it
    lowest_price : the lowest of their prices, in the shop's currency; sold-out offers count only if there is no
        other. None if no offer's currency has a rate
    currency : the shop's
    not_compared : offers whose currency has no rate
    """

    malls: int
    lowest_price: float | None
    currency: str = SHOP_CURRENCY
    not_compared: int = 0


@dataclass(frozen=True)
class OfOtherKind:
    """Offers of the same product in another class of condition, or of another size of pack."""

    condition: ConditionClass
    pack_size: int
    offers: Offers


@dataclass(frozen=True)
class Hit:
    """A product: its id (`mall_id:product_id`) and fields as in docs/search.md.

    `offers` is None if only one mall has it; `variants` counts the mall's article, including this one; `is_lowest`
    marks, among the offers of a product, those with the lowest price.
    """

    id: str
    fields: dict[str, Any]
    score: float | None = None
    offers: Offers | None = None
    variants: int = 1
    is_lowest: bool = False


@dataclass(frozen=True)
class Bucket:
    """A value to narrow by (for prices a range, `to` excluded), and how many products it leaves."""

    count: int
    value: Any = None
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Facets:
    """`counts` says what is counted: `products`, before variants and malls are grouped.

    A facet is counted under every filter but its own.
    """

    by: dict[str, list[Bucket]]
    counts: str = "products"


@dataclass(frozen=True)
class SearchResult:
    """A page.

    Attributes
    ----------
    total : matching products (not groups); at most 10,000 are counted, then `exact` is False
    next : to be passed as `after`; None on the last page
    reading, query : how the query was read and, if not as typed, as what
    """

    hits: list[Hit]
    total: int
    exact: bool = True
    next: str | None = None
    facets: Facets | None = None
    reading: Reading = Reading.as_typed
    query: str = ""


@dataclass(frozen=True)
class ProductResult:
    """One product; every mall's offer that compares with it, cheapest first, including its own; the other kinds."""

    hit: Hit
    offers: list[Hit] = field(default_factory=list)
    others: list[OfOtherKind] = field(default_factory=list)


@dataclass(frozen=True)
class Suggestion:
    """A completion; `kind` is where it comes from: word, brand, category or title."""

    text: str
    kind: str


@dataclass(frozen=True)
class SuggestResult:
    """Completions, best first."""

    suggestions: list[Suggestion]
