"""Rows below the header that are no products: found, left out by the draft, and said."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.draft import Head
from mallfeed.authoring.suggest.drafted import Drafted, drafted
from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.catalog.rows import Rule
from tests.unit.authoring.suggest.test_on_platform import PLATFORMS, sample_of
from tests.unit.feed.workbook import workbook

KEYS = ["id", "title", "price", "link", "category"]
KOREAN = ["상품코드", "상품명", "판매가", "상품URL", "카테고리"]
Table = Sequence[Sequence[str]]


def products(count: int = 12) -> list[list[str]]:
    return [
        [f"T{n}", f"텀블러 {n}", f"{10 + n},500", f"https://shop.example/{n}", "주방 > 컵"]
        for n in range(count)
    ]


def draft_of(rows: Table, folder: Path, name: str = "feed.csv") -> Drafted:
    path = folder / name
    if name.endswith(".xlsx"):
        path.write_bytes(workbook({"Sheet1": rows}))
    else:
        out = io.StringIO()
        csv.writer(out, delimiter="\t" if name.endswith(".tsv") else ",").writerows(rows)
        path.write_text(out.getvalue(), "utf-8")
    head = Head("shop", 1, datetime(2026, 1, 1, tzinfo=UTC), base_url="https://shop.example")
    return drafted(suggest(path, head.base_url), head, PLATFORMS)


LABELS: dict[str, Table] = {
    "names in Korean": [KOREAN],
    "what is required": [["필수", "필수", "필수", "선택", "선택입력"]],
    "what is required, of some": [["*필수", "Required", "(required)", "", ""]],
    "types": [["string", "varchar(100)", "number", "url", "text"]],
    "types in Korean": [["문자열", "최대 100자", "숫자(10)", "주소", "20자 이내"]],
    "names in another language": [["Artikel", "Bezeichnung", "Preis", "Verweis", "Warengruppe"]],
    "words that nobody knows": [["kood", "nimetus", "hind", "viide", "liik"]],
    "what is expected": [["쇼핑몰의 상품코드", "상품 이름을 그대로", "원 단위로 쓰세요", "http로 시작", "> 로 구분"]],
    "lengths": [["20", "100", "10", "255", "50"]],
    "three": [KOREAN, ["필수", "필수", "필수", "선택", "선택"], ["text", "text", "int", "url", "text"]],
}  # fmt: skip


@pytest.mark.parametrize("name", ["feed.csv", "feed.tsv", "feed.xlsx"])
@pytest.mark.parametrize("labels", LABELS)
def test_a_second_header_is_left_out_and_said(labels: str, name: str, tmp_path: Path) -> None:
    made = draft_of([KEYS, *LABELS[labels], *products()], tmp_path, name)
    rules = made.catalog().row_rules("full")
    assert [one.name for one in rules] == ["second_header", "third_header", "fourth_header"][: len(LABELS[labels])]  # fmt: skip
    assert made.found.sample.rows == 12
    assert {one.level for one in made.found.fields} == {"high"}
    said = [one for one in made.assumed if one.what == "second header"]
    assert said[0].value == (
        "the row below the header is no product, and `rows.drop.second_header` leaves it out"
    )
    assert "#   second header: the row below the header is no product" in made.text


def test_keys_below_names_are_left_out_too(tmp_path: Path) -> None:
    made = draft_of([KOREAN, KEYS, *products()], tmp_path)
    assert made.catalog().row_rules("full") == (
        Rule(
            "second_header",
            "trim(`상품코드`) = 'id' and trim(`상품명`) = 'title' and trim(`판매가`) = 'price'",
        ),
    )


def test_what_stands_there_is_written_as_an_expression_reads_it(tmp_path: Path) -> None:
    odd = ["the shop's `id`", "50\\60 chars", "it's\nin won", "http…", "a > b"]
    made = draft_of([KEYS, odd, *products()], tmp_path)
    [rule] = made.catalog().row_rules("full")
    assert rule.sql == (
        "trim(id) = 'the shop''s `id`' and trim(link) = 'http…' and trim(category) = 'a > b'"
    )


FIRST: dict[str, Sequence[str]] = {
    "a price on request": ["T100", "텀블러", "가격문의", "https://shop.example/100", "컵"],
    "no number": ["특별", "텀블러", "품절", "https://shop.example/x", "컵"],
    "sold out, without an address": ["특별", "텀블러", "품절", "", "컵"],
    "a title that is a name of a column": ["T100", "Title", "12000", "https://shop.example/1", "색상"],
    "a title that is a number": ["1984", "1984", "9000", "https://shop.example/100", "7"],
    "a number": ["100", "가격", "가격", "링크", "컵"],
}  # fmt: skip


@pytest.mark.parametrize("first", FIRST)
def test_a_product_is_no_second_header(first: str, tmp_path: Path) -> None:
    made = draft_of([KEYS, FIRST[first], *products()], tmp_path)
    assert (made.found.labels, made.found.sample.rows) == ((), 13)


def test_a_file_of_words_has_no_second_header(tmp_path: Path) -> None:
    rows = [["red", "shirt", "cotton"], ["blue", "skirt", "wool"], ["green", "hat", "felt"]]
    made = draft_of([["colour", "title", "material"], *rows * 4], tmp_path)
    assert made.found.labels == ()


def test_a_platform_s_export_with_a_second_header_is_drafted_on_it(tmp_path: Path) -> None:
    table = sample_of("cafe24")
    labels = [f"항목 {name}" if name else "" for name in table[0]]
    made = draft_of([table[0], labels, *table[1:]], tmp_path)
    assert str(made.extends) == "cafe24@1"
    assert made.platform is not None
    assert made.platform.own[("rows", "drop", "second_header")] == (
        "trim(`상품코드`) = '항목 상품코드' and trim(`상품명`) = '항목 상품명' and trim(`판매가`) = '항목 판매가'"
    )
    assert "second_header: " in made.text
    assert [one.what for one in made.assumed] == ["currency", "timezone", "second header", "mode"]


def test_a_platform_that_knows_its_own_is_left_alone(tmp_path: Path) -> None:
    table = sample_of("godomall")
    labels = ["설명" if name else "" for name in table[0]]
    made = draft_of([table[0], labels, *table[1:]], tmp_path)
    assert str(made.extends) == "godomall@1"
    assert "second_header" not in made.text
