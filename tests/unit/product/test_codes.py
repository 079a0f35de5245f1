"""Codes: one registry, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from mallfeed.product import codes
from mallfeed.product.code_texts import LABELS
from mallfeed.product.codes import CODES, message
from mallfeed.product.fields import BY_NAME

ROOT = Path(codes.__file__).parents[2]


def test_every_code_says_what_and_what_to_do_in_both_languages() -> None:
    for code in CODES.values():
        assert code.meaning_en.endswith(".")
        assert code.todo_en.endswith(".")
        assert re.search("[가-힣]", code.meaning_ko), code.name
        assert re.search("[가-힣]", code.todo_ko), code.name


def test_every_canonical_field_has_a_korean_name() -> None:
    assert set(BY_NAME) <= set(LABELS), "mallfeed/product/code_texts.py"


def test_required_fields_reject_and_optional_ones_warn() -> None:
    assert CODES["price_missing"].kind == "reject"
    assert CODES["title_too_long"].kind == "warning"
    assert CODES["gtin_invalid"].kind == "warning"
    required = [name for name, field in BY_NAME.items() if field.required]
    assert all(f"{name}_missing" in CODES for name in required)


def test_message_names_what_was_found() -> None:
    assert message("price_not_a_number", "price", "문의", "en") == (
        "`price` is not a number. Found: “문의”. Write digits, such as 12900 or 12,900."
    )
    assert message("price_missing", "price", None, "ko") == (
        "판매가 항목이 비어 있습니다. 값을 입력해 주세요. 이 값이 없으면 상품이 노출되지 않습니다."
    )


def test_unknown_code_is_reported_by_its_name() -> None:
    assert message("brand_new_code", "title", "x", "en") == "brand_new_code: title: x"


def test_every_held_code_in_the_source_is_registered() -> None:
    used: set[str] = set()
    for path in (ROOT / "mallfeed").rglob("*.py"):
        used |= set(re.findall(r'FeedHeld\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert used <= set(CODES), f"not in mallfeed/product/code_texts.py: {sorted(used - set(CODES))}"
