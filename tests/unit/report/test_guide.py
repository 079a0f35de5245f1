"""docs/for-malls.md explains every code to malls."""

from __future__ import annotations

from mallfeed.product.codes import CODES
from scripts.docs.for_malls import page


def test_every_code_is_reported_in_both_languages() -> None:
    text = page()
    for code in CODES.values():
        assert text.count(f"| `{code.name}` |") == 2, code.name
