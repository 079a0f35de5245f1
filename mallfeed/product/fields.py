"""The fields of the canonical product: name, kind, whether they are required, and their bounds.

The Iceberg schema, the OpenSearch mapping, the Redshift tables, the catalog model and the documentation
are derived from this one list, or checked against it. Source of the rules: the public specifications of
Naver Shopping EP 3.0, Google Merchant Center, Meta catalog and schema.org/Product.
"""

from __future__ import annotations

from enum import StrEnum

from mallfeed.kinds.blank_words import WRITTEN_BY_PROGRAMS
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.gtin import MOST_GTINS
from mallfeed.kinds.target import End
from mallfeed.product import spellings


class Availability(StrEnum):
    """The words of the canonical product."""

    in_stock = "in_stock"
    out_of_stock = "out_of_stock"
    preorder = "preorder"
    backorder = "backorder"
    discontinued = "discontinued"


AVAILABILITY = tuple(word.value for word in Availability)
CONDITION = tuple(spellings.CONDITION)

MAX_URL = 6_000
"""Three times what Google Merchant Center accepts. Addresses are ASCII once they are percent-encoded."""
MAX_EXTRA_IMAGES = 10
MAX_TAGS = 100
MAX_CATEGORY_LEVELS = 20

PRODUCT_FIELDS: tuple[CanonicalField, ...] = (
    CanonicalField("product_id", "identifier", required=True, max_length=100),
    CanonicalField("title", "text", required=True, max_length=300),
    CanonicalField("description", "html_text", max_length=5000, blank_words=()),
    CanonicalField("price", "money", required=True, zero_is_none=True),
    CanonicalField("list_price", "money", zero_is_none=True),
    CanonicalField("currency", "currency"),
    CanonicalField("shipping_fee", "money", spellings=spellings.SHIPPING_FEE, by_country=True),
    CanonicalField("url", "url", required=True, max_length=MAX_URL),
    CanonicalField("mobile_url", "url", max_length=MAX_URL),
    CanonicalField("image_url", "url", max_length=MAX_URL),
    CanonicalField(
        "extra_image_urls", "list_url", max_length=MAX_URL, max_items=MAX_EXTRA_IMAGES
    ),
    CanonicalField(
        "category_path", "category_path", required=True,
        max_length=100, max_items=MAX_CATEGORY_LEVELS,
    ),
    CanonicalField("category_raw", "text", max_length=5000),
    CanonicalField("brand", "text", max_length=100),
    CanonicalField("maker", "text", max_length=100),
    CanonicalField("origin", "text", max_length=100),
    CanonicalField("model_number", "text", max_length=100, is_code=True),
    CanonicalField("gtin", "gtin"),
    CanonicalField(
        "availability", "enum", values=AVAILABILITY, spellings=spellings.AVAILABILITY
    ),
    CanonicalField(
        "condition", "enum", values=CONDITION, spellings=spellings.CONDITION, blank="new"
    ),
    CanonicalField("item_group_id", "text", max_length=100, is_code=True),
    CanonicalField("review_count", "integer", minimum=0),
    CanonicalField("rating", "rating", minimum=0, maximum=5),
    CanonicalField("adult", "bool"),
    CanonicalField("imported", "bool"),
    CanonicalField("parallel_import", "bool"),
    CanonicalField("made_to_order", "bool"),
    CanonicalField(
        "tags", "list_text", max_length=100, max_items=MAX_TAGS, blank_words=WRITTEN_BY_PROGRAMS
    ),
    CanonicalField("attributes", "map"),
    CanonicalField("mall_updated_at", "timestamp"),
    CanonicalField("gtins", "list_gtin", max_items=MOST_GTINS, all_of="gtin"),
    CanonicalField("available_at", "timestamp"),
    CanonicalField("base_price", "money", derived=True),
    CanonicalField("sale_price", "money"),
    CanonicalField("sale_starts_at", "timestamp", bounds="start"),
    CanonicalField("sale_ends_at", "timestamp", bounds="end"),
    CanonicalField("expires_at", "timestamp", bounds="end"),
    CanonicalField("pack_size", "integer", minimum=1),
    CanonicalField("least_quantity", "integer", minimum=1),
    CanonicalField("measure", "measure"),
    CanonicalField("base_measure", "measure"),
    CanonicalField("free_shipping_over", "money"),
    CanonicalField("card_price", "money"),
    CanonicalField("card_price_condition", "text", max_length=300),
    CanonicalField("coupon_price", "money"),
    CanonicalField("coupon_price_condition", "text", max_length=300),
    CanonicalField("stock_quantity", "integer", minimum=0),
)  # fmt: skip
"""Every canonical field but `mall_id`, in the order of the product table's columns.

With these bounds no sink can refuse what is committed: a warehouse column holds four bytes per character,
a list or map 65,535 bytes of JSON, and a keyword of the index 32,766 bytes.
"""

BY_NAME: dict[str, CanonicalField] = {field.name: field for field in PRODUCT_FIELDS}
AMOUNTS = tuple(
    field.name for field in PRODUCT_FIELDS if field.kind == "money" and not field.derived
)
"""Fields that a row says in the product's currency."""

SALE_WINDOW = "sale_window"
"""What a catalog may map instead of both ends of a sale, where one cell holds them: `start/end`."""
WINDOW_ENDS: dict[str, End] = {"sale_starts_at": "start", "sale_ends_at": "end"}
MAPPED: dict[str, CanonicalField] = {
    **BY_NAME,
    SALE_WINDOW: CanonicalField(SALE_WINDOW, "timestamp", bounds="start", interval="start"),
}
"""What may stand under `fields:` of a catalog."""

# Lineage and bookkeeping, after the canonical fields, in the product table only.
LINEAGE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("content_hash", "string"),
    ("feed_id", "string"),
    ("catalog_version", "int"),
    ("row", "string"),
    ("loaded_at", "timestamp"),
)

DOCUMENT_SCHEMA_VERSION = 1
"""Part of content_hash: raise it when the document built from unchanged fields changes."""

MAX_ATTRIBUTES = 100
MAX_ATTRIBUTES_BYTES = 8 * 1024

MALL_ID = r"[a-z][a-z0-9_]{1,30}"
"""A mall's id, as a regular expression without anchors."""
MAX_DOCUMENT_ID_BYTES = 512
"""OpenSearch's limit for an `_id`."""


def document_id(mall_id: str, product_id: str) -> str:
    """The id of a product in OpenSearch: `mall_id:product_id`.

    At most MAX_DOCUMENT_ID_BYTES of UTF-8, because both ids are bounded.
    """
    return f"{mall_id}:{product_id}"
