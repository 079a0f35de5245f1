"""The page: every value is text, whatever it says; both languages; numbers people can read."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.product.codes import CODES
from mallfeed.report.html import html
from mallfeed.report.words import OUTCOMES, escaped, plain

_KNOWN_TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "input",
    "main",
    "div",
    "label",
    "section",
    "span",
    "h1",
    "h2",
    "h3",
    "p",
    "b",
    "small",
    "i",
    "code",
    "bdi",
    "a",
    "svg",
    "rect",
    "details",
    "summary",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "footer",
}
_KNOWN_ATTRIBUTES = {
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "type",
    "id",
    "checked",
    "aria-label",
    "for",
    "href",
    "viewbox",
    "preserveaspectratio",
    "aria-hidden",
    "width",
    "height",
    "fill",
    "style",
    "open",
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def test_nothing_that_a_feed_says_becomes_markup(report: dict[str, Any]) -> None:
    read = _read(html(report))
    assert read.tags <= _KNOWN_TAGS
    assert read.attributes <= _KNOWN_ATTRIBUTES
    assert "<script>alert(1)</script>" in read.text


def test_the_page_needs_nothing_from_elsewhere(report: dict[str, Any]) -> None:
    page = html(report)
    assert all(link.startswith("#") for link in _read(page).links)
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_invisible_and_direction_changing_marks_are_shown(report: dict[str, Any]) -> None:
    page = html(report)
    assert not set(page) & {"\u202e", "\0", "\x1b", "\ud800"}
    assert "\\u202egpj.exe" in page
    page.encode()


@pytest.mark.parametrize("told", ["2026-01-31 00:05:00+00:00", "2026-01-31T00:05:00Z"])
def test_the_feeds_time_is_that_of_the_mall(report: dict[str, Any], told: str) -> None:
    page = html({**report, "feed_time": told, "zone": "Asia/Seoul"})
    assert "2026-01-31 09:05 (Asia/Seoul)" in page


def test_both_languages_and_thousands_marks(report: dict[str, Any]) -> None:
    text = _read(html(report)).text
    for said in ("피드가 반영되었습니다.", "Your feed is loaded.", "12,345", "1,234,567 bytes"):
        assert said in text
    code = CODES["price_not_a_number"]
    assert plain(code.todo_ko) in text
    assert plain(code.todo_en) in text


def test_prices_lie_beside_those_of_the_previous_feed(report: dict[str, Any]) -> None:
    text = _read(html(report)).text
    assert "100 – 200 KRW" in text
    assert "10,000 – 20,000 KRW" in text
    assert "이전 피드" in text
    assert "이전 피드" not in _read(html({**report, "previous_distribution": None})).text


@pytest.mark.parametrize("state", [*OUTCOMES, "SOMETHING_NEW"])
def test_every_state_is_reported(report: dict[str, Any], state: str) -> None:
    text = _read(html({**report, "state": state})).text
    assert OUTCOMES.get(state, ("", state))[1] in text


@pytest.mark.parametrize("code", [c.name for c in CODES.values() if c.kind == "held"])
def test_a_held_feed_says_why_and_what_to_do(report: dict[str, Any], code: str) -> None:
    held = {**report, "state": "HELD", "code": code, "message": "bytes <at> 12"}
    text = _read(html(held)).text
    assert plain(CODES[code].meaning_ko) in text
    assert plain(CODES[code].todo_ko) in text
    assert "bytes <at> 12" in text


def test_what_was_found_is_told_in_korean_where_it_is_known(report: dict[str, Any]) -> None:
    held = {**report, "state": "HELD", "code": "guard_prices", "message": "The middle price"}
    page = html({**held, "figures_ko": "판매가의 <중앙값>이 1,290 KRW입니다."})
    assert "판매가의 &lt;중앙값&gt;이 1,290 KRW입니다." in page
    assert "The middle price" in page
    assert html(held).count("The middle price") == 2, "of what has no figures, the message"


def test_a_report_of_an_earlier_format_has_a_page(report: dict[str, Any]) -> None:
    for name in ("distribution", "previous_distribution", "refused_by_sinks"):
        del report[name]
    assert "피드가 반영되었습니다." in html(report)


@given(st.text())
def test_any_text_comes_back_as_text(text: str) -> None:
    shown = escaped(text)
    assert not set(shown) & set("<>\"'")
    shown.encode()


def test_rules_that_left_rows_out_are_shown_in_both_languages(report: dict[str, Any]) -> None:
    assert "규칙에 따라 제외한 행" not in html(report)
    counts = {**report["counts"], "dropped": 1201, "drop_rules": {"진열안함": 1200, "<b>b2b": 1}}
    page = html({**report, "counts": counts})
    assert "카탈로그의 규칙에 따라 1,201개 행을 노출하지 않습니다." in page
    assert "1,201 rows are not shown, by rules of the catalog." in page
    assert "진열안함" in page
    assert "&lt;b&gt;b2b" in page
    assert "<b>b2b" not in page
    merged = html({**report, "counts": {**counts, "dropped": 3, "drop_rules": {"merged": 3}}})
    assert "다른 행의 상품에 합친 행" in merged
    assert "merged into the product of another row" in merged
    assert "행을 노출하지 않습니다" not in merged
