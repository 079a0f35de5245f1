"""Whatever is done to a file: rows each exactly once, faults named, nothing shifted; or HELD."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mallfeed.errors import FeedHeld
from tests.unit.feed.mutations import COLUMNS, POSITIONAL, ROWS, SEEDS, cell, mutated
from tests.unit.feed.reading import Read, read

MUTATIONS_A_READER = 150
_TAGGED = re.compile(r"(aaaa|bbbb|cccc|dddd)\d{1,2}")
_CODES = {
    "archive_of_many", "archive_ratio", "drift", "empty_object", "encrypted_archive",
    "header_duplicate", "header_missing", "not_the_format", "quote_unclosed",
    "record_too_large", "records_path_missing", "sheet_missing", "too_many_columns", "truncated",
    "undecodable",
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
            _check(outcome, f"{seed} {number}", positional=seed.startswith(POSITIONAL))


def _read_or_held(data: bytes, spec: dict[str, Any]) -> Read | FeedHeld:
    try:
        return read(data, **spec)
    except FeedHeld as held:
        return held


def _check(found: Read, which: str, positional: bool) -> None:
    assert [row["_pos"] for row in found.rows] == list(range(found.feed.rows)), which
    assert len({row["_row"] for row in found.rows}) == len(found.rows), which
    assert found.feed.malformed == len(found.faults()), which
    for row in found.rows:
        if row["_fault"] is None:
            assert not (positional and _shifted(row)), (which, row)
        else:
            assert row["_fault_detail"], (which, row)
            assert all(row[name] is None for name in found.feed.columns), (which, row)


def _shifted(row: dict[str, Any]) -> bool:
    """Whether a value that tells its column stands in another one."""
    for name in COLUMNS:
        tag = _TAGGED.fullmatch(str(row.get(name)))
        if tag and tag[1] != cell(int(name[1]), 0)[:4]:
            return True
    return False
