"""What stands in a sheet beside its values: links, merged cells, formulas without a result, hidden sheets."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.raw import names_of_frame
from mallfeed.formats.xlsx.format import XlsxOptions
from mallfeed.kinds.sql.marks import LINK, LINKED_TEXT, UNRESOLVED
from mallfeed.reading.wanted import Wanted
from tests.unit.feed.reading import read
from tests.unit.feed.workbook import FiveDigits, Formula, Sheet, workbook

HEAD = ["id", "link", "cat"]


def cells(sheet: Sheet, **options: object) -> list[tuple[object, ...]]:
    return read(workbook({"s": sheet}), format="xlsx", xlsx=options).cells(*HEAD)


def linked(target: str, text: str) -> str:
    return f"{LINK}{target}{LINKED_TEXT}{text}"


def test_a_link_stands_beside_its_text_unless_that_is_an_address() -> None:
    rows = [HEAD, [1, "보기", "가"], [2, "https://a/2", "가"], [3, None, "가"], [4, "보기", "가"]]
    links = {"B2": "https://a/1", "B3": "https://b/2", "B4:B5": "https://a/3?x=1&y=2"}
    assert cells(Sheet(rows, links)) == [
        ("1", linked("https://a/1", "보기"), "가"),
        ("2", "https://a/2", "가"),
        ("3", linked("https://a/3?x=1&y=2", ""), "가"),
        ("4", linked("https://a/3?x=1&y=2", "보기"), "가"),
    ]


@pytest.mark.parametrize(
    ("formula", "target"),
    [
        ('HYPERLINK("https://a/1","보기")', "https://a/1"),
        ('hyperlink( "https://a/1" )', "https://a/1"),
        ('HYPERLINK("https://a/"&A2,"보기")', ""),  # nobody knows where it leads
        ("HYPERLINK(D2)", ""),
    ],
)
def test_the_formula_that_makes_a_link_is_one(formula: str, target: str) -> None:
    rows = [HEAD, [1, Formula(formula, "보기", "str"), "가"]]
    assert cells(Sheet(rows)) == [("1", linked(target, "보기"), "가")]


def test_a_formula_has_the_result_that_is_stored_and_is_told_without_one() -> None:
    rows = [
        HEAD,
        [Formula("1+1", "2"), Formula('""', "", "str"), Formula("A2*2")],
        [3, "x", Formula("VLOOKUP(1,2,3)", "#N/A", "e")],
    ]
    assert cells(Sheet(rows)) == [
        ("2", None, UNRESOLVED + "=A2*2"),
        ("3", "x", UNRESOLVED + "#N/A"),
    ]


def test_merged_cells_are_filled_below_the_header_only() -> None:
    rows = [HEAD, [1, "a", "가"], [2, "b"], [], [4, "d"], [5, "e", "나"]]
    assert cells(Sheet(rows, merged=["C2:C5", "A1:A2"])) == [
        ("1", "a", "가"), ("2", "b", "가"), ("4", "d", "가"), ("5", "e", "나"),
    ]  # fmt: skip
    title = [["우리 상품"], HEAD, [1, "a", "가"], [2, "b"]]
    assert cells(Sheet(title, merged=["A1:C1", "C3:C4"]), header_row=2) == [
        ("1", "a", "가"), ("2", "b", "가"),
    ]  # fmt: skip


def test_a_header_of_two_lines_is_named_by_both() -> None:
    rows = [["표"], ["id", "가격", None], [None, "link", "cat"], [1, "a", "가"], [None, "b"]]
    merged = ["A1:C1", "A2:A3", "B2:C2", "A4:A5"]
    assert cells(Sheet(rows, merged=merged), header_row=3) == [("1", "a", "가"), ("1", "b", None)]


def test_several_columns_of_one_merged_cell_have_its_value_in_the_first() -> None:
    rows = [HEAD, [1, "a"], [2]]
    assert cells(Sheet(rows, merged=["B2:C3"])) == [("1", "a", None), ("2", "a", None)]


def test_the_first_sheet_that_is_shown_is_read_and_named() -> None:
    data = workbook(
        {"메모": Sheet([["memo"], ["x"]], is_hidden=True), "상품": [HEAD, [1, "a", "가"]]}
    )
    found = read(data, format="xlsx")
    assert found.cells(*HEAD) == [("1", "a", "가")]
    assert found.feed.facts["sheet"] == "상품"
    hidden = read(data, format="xlsx", xlsx={"sheet": "메모"})
    assert hidden.cells("memo") == [("x",)]


def test_columns_behind_the_last_one_are_left_aside() -> None:
    rows = [["id", "price", "price"], ["1", 900, 100]]
    data = workbook({"s": rows})
    with pytest.raises(FeedHeld, match="columns named twice"):
        read(data, ["id", "price"], format="xlsx")
    found = read(data, ["id", "price"], format="xlsx", xlsx={"last_column": "B"})
    assert found.cells("id", "price") == [("1", "900")]
    shifted = workbook({"s": [["", "id", "price", "price"], ["", "1", 900, 100]]})
    found = read(shifted, ["id", "price"], format="xlsx", xlsx={"last_column": "C"})
    assert found.cells("id", "price") == [("1", "900")]


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("O", 15), ("Z", 26), ("AA", 27)])
def test_letters_of_columns_are_counted(letters: str, number: int) -> None:
    assert XlsxOptions(last_column=letters).columns_read == number


def test_a_number_has_the_zeros_that_its_format_shows() -> None:
    written = {"12": "00012", "123456": "123456", "-5": "-5", "1.5": "1.5", "0": "00000"}
    rows = [HEAD, *([FiveDigits(one), one, 12] for one in written)]
    rows.append([FiveDigits("12", "str"), "text", 12])
    found = cells(Sheet(rows, {"A2": "https://a/1"}))
    assert [first for first, _, _ in found] == [
        linked("https://a/1", "00012"), *list(written.values())[1:], "12",
    ]  # fmt: skip
    assert {last for _, _, last in found} == {"12"}


def test_a_version_of_the_first_rules_keeps_its_ids(tmp_path: Path) -> None:
    path = tmp_path / "feed.xlsx"
    path.write_bytes(workbook({"s": [["id"], [FiveDigits("12")]]}))
    for as_shown, id_ in ((True, "00012"), (False, "12")):
        out = LocalParts(tmp_path / f"frame_{as_shown}")
        wanted = Wanted(("id",), everything=False, as_shown=as_shown)
        raw = prepare(LocalFiles([path]), FeedSpec(format="xlsx"), wanted, out)
        assert pq.read_table(raw.uris[0]).rename_columns(names_of_frame(raw.columns))[
            "id"
        ].to_pylist() == [id_]
