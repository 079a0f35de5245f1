"""Every quirk of real feeds comes out as its folder says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.golden.run_golden import as_far_as_listed, expected_of, folders, outcome
from tests.spark_session import compiled

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module", autouse=True)
def _as_for_many_rows(spark: SparkSession) -> Iterator[None]:
    """Feeds are compiled for here, and interpreted through the fold and in previews (docs/decisions/few-rows.md)."""
    with compiled(spark):
        yield


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_feed_comes_out_as_expected(folder: Path, spark: SparkSession, tmp_path: Path) -> None:
    expected = expected_of(folder)
    found = as_far_as_listed(outcome(spark, folder, tmp_path), expected)
    assert found == expected
