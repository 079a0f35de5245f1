"""Reads many cells as one canonical field, or as one attribute, in a single Spark job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from mallfeed.catalog.lookup_table import LookupTable
from mallfeed.catalog.model import Catalog
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT

GOOD = {
    "product_id": "1",
    "title": "상품",
    "price": "1000",
    "url": "https://shop.kr/1",
    "category_path": "패션",
}
_ATTRIBUTE = "attributes."
_RAW_TYPE = "_pos bigint, _row string, _raw string, _fault string, _fault_detail string, cell {cell}, {good}"


@dataclass(frozen=True)
class Read:
    """What came of one cell: the value, and the code told of it."""

    value: Any
    code: str | None


def catalog_reading(field: str, options: dict[str, Any] | str = "cell", **top: Any) -> Catalog:
    """A catalog whose column `cell` is read as the field (or `attributes.<name>`); all else is good."""
    fields: dict[str, Any] = {name: f"good_{name}" for name in GOOD}
    attributes: dict[str, Any] = {}
    section = attributes if field.startswith(_ATTRIBUTE) else fields
    how = options if isinstance(options, str) else {"from": "cell", **options}
    section[field.removeprefix(_ATTRIBUTE)] = how
    tables = {name: table_of(rows) for name, rows in top.pop("tables", {}).items()}
    head = {
        "mall": "unit", "version": 1, "effective_from": "2026-01-01T00:00:00+09:00",
        "owner": "o", "contact": "c", "base_url": "https://shop.kr/goods/list",
    }  # fmt: skip
    written = {
        **head, **top, "fields": fields, "attributes": attributes,
        "feeds": {"full": {"format": "csv"}},
    }  # fmt: skip
    return Catalog.model_validate(written).with_tables(tables)


def table_of(rows: Sequence[Sequence[str]]) -> LookupTable:
    """A table of these rows, the first of which is its header."""
    return LookupTable(tuple(rows[0]), tuple(map(tuple, rows[1:])), "")


def read_cells(
    spark: SparkSession,
    field: str,
    cells: Sequence[Any],
    options: dict[str, Any] | str = "cell",
    cell_type: str = "string",
    **top: Any,
) -> list[Read]:
    """What each cell becomes, in order."""
    good = ", ".join(f"good_{name} string" for name in GOOD)
    rows = [(i, str(i), None, None, None, cell, *GOOD.values()) for i, cell in enumerate(cells)]
    raw = spark.createDataFrame(rows, _RAW_TYPE.format(cell=cell_type, good=good))
    frame = normalise(raw, catalog_reading(field, options, **top), "full", PRODUCT)
    column = field.split(".")[0]
    found = frame.select("_pos", column, "_rejects", "_warnings").collect()
    return [_read(row, field) for row in sorted(found, key=lambda row: row["_pos"])]


def _read(row: Any, field: str) -> Read:
    told = [
        fault["code"] for fault in (*row["_rejects"], *row["_warnings"]) if fault["field"] == field
    ]
    if field.startswith(_ATTRIBUTE):
        value = (row["attributes"] or {}).get(field.removeprefix(_ATTRIBUTE))
    else:
        value = row[field]
    return Read(value, told[0] if told else None)
