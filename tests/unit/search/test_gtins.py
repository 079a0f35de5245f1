"""A query that is a trade item number, in all its lengths."""

from __future__ import annotations

import pytest

from mallfeed.search.parameters import gtins


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        ("8800000070001", ["8800000070001", "08800000070001"]),
        ("036000291452", ["036000291452", "0036000291452", "00036000291452"]),
        ("00036000291452", ["036000291452", "0036000291452", "00036000291452"]),
        ("978-89-6626-120-8", ["9788966261208", "09788966261208"]),
        ("96385074", ["96385074", "000096385074", "0000096385074", "00000096385074"]),
        ("123456", []), ("WH-1000XM5", []), ("８８０００００００７０００１", []), ("노트북", []), ("", []),
    ],
)  # fmt: skip
def test_forms_differ_by_leading_zeros(query: str, forms: list[str]) -> None:
    assert gtins(query) == forms
