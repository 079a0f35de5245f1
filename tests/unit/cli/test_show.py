"""What feeds say is shown as it is, whatever the terminal library would make of it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.table import Table

from mallfeed.cli import show
from mallfeed.cli.query import hits_table
from tests.unit.ledger.records import feed


@pytest.mark.parametrize("text", ["[/b] 특가", "[sale] 모자", ":100: 점"])
def test_what_looks_like_markup_is_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(show.CONSOLE, "_file", out)
    monkeypatch.setattr(show.CONSOLE, "_width", 200)
    hit = {"mall_id": "m", "product_id": text, "title": text, "price": 1}
    show.CONSOLE.print(hits_table(text, 1, [hit]))
    table = Table("value")
    table.add_row(text)
    show.CONSOLE.print(table)
    show.CONSOLE.print(show.feeds_table([feed(1, code="drift", message=text)]))
    assert out.getvalue().count(text) >= 4


def test_errors_are_no_markup_either() -> None:
    assert isinstance(show.ERRORS, Console)
    with show.ERRORS.capture() as captured:
        show.ERRORS.print("[/x] is not known")
    assert "[/x] is not known" in captured.get()
