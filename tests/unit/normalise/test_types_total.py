"""Every field type, on any text: never raises, loses nothing in silence, keeps its own output."""

from __future__ import annotations

import json
import os
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.items import JOINT
from mallfeed.product.codes import CODES
from tests.unit.normalise.pieces import PIECES, is_blank
from tests.unit.normalise.reading import Read, read_cells

pytestmark = pytest.mark.spark

_CELLS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
        st.none(),
    ),
    min_size=300,
    max_size=300,
)
_FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("title", {}),
    ("description", {}),
    ("product_id", {}),
    ("price", {}),
    ("list_price", {"type": "money", "decimal_mark": ","}),
    ("shipping_fee", {}),
    ("currency", {}),
    ("review_count", {}),
    ("rating", {}),
    ("url", {}),
    ("extra_image_urls", {}),
    ("tags", {}),
    ("category_path", {}),
    ("availability", {}),
    ("adult", {}),
    ("gtin", {}),
    ("mall_updated_at", {"formats": ["iso8601", "epoch_seconds", "epoch_millis", "yyyy/MM/dd"]}),
    ("image_url", {"type": "json_path", "path": "$.a"}),
]
# A blank cell of these is quietly null.
_QUIET = {"currency": "KRW", "adult": False}


@pytest.mark.parametrize(("field", "options"), _FIELDS, ids=[field for field, _ in _FIELDS])
@settings(
    max_examples=int(os.environ.get("MALLFEED_EXAMPLES", "2")),  # `make torture` tries more
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(cells=_CELLS)
def test_each_cell_is_a_value_or_is_told(
    spark: SparkSession, field: str, options: dict[str, Any], cells: list[str | None]
) -> None:
    found = read_cells(spark, field, cells, options)
    for cell, read in zip(cells, found, strict=True):
        assert read.code is None or read.code in CODES
        if read.value is None and read.code is None:
            assert _says_nothing(field, cell), f"{cell!r} vanished in silence"
    again = {_as_cell(read.value) for read in found if read.value is not None}
    texts = sorted(again)
    reread = read_cells(spark, field, texts, {} if options.get("path") else options)
    for text, read in zip(texts, reread, strict=True):
        assert _as_cell(read.value) == text, f"{text!r} is not kept"


def _says_nothing(field: str, cell: str | None) -> bool:
    """Whether a null needs no telling: a blank cell, or JSON that does not hold the path."""
    if cell is None or is_blank(cell):
        return True
    return field == "image_url" and _leads_nowhere(cell)


def _leads_nowhere(cell: str) -> bool:
    try:
        found, _ = json.JSONDecoder().raw_decode(cell.strip())
    except ValueError:
        return False
    inner = found.get("a") if isinstance(found, dict) else None
    return isinstance(found, dict | list) and (inner is None or not str(inner).strip())


def _as_cell(value: Any) -> str:
    if isinstance(value, list):
        return JOINT.join(value)
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat()) + "Z"
    return str(value)


def test_typed_columns_are_used_as_typed(spark: SparkSession) -> None:
    values = [12900.5, 1.234, float("nan"), None, 1e30]
    assert read_cells(spark, "price", values, cell_type="double", currency="USD") == [
        Read(Decimal("12900.50"), None),
        Read(Decimal("1.23"), "price_rounded"),
        Read(None, "price_blank_word"),
        Read(None, "price_missing"),
        Read(None, "price_out_of_range"),
    ]


def test_wide_cells_do_not_break_the_machine(spark: SparkSession) -> None:
    rng = random.Random(1)
    wide = ["<script" * 20_000, "&amp;" * 50_000, "&" * 200_000, " " * 200_000, "ᄒ\u1161" * 60_000]
    wide += ["e" + "\u0301" * 50_000, "<" * 100_000, "".join(rng.choices("<>&;ab ", k=100_000))]
    for field in ("title", "description"):
        assert len(read_cells(spark, field, wide)) == len(wide)
