"""What a consumer asks for: the bounded, checked parameters of a search and of a completion."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

MOST_QUERY = 200
MOST_SIZE = 100
MOST_SUGGESTIONS = 20
MOST_VALUES = 50

Values = Annotated[tuple[str, ...], Field(max_length=MOST_VALUES)]
Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]


class Sort(StrEnum):
    """Orders of a result; each ends in the product's id, so that it is total."""

    relevance = "relevance"
    price_asc = "price_asc"
    price_desc = "price_desc"
    delivered_asc = "delivered_asc"
    newest = "newest"
    reviews = "reviews"


class SearchRequest(BaseModel):
    """A page of products.

    Attributes
    ----------
    q : what to look for; empty = every product
    category : this category and those below it, levels joined by `>`
    brand, mall, availability : any of these
    price_min, price_max : the range in the shop's currency, both ends included
    free_shipping : True = only these, False = only the others
    adult : None = all, False = none of them, True = only these
    after : `SearchResult.next` of the previous page
    facets : count the values by which the result can be narrowed
    group : one hit per product, however many malls and variants; else one per article of a mall
    lang : of messages for people; matching is the same in both
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: Annotated[str, Field(max_length=MOST_QUERY)] = ""
    category: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    brand: Values = ()
    mall: Values = ()
    availability: Values = ()
    price_min: Amount | None = None
    price_max: Amount | None = None
    free_shipping: bool | None = None
    adult: bool | None = None
    sort: Sort = Sort.relevance
    size: Annotated[int, Field(ge=1, le=MOST_SIZE)] = 20
    after: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    facets: bool = False
    group: bool = True
    lang: Literal["ko", "en"] = "ko"

    @field_validator("q")
    @classmethod
    def _one_space(cls, text: str) -> str:
        return " ".join(text.split())

    @model_validator(mode="after")
    def _range(self) -> SearchRequest:
        low, high = self.price_min, self.price_max
        if low is not None and high is not None and low > high:
            raise ValueError(f"price_min {low:g} is above price_max {high:g}: swap them")
        return self


class SuggestRequest(BaseModel):
    """Completions of what was typed so far."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: Annotated[str, Field(min_length=1, max_length=MOST_QUERY)]
    size: Annotated[int, Field(ge=1, le=MOST_SUGGESTIONS)] = 10
