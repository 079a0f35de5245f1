"""What acts or hides in a text is shown as its escape, and JSON reads back as it was."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.errors import CatalogInvalid, FeedHeld, Terminal
from mallfeed.visible import VisibleFormatter, file_name, json_text, visible, visible_line

ACTING = ("Cc", "Cf", "Zl", "Zp", "Cs")
"""Unicode's categories of what acts, formats or ends a line."""
LEFT = {"\u200c", "\u200d", "\n", "\t"}
"""Joiners belong to words and emoji; lines and tabs are dealt with where they stand."""
FORMATS = {chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) in ACTING}
SCRIPTS_OWN = {c for c in FORMATS if 0x600 <= ord(c) <= 0x8E2 or 0x110BD <= ord(c) <= 0x1D17A} - {
    "\u061c"
}
"""Signs of Arabic, Syriac, Kaithi, shorthand and music that are drawn or joined, not directions."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m빨강\x1b[0m", r"\x1b[31m빨강\x1b[0m"),
        ("\x1b]0;pwned\x07", r"\x1b]0;pwned\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("photo\u202egpj.exe", r"photo\u202egpj.exe"),
        ("\u2066iso\u2069 zero\u200bwidth", r"\u2066iso\u2069 zero\u200bwidth"),
        ("a\rb\0c\x7f", r"a\rb\x00c\x7f"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("half\ud800", r"half\ud800"),
        ("가방 👨‍👩‍👧 \\x1b é", "가방 👨‍👩‍👧 \\x1b é"),
    ],
)
def test_it_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_nothing_of_unicode_that_acts_comes_through() -> None:
    through = {c for c in FORMATS if visible(c) == c}
    assert through == LEFT | SCRIPTS_OWN
    assert {c for c in FORMATS if visible_line(c) == c} == through - {"\n", "\t"}
    assert visible_line("a\tb\nc\r\n") == r"a\tb\nc\r\n"


def test_a_file_s_name_has_no_folder_and_no_escape() -> None:
    assert file_name("a\x1b]0;pwned\x07\x1b[31m<script>x.csv") == "a_]0;pwned__[31m<script>x.csv"
    assert file_name("../..\\etc\n") == ".._.._etc_"
    assert file_name("상품 목록 (1).csv") == "상품 목록 (1).csv"


@given(st.recursive(st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_json_reads_back_as_it_was(data: object) -> None:
    for indent in (None, 1):
        written = json_text(data, indent)
        assert json.loads(written) == data
        assert visible(written) == written


def test_errors_are_fit_to_be_shown() -> None:
    held = FeedHeld("zip_of_many", "two files: a\x1b]0;x\x07.csv, b\u202e.csv")
    assert held.message == r"two files: a\x1b]0;x\x07.csv, b\u202e.csv"
    assert str(held) == f"zip_of_many: {held.message}"
    assert str(Terminal("a\x1bb")) == r"a\x1bb"
    assert str(CatalogInvalid(["v1.yaml:1:1: \x1b", "second"])) == "v1.yaml:1:1: \\x1b\nsecond"


def test_no_text_begins_a_line_of_a_log() -> None:
    formatter = VisibleFormatter("%(levelname)s %(message)s")
    try:
        raise ValueError("cell\x1b[2J")
    except ValueError:
        record = logging.LogRecord(
            "x", 20, "", 1, "feed %s", ("k\nERROR forged\r",), sys.exc_info()
        )
    first, *rest = formatter.format(record).split("\n")
    assert first == r"INFO feed k\nERROR forged\r"
    assert rest[-1] == r"ValueError: cell\x1b[2J"


def test_a_bug_s_traceback_is_shown_harmless() -> None:
    code = "from mallfeed.visible import show_uncaught; show_uncaught(); raise ValueError('a\\x1b[2Jb')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 1
    assert b"\x1b" not in done.stderr
    assert done.stderr.rstrip().endswith(rb"ValueError: a\x1b[2Jb")
