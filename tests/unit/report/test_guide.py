"""docs/for-malls.md is what the code says."""

from __future__ import annotations

from pathlib import Path

from mallfeed.product.codes import CODES
from mallfeed.report.guide import page

ROOT = Path(__file__).resolve().parents[3]


def test_the_guide_is_not_older_than_the_codes() -> None:
    written = (ROOT / "docs/for-malls.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m mallfeed.report.guide > docs/for-malls.md"


def test_every_code_is_reported_in_both_languages() -> None:
    text = page()
    for code in CODES.values():
        assert text.count(f"| `{code.name}` |") == 2, code.name
