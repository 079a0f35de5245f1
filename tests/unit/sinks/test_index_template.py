"""The mapping fits the canonical product, and the analysis files hold together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mallfeed.errors import SettingsInvalid
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.registry import KINDS
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.sinks.opensearch import hangul, index_template
from mallfeed.sinks.opensearch.index_template import DEFINITION

MAPPING = json.loads((DEFINITION / "mapping.json").read_text("utf-8"))
COMPUTED = {
    "category_tree", "discount_rate", "free_shipping", "unit_price", "unit_price_measure",
    "variant_key", "product_group_key", "content_hash", "loaded_at", "mall_id", "spelling",
}  # fmt: skip


def test_the_mapping_has_every_canonical_field_and_the_computed_ones_only() -> None:
    assert set(MAPPING["properties"]) == {f.name for f in PRODUCT_FIELDS} | COMPUTED
    assert MAPPING["dynamic"] == "strict"


@pytest.mark.parametrize("field", PRODUCT_FIELDS, ids=lambda f: f.name)
def test_each_field_has_a_type_of_its_kind(field: CanonicalField) -> None:
    assert MAPPING["properties"][field.name]["type"] in KINDS[field.kind].index_types


def test_tombstones_outlive_the_longest_job() -> None:
    settings = index_template.build(DEFINITION)["template"]["settings"]["index"]
    assert settings["gc_deletes"] == "6h"


def test_words_and_synonyms_stand_inline() -> None:
    analysis = index_template.build(DEFINITION)["template"]["settings"]["index"]["analysis"]
    assert "나이키" in analysis["tokenizer"]["korean_mixed"]["user_dictionary_rules"]
    assert "나이키, nike" in analysis["filter"]["shopping_synonyms"]["synonyms"]
    assert not any(
        line.startswith("#") for line in analysis["filter"]["shopping_synonyms"]["synonyms"]
    )


def test_settings_can_be_overridden() -> None:
    built = index_template.build(DEFINITION, {"number_of_shards": 5})
    assert built["template"]["settings"]["index"]["number_of_shards"] == 5


def test_a_mapping_of_another_version_than_the_code_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "mapping.json").write_text('{"_meta": {"mapping_version": 99}}')
    with pytest.raises(SettingsInvalid, match=r"mapping_version is 99, this code writes 1"):
        index_template.build(tmp_path)


def apply(rules: list[str], text: str) -> str:
    """What a mapping char_filter makes of it."""
    table = dict(rule.split("=>") for rule in rules)
    return "".join(table.get(letter, letter) for letter in text)


def test_a_half_typed_syllable_is_a_prefix_of_the_word() -> None:
    rules = hangul.jamo_rules()
    assert len(rules) == 11_172 + 18
    word = apply(rules, "노트북")
    assert word == "ㄴㅗㅌㅡㅂㅜㄱ"
    for typed in ("ㄴ", "노", "놑", "노ㅌ", "노트", "노틉", "노트부"):
        assert word.startswith(apply(rules, typed)), typed


def test_compound_letters_are_taken_apart() -> None:
    assert apply(hangul.jamo_rules(), "과값") == "ㄱㅗㅏㄱㅏㅂㅅ"


def test_initials_only() -> None:
    assert apply(hangul.chosung_rules(), "노트북 ㄴㅌㅂ") == "ㄴㅌㅂ ㄴㅌㅂ"


def test_the_wrong_keyboard_layout_is_read_both_ways() -> None:
    assert apply(hangul.latin_key_rules(), "shxmqnr") == apply(hangul.jamo_rules(), "노트북")
    typed = apply(hangul.jamo_rules(), "ㅑㅔㅙㅜㄷ")
    assert apply(hangul.jamo_key_rules(), typed) == "iphone"
