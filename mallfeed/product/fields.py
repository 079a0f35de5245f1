"""The canonical product's fields: name, kind, whether required, and their bounds.

This is the one list from which the Iceberg schema, the OpenSearch mapping, the Redshift tables, the
catalog model and the documentation are derived or checked against. Source of the rules: the public
specs of Naver Shopping EP 3.0, Google Merchant Center, Meta catalog and schema.org/Product.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal[
    "text", "html_text", "money", "integer", "rating", "timestamp", "url", "list_url", "list_text",
    "category_path", "enum", "bool", "gtin", "currency", "map",
]  # fmt: skip


class Availability(StrEnum):
    """The words of the canonical product."""

    in_stock = "in_stock"
    out_of_stock = "out_of_stock"
    preorder = "preorder"
    backorder = "backorder"
    discontinued = "discontinued"


AVAILABILITY = tuple(word.value for word in Availability)
CONDITION = ("new", "used", "refurbished", "display", "returned", "damaged")


@dataclass(frozen=True)
class CanonicalField:
    """One field of the canonical product.

    Attributes
    ----------
    name : column name in the product table, the warehouse and the index
    kind : what values it holds; decides the default field type of a catalog entry
    sql_type : its Spark SQL type
    required : a row without a readable value is rejected
    max_length : most characters after cleaning, of a list's or path's each item; None = the kind
        itself keeps it short
    max_items : most items of a list or path
    values : the words of an enum
    """

    name: str
    kind: Kind
    sql_type: str
    required: bool = False
    max_length: int | None = None
    max_items: int | None = None
    values: tuple[str, ...] = ()


MAX_URL = 6_000
"""Three times what Google Merchant Center takes. Addresses are ASCII once they are percent-encoded."""
MAX_EXTRA_IMAGES = 10
MAX_TAGS = 100
MAX_CATEGORY_LEVELS = 20

PRODUCT_FIELDS: tuple[CanonicalField, ...] = (
    CanonicalField("product_id", "text", "string", required=True, max_length=100),
    CanonicalField("title", "text", "string", required=True, max_length=300),
    CanonicalField("description", "html_text", "string", max_length=5000),
    CanonicalField("price", "money", "decimal(18,2)", required=True),
    CanonicalField("list_price", "money", "decimal(18,2)"),
    CanonicalField("currency", "currency", "string"),
    CanonicalField("shipping_fee", "money", "decimal(18,2)"),
    CanonicalField("url", "url", "string", required=True, max_length=MAX_URL),
    CanonicalField("mobile_url", "url", "string", max_length=MAX_URL),
    CanonicalField("image_url", "url", "string", max_length=MAX_URL),
    CanonicalField(
        "extra_image_urls", "list_url", "array<string>",
        max_length=MAX_URL, max_items=MAX_EXTRA_IMAGES,
    ),
    CanonicalField(
        "category_path", "category_path", "array<string>", required=True,
        max_length=100, max_items=MAX_CATEGORY_LEVELS,
    ),
    CanonicalField("category_raw", "text", "string", max_length=5000),
    CanonicalField("brand", "text", "string", max_length=100),
    CanonicalField("maker", "text", "string", max_length=100),
    CanonicalField("origin", "text", "string", max_length=100),
    CanonicalField("model_number", "text", "string", max_length=100),
    CanonicalField("gtin", "gtin", "string"),
    CanonicalField("availability", "enum", "string", values=AVAILABILITY),
    CanonicalField("condition", "enum", "string", values=CONDITION),
    CanonicalField("item_group_id", "text", "string", max_length=100),
    CanonicalField("review_count", "integer", "int"),
    CanonicalField("rating", "rating", "decimal(3,2)"),
    CanonicalField("adult", "bool", "boolean"),
    CanonicalField("imported", "bool", "boolean"),
    CanonicalField("parallel_import", "bool", "boolean"),
    CanonicalField("made_to_order", "bool", "boolean"),
    CanonicalField("tags", "list_text", "array<string>", max_length=100, max_items=MAX_TAGS),
    CanonicalField("attributes", "map", "map<string,string>"),
    CanonicalField("mall_updated_at", "timestamp", "timestamp"),
)  # fmt: skip
"""Every canonical field but `mall_id`, in the order of the product table's columns.

The bounds are such that no sink can refuse what is committed: a warehouse column holds four bytes a
character, a list or map 65,535 bytes of JSON, a keyword of the index 32,766 bytes.
"""

BY_NAME: dict[str, CanonicalField] = {field.name: field for field in PRODUCT_FIELDS}

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
"""OpenSearch's own bound of an `_id`."""


def document_id(mall_id: str, product_id: str) -> str:
    """The id of a product in OpenSearch: `mall_id:product_id`.

    At most MAX_DOCUMENT_ID_BYTES of UTF-8, because both ids are bounded.
    """
    return f"{mall_id}:{product_id}"
