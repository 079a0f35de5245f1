"""Whatever is done to a file: rows each exactly once, faults named, nothing shifted; or HELD."""

from __future__ import annotations

import os
import re
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

MUTATIONS_A_READER = int(os.environ.get("MALLFEED_MUTATIONS", "50"))
"""`make torture` tries many more."""
OTHERS_WORDS = re.compile(
    r"[Ee]xpecting|EntityRef|[Ss]tart tag expected|StartTag|PCDATA|xmlParse|Premature end|lexical error|parse error|right here"
    r"|line 0|Error -?\d|invalid (distance|stored|code|bit|block)|zstd|bzip2|BadZip|File is not|Bad (CRC|magic)|central directory"
    r"|[Tt]hrift|[Dd]eserializ|ParquetFile|Arrow|IOError|Errno|calamine|Xlsx error|Zip error|codec can't|Traceback|java\.|org\.apache"
)
"""What the libraries say that read the formats."""
MARK = "odd_"
"""Begins what is written into records in another encoding, for their reader only."""
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
            assert not OTHERS_WORDS.findall(outcome.message), (seed, number)
            assert MARK not in outcome.message, (seed, number)
        else:
            assert MARK not in str(outcome.rows), (seed, number)
            check_rows(outcome, f"{seed} {number}", positional=seed.startswith(POSITIONAL))
            details = " ".join(row["_fault_detail"] or "" for row in outcome.rows)
            assert not OTHERS_WORDS.findall(details), (seed, number)


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
