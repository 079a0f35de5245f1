"""`mallfeed report` in a terminal."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from mallfeed.cli.report import summary


def _printed(report: dict[str, Any]) -> str:
    console = Console(width=160, file=io.StringIO(), markup=False, emoji=False)
    console.print(summary(report))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_it_says_what_happened_and_what_to_do(report: dict[str, Any]) -> None:
    text = _printed(report)
    assert "Your feed is loaded." in text
    assert "10 refused rows are not loaded." in text
    assert "price_not_a_number" in text
    assert "12,345" in text


def test_a_held_feed_names_its_reason(report: dict[str, Any]) -> None:
    text = _printed({**report, "state": "HELD", "code": "drift", "message": "price is gone"})
    assert "drift" in text
    assert "price is gone" in text
