"""The bench's own catalog: a benchmark is run seldom, and would be the first to notice."""

from __future__ import annotations

from benchmarks.ours import catalog_of
from mallfeed.catalog.read import read_catalog


def test_the_bench_s_catalog_reads_full_feeds_and_changes() -> None:
    catalog = read_catalog(catalog_of("bench"), "v1.yaml")
    assert catalog.mall == "bench"
    assert catalog.feeds["full"].mode == "full"
    assert catalog.merges("changes")
