"""Pieces that hostile cells are put together from, and which cells say nothing at all."""

from __future__ import annotations

import unicodedata

PIECES = [
    "&", "amp;", "&amp;", "&lt;", "&gt;", "&#38;", "&#x26;", "&#35;", "&nbsp;", "&#0;", "&#xD800;", "<",
    ">", "<b>", "</b>", "<br>", "<script>", "</script>", "<!--", "-->", "<p>", "<x:y>", "\u200b", "\ufeff",
    "ᄒ", "\u1161", "\u11ab", "한", "e", "\u0301", "\u0323", "a", " ", "  ", "\n", "\t", "\x00", "\x1f", "\u3000",
    "http://", "https://", "//", "/", "shop.kr", "한글.kr", "%", "%20", "%zz", "?", "#", "javascript:", "@", ":80",
    "1", "12", "900", ",", ".", "-", "+", "₩", "원", "KRW", "USD", "$", "0", "99999999999999999999", "|", "[", "]",
    '"', "'", "{", "}", "\\", "2026-11-22", "T09:00:00", "Z", "+09:00", "20261122", "Y", "N", "품절", "😀", "8801234567893",
]  # fmt: skip


def is_blank(cell: str) -> bool:
    """Whether none of its characters is shown by anybody."""
    return all(_shows_nothing(char) for char in cell)


def _shows_nothing(char: str) -> bool:
    fillers = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
    shown_by_nobody = unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")
    return shown_by_nobody or char in fillers or "\ufff9" <= char <= "\uffff"
