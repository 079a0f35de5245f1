"""The query parameters: names, limits and what the documentation says about each."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import BeforeValidator, Field

from mallfeed.product.fields import MALL_ID, MAX_DOCUMENT_ID_BYTES, Availability
from mallfeed.search.request import MOST_QUERY, MOST_SIZE, MOST_SUGGESTIONS, MOST_VALUES, Sort
from mallfeed.search_api.answers import OfferOrder

DEFAULT_SIZE = 20
MOST_CURSOR = 4000


def _boolean(value: Any) -> Any:
    """Only `true` and `false`, as the documentation says."""
    words = {"true": True, "false": False}
    if isinstance(value, str) and value in words:
        return words[value]
    raise ValueError("Input should be true or false")


Boolean = Annotated[bool, BeforeValidator(_boolean)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
MallId = Annotated[str, Field(pattern=f"^{MALL_ID}$")]

Words = Annotated[
    str,
    Query(
        max_length=MOST_QUERY,
        examples=["무선 이어폰"],
        description="What to look for: words, a model number, a brand, in Korean or English. Empty = "
        "every product.",
    ),
]
Typed = Annotated[
    str,
    Query(
        min_length=1,
        max_length=MOST_QUERY,
        examples=["노ㅌ"],
        description="What was typed so far: a beginning, half-typed syllables (`노ㅌ`), 초성 (`ㄴㅌㅂ`), or Korean "
        "typed on an English keyboard (`shxmqnr`).",
    ),
]
Malls = Annotated[
    list[MallId] | None,
    Query(max_length=MOST_VALUES, description="Only these malls; repeat it for several."),
]
Brands = Annotated[
    list[Name] | None,
    Query(max_length=MOST_VALUES, description="Only these brands; repeat it for several."),
]
Category = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=300,
        description="Only this category and those below it: its levels joined by `>` "
        "(`패션>여성의류`), as the facet `category` names them.",
    ),
]
States = Annotated[
    list[Availability] | None,
    Query(max_length=MOST_VALUES, description="Only these; repeat it for several."),
]
_IN_SHOP = "in the shop's currency; products whose currency has no rate are in no range"
PriceMin = Annotated[
    float | None,
    Query(
        ge=0,
        le=1e15,
        allow_inf_nan=False,
        description=f"Only products of at least this price, {_IN_SHOP}.",
    ),
]
PriceMax = Annotated[
    float | None,
    Query(
        ge=0,
        le=1e15,
        allow_inf_nan=False,
        description=f"Only products of at most this price, {_IN_SHOP}.",
    ),
]
FreeShipping = Annotated[
    Boolean | None, Query(description="`true` = only products that are shipped free of charge.")
]
Adult = Annotated[
    Boolean | None,
    Query(description="`false` = no products for adults, `true` = only these; left out = both."),
]
Group = Annotated[
    Boolean,
    Query(
        description="`true` = one item per product, however many malls and variants it has; "
        "`false` = one item per article of a mall."
    ),
]
SortBy = Annotated[
    Sort,
    Query(
        description="The order of the products. `price_asc`, `price_desc` and `delivered_asc` compare prices in the "
        "shop's currency; products whose price cannot be compared come last.",
    ),
]
OffersBy = Annotated[
    OfferOrder,
    Query(
        description="The order of the offers: by `price`, or by `delivered_price`, which includes the fee for shipping. "
        "Offers whose price cannot be compared come last.",
    ),
]
Size = Annotated[int, Query(ge=1, le=MOST_SIZE, description="Products a page.")]
After = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=MOST_CURSOR,
        description="The `next` of the previous page, with all other parameters unchanged.",
    ),
]
Facets = Annotated[
    Boolean, Query(description="`true` = count the values by which the result can be narrowed.")
]
SuggestSize = Annotated[
    int, Query(alias="size", ge=1, le=MOST_SUGGESTIONS, description="Most suggestions.")
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="Entity tags of answers that the client has; the same answer is returned as 304 without a body.",
    ),
]
ProductKey = Annotated[
    str,
    Path(
        min_length=1,
        max_length=MAX_DOCUMENT_ID_BYTES,
        examples=["apple_mart:coat-M"],
        description="A product's `id`: mall and product id joined by `:`, percent-encoded. In an id "
        "with `?`, `#`, `%` or `/` encode twice: the gateway decodes once before it routes.",
    ),
]
