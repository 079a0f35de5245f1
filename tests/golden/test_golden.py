"""Every quirk of real feeds comes out as its folder says."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from tests.golden.run_golden import as_far_as_listed, expected_of, folders, outcome

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_feed_comes_out_as_expected(folder: Path, spark: SparkSession, tmp_path: Path) -> None:
    expected = expected_of(folder)
    found = as_far_as_listed(outcome(spark, folder, tmp_path), expected)
    assert found == expected
