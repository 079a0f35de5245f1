"""What the API answers, as models: the source of the OpenAPI document's schemas."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from mallfeed.product.comparable import ConditionClass
from mallfeed.product.fields import Availability
from mallfeed.search.result import Reading


class Offer(BaseModel):
    """One mall's offer of a product."""

    id: str = Field(description="`mall_id:product_id`.", examples=["gaon_books:9788936434267"])
    mall_id: str
    product_id: str
    title: str
    url: str = Field(description="Where to buy it.")
    price: float = Field(description="What the buyer pays now, in `currency`.", gt=0)
    list_price: float | None = Field(None, description="The price before the discount.")
    discount_rate: int | None = Field(None, description="Whole percent off the list price.")
    currency: str = Field(description="ISO 4217.", examples=["KRW"])
    shipping_fee: float | None = Field(
        None,
        description="0 = free, -1 = paid on delivery (착불); left out = not known.",
    )
    free_shipping: bool | None = None
    availability: Availability | None = None
    condition: str | None = None
    shop_price: float | None = Field(
        None,
        description="`price` in the shop's currency, by which prices compare; left out = `currency` has no rate, and "
        "the price is compared with no other.",
    )
    delivered_price: float | None = Field(
        None,
        description="`price` + `shipping_fee` of one unit, in `currency`; left out = the fee is not known or paid on delivery.",
    )
    shop_delivered_price: float | None = Field(
        None, description="`delivered_price` in the shop's currency."
    )
    pack_size: int | None = Field(None, description="Pieces sold as one.", ge=1)
    least_quantity: int | None = Field(None, description="The fewest that are sold.", ge=1)
    unit_price: float | None = Field(
        None, description="The price of `unit_price_measure`, in `currency`.", examples=[1200.0]
    )
    unit_price_measure: str | None = Field(
        None, description="For how much `unit_price` is.", examples=["100 ml"]
    )
    free_shipping_over: float | None = Field(
        None, description="Orders of at least this much are shipped free of charge."
    )
    card_price: float | None = Field(
        None, description="With the card that `card_price_condition` names; never compared."
    )
    card_price_condition: str | None = None
    coupon_price: float | None = Field(
        None, description="With the coupon that `coupon_price_condition` names; never compared."
    )
    coupon_price_condition: str | None = None
    is_lowest: bool | None = Field(
        None,
        description="Among the offers of a product: this is the lowest of the prices that compare.",
    )


class OfferOrder(StrEnum):
    """Orders of a product's offers."""

    price = "price"
    delivered_price = "delivered_price"


class OfferCount(BaseModel):
    """The same product in several malls, in the same class of condition and size of pack, in short."""

    malls: int = Field(description="Malls that offer it, including this one.", ge=1)
    lowest_price: float | None = Field(
        None,
        description="The lowest of their prices, in the shop's currency; sold-out offers count only if there is no "
        "other. Left out if no price can be compared.",
    )
    currency: str = Field(description="The shop's currency, ISO 4217.", examples=["KRW"])
    not_compared: int | None = Field(
        None, description="Offers whose currency has no rate; left out = none."
    )


class OtherOffers(OfferCount):
    """Offers of the same product in another class of condition, or of another size of pack, in short."""

    condition: ConditionClass = Field(
        description="`refurbished` = refurbished, on display, returned or damaged."
    )
    pack_size: int = Field(description="Pieces sold as one.", ge=1)


class Card(Offer):
    """A product as a list shows it; fields that the mall did not send are left out."""

    mobile_url: str | None = None
    image_url: str | None = None
    category_path: list[str] | None = Field(None, examples=[["디지털", "음향기기", "이어폰"]])
    brand: str | None = None
    maker: str | None = None
    model_number: str | None = None
    review_count: int | None = None
    rating: float | None = Field(None, description="0 to 5.")
    adult: bool | None = None
    variants: int | None = Field(
        None,
        description="Matching products of this mall's article (colours, sizes), including this one.",
    )
    offers: OfferCount | None = Field(None, description="Left out if only one mall has it.")


class Product(Card):
    """A product with everything that is known about it."""

    description: str | None = None
    extra_image_urls: list[str] | None = None
    origin: str | None = None
    gtin: str | None = Field(None, description="The first of `gtins`.")
    gtins: list[str] | None = Field(
        None,
        description="All of the product's trade item numbers; products of an earlier release have it once they change.",
    )
    stock_quantity: int | None = Field(None, description="How many the mall has in stock.")
    measure: str | None = Field(None, description="How much there is.", examples=["750 ml"])
    item_group_id: str | None = None
    imported: bool | None = None
    parallel_import: bool | None = None
    made_to_order: bool | None = None
    tags: list[str] | None = None
    attributes: dict[str, str] | None = Field(None, description="Whatever else the mall sent.")
    mall_updated_at: datetime | None = None
    available_at: datetime | None = Field(
        None, description="From when it is available; a preorder or backorder is ordered before."
    )


class ShopCurrency(BaseModel):
    """In which currency prices compare."""

    currency: str = Field(description="ISO 4217.", examples=["KRW"])
    rates_as_of: date | None = Field(
        None, description="The day of the rates; left out = only prices in `currency` compare."
    )


class ProductAnswer(BaseModel):
    """One product and every mall's offer of it."""

    product: Product
    offers: list[Offer] = Field(
        description="The same product, in the same class of condition and size of pack, in every mall that has it: "
        "cheapest first, including this one."
    )
    others: list[OtherOffers] = Field(
        description="The same product in other classes of condition and sizes of pack."
    )
    shop: ShopCurrency


class Bucket(BaseModel):
    """A value to narrow by, and how many products it leaves."""

    value: str
    count: int


class Switch(BaseModel):
    """Yes or no, and how many products it leaves."""

    value: bool
    count: int


class PriceRange(BaseModel):
    """Prices in the shop's currency from `from` up to, not including, `to`; a missing end is open."""

    from_: float | None = Field(None, alias="from")
    to: float | None = None
    count: int


class FacetCounts(BaseModel):
    """Counts are of products, before variants and malls are grouped.

    A facet is counted under every filter but its own, so its numbers say what choosing another
    value would give.
    """

    category: list[Bucket] = Field(description="Every level: `패션`, `패션>여성의류`.")
    brand: list[Bucket]
    mall: list[Bucket]
    availability: list[Bucket]
    free_shipping: list[Switch]
    price: list[PriceRange]


class Total(BaseModel):
    """How many products match, before variants and malls are grouped."""

    value: int
    exact: bool = Field(description="`false` = there are more than `value`.")


class Read(BaseModel):
    """How the query was read if nothing matched it as typed."""

    kind: Reading
    query: str = Field(description="What was searched for instead.")


class ProductsAnswer(BaseModel):
    """A page of products."""

    total: Total
    shop: ShopCurrency
    read_as: Read | None = Field(None, description="Left out if the query was read as typed.")
    items: list[Card]
    next: str | None = Field(
        None, description="Pass it as `after` for the next page; left out on the last one."
    )
    facets: FacetCounts | None = Field(None, description="Only if requested.")


class Suggestion(BaseModel):
    """A way to complete what was typed."""

    text: str
    kind: str = Field(description="What it is: word, brand, category or title.", examples=["word"])


class SuggestAnswer(BaseModel):
    """Completions, best first."""

    suggestions: list[Suggestion]
