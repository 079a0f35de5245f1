"""The document of a product: its canonical columns, and fields that searches need.

Two functions make the same document: `spark_documents` for frames of the job (the JVM makes the JSON,
Python only moves bytes), and `document` for rows that are dictionaries (in-memory frames, repairs). A
test checks that they agree.

Computed fields: `category_tree` (`패션`, `패션>여성`, …: one facet per level), `discount_rate` (whole
percent), `free_shipping`, `unit_price` for `unit_price_measure`, `variant_key` (the same for all variants of one
article of a mall), and `product_group_key` (the same for the offers of one article in several malls that compare:
by its GTIN, or else by brand and model number, or else unique; behind that its class of condition and size of pack).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mallfeed.kinds.sql.pieces import case
from mallfeed.product import comparable, unit_price
from mallfeed.product.fields import document_id
from mallfeed.product.record import PRODUCT

TREE_SEPARATOR = ">"
PLAIN = PRODUCT.change_columns
"""What a change carries, in the document as it is."""
_OPTIONAL_LINEAGE = ("loaded_at",)
_TIMES = {field.name for field in PRODUCT.fields if field.sql_type == "timestamp"} | {"loaded_at"}
_NOT_WORD = re.compile(r"[\W_]+")
_SPARK_NOT_WORD = r"[^\\p{L}\\p{N}]+"

_COMPUTED_SQL = {
    "category_tree": "CASE WHEN size(category_path) > 0 THEN transform(sequence(1, "
    f"size(category_path)), i -> array_join(slice(category_path, 1, i), '{TREE_SEPARATOR}')) END",
    "discount_rate": "CASE WHEN list_price > price "
    "THEN cast(floor((list_price - price) * 100 / list_price) AS int) END",
    "free_shipping": "shipping_fee = 0",
    "variant_key": "CASE WHEN item_group_id IS NOT NULL "
    "THEN concat('group:', mall_id, ':', item_group_id) "
    "ELSE concat('item:', mall_id, ':', product_id) END",
    "unit_price": unit_price.sql("price", "measure", "base_measure"),
    "unit_price_measure": case(
        ("price is not null", unit_price.base_sql("measure", "base_measure"))
    ),
    "product_group_key": "CASE WHEN gtin IS NOT NULL THEN concat('gtin:', lpad(gtin, 14, '0'), "
    f"{comparable.kept_apart_sql()}) "
    f"WHEN regexp_replace(brand, '{_SPARK_NOT_WORD}', '') != '' "
    f"AND regexp_replace(model_number, '{_SPARK_NOT_WORD}', '') != '' "
    f"THEN concat('model:', regexp_replace(lower(brand), '{_SPARK_NOT_WORD}', ''), '|', "
    f"regexp_replace(lower(model_number), '{_SPARK_NOT_WORD}', ''), {comparable.kept_apart_sql()}) "
    "ELSE concat('item:', mall_id, ':', product_id) END",
}


def spark_documents(frame: Any) -> Any:
    """Frame with the columns id (of the document), op ('U' or 'D') and doc (JSON text; null for 'D')."""
    from pyspark.sql import functions as F  # noqa: N812

    columns = [
        *PLAIN,
        *(name for name in _OPTIONAL_LINEAGE if name in frame.columns),
    ]
    fields = [F.col(name) for name in columns]
    fields += [F.expr(sql).alias(name) for name, sql in _COMPUTED_SQL.items()]
    options = {"timeZone": "UTC", "timestampFormat": "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"}
    document = F.when(F.col("op") == "U", F.to_json(F.struct(*fields), options))
    return frame.select(
        F.concat_ws(":", "mall_id", "product_id").alias("id"), F.col("op"), document.alias("doc")
    )


def documents(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, str | None]]:
    """The same (id, op, doc) for an in-memory frame."""
    for row in rows:
        identifier = document_id(row["mall_id"], row["product_id"])
        doc = json.dumps(document(row), ensure_ascii=False) if row["op"] == "U" else None
        yield identifier, row["op"], doc


def document(row: Mapping[str, Any]) -> dict[str, Any]:
    """The document of one product; null fields are left out."""
    names = (*PLAIN, *_OPTIONAL_LINEAGE)
    plain = {name: _json_value(name, row.get(name)) for name in names}
    return {k: v for k, v in {**plain, **_computed(row)}.items() if v is not None}


def _json_value(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if name in _TIMES and isinstance(value, datetime):
        moment = value.astimezone(UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
    return value


def _computed(row: Mapping[str, Any]) -> dict[str, Any]:
    path = row.get("category_path") or []
    fee = row.get("shipping_fee")
    item = f"item:{row['mall_id']}:{row['product_id']}"
    group = row.get("item_group_id")
    return {
        "category_tree": [TREE_SEPARATOR.join(path[:n]) for n in range(1, len(path) + 1)] or None,
        "discount_rate": _discount_rate(row.get("price"), row.get("list_price")),
        "free_shipping": None if fee is None else fee == 0,
        "variant_key": item if group is None else f"group:{row['mall_id']}:{group}",
        **_unit_price(row),
        "product_group_key": f"{key}{comparable.kept_apart(row)}"
        if (key := _group_key(row))
        else item,
    }


def _unit_price(row: Mapping[str, Any]) -> dict[str, Any]:
    found = unit_price.of(row)
    return {
        "unit_price": found and _json_value("unit_price", found.price),
        "unit_price_measure": found and found.measure,
    }


def _discount_rate(price: Decimal | None, list_price: Decimal | None) -> int | None:
    if price is None or list_price is None or list_price <= price:
        return None
    return int((list_price - price) * 100 / list_price)


def _group_key(row: Mapping[str, Any]) -> str | None:
    if row.get("gtin"):
        return f"gtin:{str(row['gtin']).zfill(14)}"
    brand = _NOT_WORD.sub("", str(row.get("brand") or "").lower())
    model = _NOT_WORD.sub("", str(row.get("model_number") or "").lower())
    return f"model:{brand}|{model}" if brand and model else None
