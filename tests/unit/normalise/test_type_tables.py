"""The golden table of each field type: what a mall writes, what is stored, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession

from mallfeed.kinds.field_types import field_types
from tests.unit.normalise.reading import read_cells

_TABLES = sorted((Path(__file__).parent / "tables").glob("*.yaml"))


def _groups() -> Iterator[Any]:
    for table in _TABLES:
        for number, group in enumerate(yaml.safe_load(table.read_text(encoding="utf-8"))):
            yield pytest.param(group, id=f"{table.stem}-{group['field']}-{number}")


@pytest.mark.spark
@pytest.mark.parametrize("group", list(_groups()))
def test_cells_become_what_the_table_says(spark: SparkSession, group: dict[str, Any]) -> None:
    cases = [(case[0], case[1], case[2] if len(case) > 2 else None) for case in group["cases"]]
    options = group.get("options", "cell")
    found = read_cells(
        spark, group["field"], [cell for cell, _, _ in cases], options, **group.get("top", {})
    )
    got = [
        (cell, _plain(read.value), read.code)
        for (cell, _, _), read in zip(cases, found, strict=True)
    ]
    assert got == cases


def _plain(value: Any) -> Any:
    if isinstance(value, bool | list) or value is None:
        return value
    if isinstance(value, Decimal | int):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.quick
def test_each_field_type_has_a_table_of_twenty_cases_or_more() -> None:
    cases = {
        table.stem: sum(
            len(group["cases"]) for group in yaml.safe_load(table.read_text(encoding="utf-8"))
        )
        for table in _TABLES
    }
    assert set(cases) == set(field_types())
    assert {name: count for name, count in cases.items() if count < 20} == {}
