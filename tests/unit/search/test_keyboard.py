"""Slips of the keyboard layout, key strokes and initials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.search import keyboard

HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=8)


@given(HANGUL)
def test_key_strokes_compose_into_the_text_they_came_from(text: str) -> None:
    assert keyboard.compose(keyboard.strokes(text)) == text


@given(st.text(max_size=30), st.booleans())
def test_any_text_has_a_reading_or_none(text: str, unfinished: bool) -> None:
    meant = keyboard.in_other_layout(text, unfinished)
    assert meant is None or meant != text
    keyboard.compose(text)
    assert len(keyboard.initials(text)) == len(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shxmqnr", "노트북"), ("rhdrlcjdwjdrl", "공기청정기"), ("tkatjd tv", "삼성 tv"), ("ekfr", None),
        ("ㅜㅑㅏㄷ", "nike"), ("ㅁㅇㅑㅇㅁㄴ", "adidas"), ("뭉개ㅑㅇ", "android"),
        ("nike", None), ("iphone 15", None), ("dyson", None), ("galaxy", None), ("노트북", None), ("", None),
    ],
)  # fmt: skip
def test_a_slip_is_known_by_its_form(typed: str, meant: str | None) -> None:
    assert keyboard.in_other_layout(typed) == meant


def test_while_typing_one_syllable_is_enough() -> None:
    assert keyboard.in_other_layout("shx") is None
    assert keyboard.in_other_layout("shx", unfinished=True) == "놑"
    assert keyboard.in_other_layout("shxmq", unfinished=True) == "노틉"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("ㄴㅌㅂ", True), ("ㄴ ㅌ", True), ("노ㅌ", False), ("", False), ("ㅏ", False)],
)
def test_a_query_by_initials_holds_consonants_only(text: str, is_so: bool) -> None:
    assert keyboard.is_initials(text) is is_so


def test_initials_of_a_mixed_text() -> None:
    assert keyboard.initials("LG 노트북") == "LG ㄴㅌㅂ"


@pytest.mark.parametrize(
    ("typed", "shorter"),
    [
        ("냉잔", ["냉자", "냉ㅈ"]),
        ("노투북", ["노투부", "노투ㅂ", "노투"]),
        ("이어픈", ["이어프", "이어ㅍ", "이어"]),
        ("nik", []),
        ("ㄴㅌ", []),
        ("", []),
    ],
)
def test_the_last_syllable_is_taken_back_stroke_by_stroke(typed: str, shorter: list[str]) -> None:
    assert list(keyboard.shortened(typed)) == shorter
