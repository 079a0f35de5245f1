"""Every field type, on any text: never raises, loses nothing in silence, keeps its own output."""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.items import JOINT
from mallfeed.product.codes import CODES
from tests.unit.normalise.pieces import PIECES, is_blank
from tests.unit.normalise.reading import Asked, Read, read_cells, read_together

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


@dataclass(frozen=True)
class Example:
    """Cells, what they become as each field, and what is read of the texts of those values."""

    cells: list[str | None]
    found: dict[str, list[Read]]
    reread: dict[str, dict[str, Read]]


def _drawn() -> list[list[str | None]]:
    """The cells of all examples."""
    drawn = []

    @settings(
        max_examples=int(os.environ.get("MALLFEED_EXAMPLES", "2")),  # `make torture` tries more
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(cells=_CELLS)
    def draw(cells: list[str | None]) -> None:
        drawn.append(cells)

    draw()
    return drawn


@pytest.fixture(scope="module")
def examples(spark: SparkSession) -> list[Example]:
    """All fields of an example are read in one Spark plan, their own output in a second one."""
    return [_example(spark, cells) for cells in _drawn()]


def _example(spark: SparkSession, cells: list[str | None]) -> Example:
    found = read_together(spark, [Asked(field, cells, options) for field, options in _FIELDS])
    texts = [sorted({_as_cell(one.value) for one in of if one.value is not None}) for of in found]
    again = [
        Asked(field, of, {} if "path" in options else options)
        for (field, options), of in zip(_FIELDS, texts, strict=True)
    ]
    reread = read_together(spark, again)
    fields = [field for field, _ in _FIELDS]
    return Example(
        cells,
        dict(zip(fields, found, strict=True)),
        {
            field: dict(zip(of, read, strict=True))
            for field, of, read in zip(fields, texts, reread, strict=True)
        },
    )


@pytest.mark.parametrize("field", [field for field, _ in _FIELDS])
def test_each_cell_is_a_value_or_is_told(examples: list[Example], field: str) -> None:
    for example in examples:
        for cell, read in zip(example.cells, example.found[field], strict=True):
            assert read.code is None or read.code in CODES
            if read.value is None and read.code is None:
                assert _says_nothing(field, cell), f"{cell!r} vanished in silence"
        for text, read in example.reread[field].items():
            assert _as_cell(read.value) == text, f"{text!r} is not kept"
    if field != "image_url":  # chance writes no JSON that holds the path
        assert any(example.reread[field] for example in examples), "no cell is a value"


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
    found = read_together(spark, [Asked(field, wide) for field in ("title", "description")])
    assert [len(one) for one in found] == [len(wide)] * 2
