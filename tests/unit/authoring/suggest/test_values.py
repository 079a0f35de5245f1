"""Kinds of values: what a cell is taken for, whatever its column is called."""

from __future__ import annotations

import pytest

from mallfeed.authoring.suggest.values import gtin_fits


@pytest.mark.parametrize(
    "cell",
    [
        "8800000000015",
        "'8800000000015",
        '="8800000000015"',
        "8800000000015, 0012345678905",
        '["8800000000015"]',
    ],
)
def test_a_barcode_is_one_in_a_spreadsheet_s_text_mark_too(cell: str) -> None:
    assert gtin_fits(cell)


@pytest.mark.parametrize("cell", ["'8800000000016", "'90s", '="12"', "'", '="8800000000015', ""])
def test_what_is_no_barcode_is_none_in_a_mark(cell: str) -> None:
    assert not gtin_fits(cell)
