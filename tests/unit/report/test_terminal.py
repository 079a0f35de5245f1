"""`mallfeed report` in a terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from mallfeed.cli.report import summary
from mallfeed.ledger.states import UNCHANGED_BYTES


def _printed(report: dict[str, Any]) -> str:
    console = Console(width=160, file=io.StringIO(), markup=False, emoji=False)
    console.print(summary(report))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_it_says_what_happened_and_what_to_do(report: dict[str, Any]) -> None:
    text = _printed(report)
    assert "Your feed is loaded." in text
    assert "10 rejected rows were not loaded." in text
    assert "price_not_a_number" in text
    assert "12,345" in text


def test_a_held_feed_names_its_reason(report: dict[str, Any]) -> None:
    text = _printed({**report, "state": "HELD", "code": "drift", "message": "price is gone"})
    assert "drift" in text
    assert "price is gone" in text


@pytest.mark.parametrize(
    ("state", "code", "told"),
    [
        ("IGNORED", UNCHANGED_BYTES, "your products stay as they are"),
        ("SUPERSEDED", "newer_full_loaded", "A newer full feed was loaded before it."),
        ("SUPERSEDED", "late_behind_full", "It arrived after a newer full feed had been loaded."),
    ],
)
def test_a_feed_that_needed_no_run_asks_for_nothing(
    report: dict[str, Any], state: str, code: str, told: str
) -> None:
    text = _printed({**report, "state": state, "code": code, "message": "x"})
    assert told in text
    assert "Nothing to do." in text


def test_rules_that_left_rows_out_are_listed(report: dict[str, Any]) -> None:
    counts = {**report["counts"], "dropped": 1200, "drop_rules": {"진열안함": 1200}}
    assert "1,200 left out  진열안함" in _printed({**report, "counts": counts})
    del report["counts"]["dropped"], report["counts"]["drop_rules"]  # of an earlier release
    assert "left out" not in _printed(report)
