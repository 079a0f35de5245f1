"""The golden table of each field type: what a mall writes, what is stored, what is told."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyspark.sql import SparkSession

from mallfeed.kinds.field_types import field_types
from tests.unit.normalise.reading import Asked, Read, read_together

_TABLES = sorted((Path(__file__).parent / "tables").glob("*.yaml"))


_MOST = 12
"""Fields that are read together: a plan of more of them takes longer than two."""


def _groups() -> Iterator[tuple[str, dict[str, Any]]]:
    for table in _TABLES:
        for number, group in enumerate(yaml.safe_load(table.read_text(encoding="utf-8"))):
            yield f"{table.stem}-{group['field']}-{number}", group


_GROUPS = dict(_groups())


def _together() -> list[list[str]]:
    """The groups, those together that one catalog can read: of different fields, under the same head."""
    batches: list[list[str]] = []
    for name, group in _GROUPS.items():
        for batch in batches:
            others = [_GROUPS[one] for one in batch]
            alike = others[0].get("top") == group.get("top") and len(batch) < _MOST
            if alike and group["field"] not in {one["field"] for one in others}:
                batch.append(name)
                break
        else:
            batches.append([name])
    return batches


@pytest.fixture(scope="module")
def read(spark: SparkSession) -> Callable[[str], list[Read]]:
    """Name of a group → what its cells become, read when one of its batch is asked for first."""
    batch_of = {name: tuple(batch) for batch in _together() for name in batch}

    @functools.cache
    def found(batch: tuple[str, ...]) -> dict[str, list[Read]]:
        groups = [_GROUPS[name] for name in batch]
        asked = [
            Asked(one["field"], [case[0] for case in one["cases"]], one.get("options", "cell"))
            for one in groups
        ]
        top = groups[0].get("top", {})
        return dict(zip(batch, read_together(spark, asked, **top), strict=True))

    return lambda name: found(batch_of[name])[name]


@pytest.mark.spark
@pytest.mark.parametrize("name", _GROUPS)
def test_cells_become_what_the_table_says(read: Callable[[str], list[Read]], name: str) -> None:
    cases = [
        (case[0], case[1], case[2] if len(case) > 2 else None) for case in _GROUPS[name]["cases"]
    ]
    got = [
        (cell, _plain(one.value), one.code)
        for (cell, _, _), one in zip(cases, read(name), strict=True)
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
