"""Whatever is done to a file: rows each exactly once, faults named, nothing shifted; or HELD."""

from __future__ import annotations

from typing import Any

import pytest

from mallfeed.errors import FeedHeld
from tests.unit.feed.hostile import FILES
from tests.unit.feed.mutations import (
    POSITIONAL,
    ROWS,
    SEEDS,
    cell,
    check_rows,
    damaged,
    mutated,
)  # fmt: skip
from tests.unit.feed.reading import Read, read

MUTATIONS_A_READER = 150
_CODES = {
    "archive_of_many", "archive_ratio", "drift", "empty_object", "encrypted_archive",
    "header_duplicate", "header_missing", "not_the_format", "quote_unclosed",
    "record_too_large", "records_path_missing", "sheet_missing", "too_costly", "too_many_columns",
    "truncated", "undecodable",
}  # fmt: skip


def test_seeds_come_out_whole() -> None:
    for data, spec in SEEDS.values():
        found = read(data, **spec)
        assert found.faults() == []
        assert [row["c0"] for row in found.rows] == [cell(0, n) for n in range(ROWS)]
        assert [row["c3"] for row in found.rows] == [cell(3, n) for n in range(ROWS)]


@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_feed_comes_out_row_by_row_or_is_held(seed: str) -> None:
    spec = SEEDS[seed][1]
    for number in range(MUTATIONS_A_READER):
        outcome = _read_or_held(mutated(seed, number), spec)
        if isinstance(outcome, FeedHeld):
            assert outcome.code in _CODES, (seed, number)
            assert len(outcome.message) > 20, (seed, number)
        else:
            check_rows(outcome, f"{seed} {number}", positional=seed.startswith(POSITIONAL))


@pytest.mark.parametrize("name", FILES)
def test_damaged_file_that_is_made_to_cost_much_is_read_or_held(name: str) -> None:
    file = FILES[name]
    data = file.made(40)
    for number in range(MUTATIONS_A_READER // 5):
        outcome = _read_or_held(damaged(data, f"{name} {number}"), file.spec)
        if isinstance(outcome, FeedHeld):
            assert outcome.code in _CODES, (name, number)
        else:
            check_rows(outcome, f"{name} {number}", positional=False)


def _read_or_held(data: bytes, spec: dict[str, Any]) -> Read | FeedHeld:
    try:
        return read(data, **spec)
    except FeedHeld as held:
        return held
