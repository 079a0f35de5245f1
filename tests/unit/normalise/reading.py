"""Reads many cells as canonical fields, or as attributes, in a single Spark job."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
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
_RAW_TYPE = "_pos bigint, _row string, _raw string, _fault string, _fault_detail string"
Options = dict[str, Any] | str


@dataclass(frozen=True)
class Read:
    """What came of one cell: the value, and the code told of it."""

    value: Any
    code: str | None


@dataclass(frozen=True)
class Asked:
    """Cells that are read as one field (or `attributes.<name>`); the options call their column `cell`."""

    field: str
    cells: Sequence[Any]
    options: Options = "cell"
    cell_type: str = "string"


def catalog_reading(field: str, options: Options = "cell", **top: Any) -> Catalog:
    """A catalog whose column `cell` is read as the field (or `attributes.<name>`); all else is good."""
    return _catalog({field: options}, **top)


def _catalog(read: Mapping[str, Options], **top: Any) -> Catalog:
    fields: dict[str, Any] = {name: f"good_{name}" for name in GOOD}
    attributes: dict[str, Any] = {}
    for field, options in read.items():
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
    options: Options = "cell",
    cell_type: str = "string",
    **top: Any,
) -> list[Read]:
    """What each cell becomes, in order."""
    return read_together(spark, [Asked(field, cells, options, cell_type)], **top)[0]


def read_together(spark: SparkSession, asked: Sequence[Asked], **top: Any) -> list[list[Read]]:
    """What each cell of each question becomes, in one Spark plan, which costs more than any number of cells.

    The questions are of different fields. Each cell has a row of its own, in which all other fields are good, or empty
    where they need not be there.
    """
    names = [f"cell_{place}" for place in range(len(asked))]
    catalog = _catalog(
        {one.field: _about(name, one) for name, one in zip(names, asked, strict=True)}, **top
    )
    assert len(names) == len({one.field for one in asked}), "one question per field"
    good = [GOOD.get(one.field) if one.cell_type == "string" else None for one in asked]
    cells = [(place, cell) for place, one in enumerate(asked) for cell in one.cells]
    rows = [
        (i, str(i), None, None, None, *good[:place], cell, *good[place + 1 :], *GOOD.values())
        for i, (place, cell) in enumerate(cells)
    ]
    kinds = [f"{name} {one.cell_type}" for name, one in zip(names, asked, strict=True)]
    kinds += [f"good_{name} string" for name in GOOD]
    raw = spark.createDataFrame(rows, ", ".join([_RAW_TYPE, *kinds]))
    columns = {one.field.split(".")[0] for one in asked}
    frame = normalise(raw, catalog, "full", PRODUCT)
    found = frame.select("_pos", *sorted(columns), "_rejects", "_warnings").collect()
    out: list[list[Read]] = [[] for _ in asked]
    for (place, _), row in zip(cells, sorted(found, key=lambda row: row["_pos"]), strict=True):
        out[place].append(_read(row, asked[place].field))
    return out


def _about(column: str, asked: Asked) -> Options:
    """The options, about the column of that name."""
    written = asked.options if isinstance(asked.options, str) else {"from": "cell", **asked.options}
    about: Options = json.loads(re.sub(r"\bcell\b", column, json.dumps(written)))
    return about


def _read(row: Any, field: str) -> Read:
    told = [
        fault["code"] for fault in (*row["_rejects"], *row["_warnings"]) if fault["field"] == field
    ]
    if field.startswith(_ATTRIBUTE):
        value = (row["attributes"] or {}).get(field.removeprefix(_ATTRIBUTE))
    else:
        value = row[field]
    return Read(value, told[0] if told else None)
