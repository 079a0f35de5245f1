"""What stands above and below the records of CSV and XLSX, and separators at the ends of rows."""

from __future__ import annotations

import pytest

from mallfeed.catalog.read import read_catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.drift import check_header
from mallfeed.formats.csv.above import declared_separator
from mallfeed.reading.footer import begins_with_total
from tests.golden.run_golden import HEADER
from tests.unit.feed.reading import Read, read
from tests.unit.feed.workbook import workbook

CSV = {"format": "csv"}
CATALOG = (
    HEADER
    + "fields: {product_id: id, title: title, price: price, url: link, category_path: cat}\n"
    + "feeds: {full: {format: FORMAT}}\n"
)
NAMES = ["id", "title", "price", "link", "cat"]


def with_option(data: bytes, **options: object) -> Read:
    return read(data, format="csv", csv=options)


def drift(data: bytes, written: str = "csv") -> str:
    """The message of the held feed, of a catalog that says no more than the format."""
    catalog = read_catalog(CATALOG.replace("FORMAT", written), "shop")

    def check(columns: object, types: object) -> None:
        found = check_header(columns, types, catalog, "full")  # type: ignore[arg-type]
        if found is not None:
            raise FeedHeld("drift", found.message)

    with pytest.raises(FeedHeld) as held:
        read(data, NAMES, check, format=written)
    assert held.value.code == "drift"
    return held.value.message


@pytest.mark.parametrize(
    ("line", "separator"),
    [
        ("sep=;\r\n", ";"),
        ('"sep=;"\n', ";"),
        ("SEP=\t\n", "\t"),
        ("sep=\\t", "\t"),
        ("sep=,,,,\n", ","),
        ("\ufeffsep=|\n", "|"),
        ("sep=\n", None),
        ("separator=;\n", None),
        ("sep=ab\n", None),
        ("id,sep=;\n", None),
    ],
)
def test_sep_lines(line: str, separator: str | None) -> None:
    assert declared_separator(line) == separator


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_sep_line_wins_over_the_catalog_and_rows_keep_their_numbers(end: str) -> None:
    found = read(end.join(["sep=;", "id;name", "1;a,b", ""]).encode(), **CSV)
    assert [(r["_row"], r["id"], r["name"]) for r in found.rows] == [("3", "1", "a,b")]
    assert found.feed.facts["separator"] == "';'; the `sep=` line names ';'"


def test_a_sep_line_that_the_header_contradicts_is_passed_over() -> None:
    found = read(b"sep=;\nid,name\n1,a\n", **CSV)
    assert found.cells("id", "name") == [("1", "a")]
    assert found.feed.facts["separator"] == "','; the `sep=` line names ';'"


def test_lines_above_the_header_are_left_out_whatever_is_in_them() -> None:
    found = with_option(b'The "shop\n\nsep=;\nid,name\n1,a\n', header_row=4)
    assert [(r["_row"], r["id"]) for r in found.rows] == [("5", "1")]


def test_header_row_below_a_sep_line_counts_it() -> None:
    assert with_option(b"sep=;\nTitle\nid;name\n1;a\n", header_row=3).cells("id") == [("1",)]


def test_a_file_that_ends_above_its_header_is_held_with_the_row() -> None:
    with pytest.raises(FeedHeld, match=r"ends before row 7, which is to name the columns") as held:
        with_option(b"id,name\n1,a\n", header_row=7)
    assert held.value.code == "header_missing"


@pytest.mark.parametrize("above", ["상품 목록,,,,", "상품 목록", "상품 목록,상품 목록,,,"])
def test_titles_that_no_catalog_knows_are_named_in_the_message(above: str) -> None:
    told = drift(f"{above}\n\nid,title,price,link,cat\n1,a,1,/1,c\n".encode())
    assert "Row 3 names 5 of the columns that the catalog reads" in told
    assert "say `header_row: 3` under csv: in the new version" in told


def test_titles_of_a_workbook_are_named_in_the_message() -> None:
    rows = [["상품 목록"], [], NAMES, ["1", "a", "1", "/1", "c"]]
    assert "say `header_row: 3` under xlsx:" in drift(workbook({"s": rows}), "xlsx")


def test_a_renamed_column_is_no_question_of_the_row() -> None:
    assert "header_row" not in drift(b"id,title,cost,link,cat\n1,a,1,/1,c\n")


def test_a_column_named_twice_is_no_question_of_the_row() -> None:
    with pytest.raises(FeedHeld) as held:
        read(b"id,price,price\n1,2,3\n", ["id", "price"], **CSV)
    assert "header_row" not in held.value.message


def test_one_blank_cell_at_the_end_is_left_out_and_nothing_else() -> None:
    data = b"id,name\n1,a,\n2,b\n3,c,,\n4,d,x\n5,e, \n6,,\n7,\n"
    found = with_option(data, trailing_separator=True)
    assert found.cells("id", "name") == [("1", "a"), ("2", "b"), ("5", "e"), ("6", "")]
    assert [row for row, _ in found.faults()] == ["4", "5", "8"]
    lost = "1 columns and a separator at the end, expected 2"
    assert found.rows[-1]["_fault_detail"] == lost  # which of the two is missing, nobody knows


def test_a_row_that_ends_with_a_separator_is_refused_under_a_code_of_its_own() -> None:
    found = read(b"id,name\n1,a,\n2,b\n", **CSV)
    assert found.cells("id") == [("2",)]
    assert found.faults() == [("2", "trailing_separator")]
    assert found.rows[0]["_fault_detail"] == "3 columns, expected 2: the row ends with a separator"


def test_a_footer_is_left_out_and_noted() -> None:
    data = "id,name,brand\n1,a,x\n합계,2,3\nTotal: 12,345 rows\n".encode()
    found = with_option(data, footer_rows=5)
    assert found.cells("id") == [("1",)]
    assert found.feed.rows == 1
    assert found.feed.facts["footer"] == "row 3: 합계 2 3; row 4: Total: 12,345 rows"


def test_a_product_that_was_read_as_cp949_is_no_footer() -> None:
    rows = "".join(f"{n},가방\n" for n in range(1, 9)).encode()
    found = with_option(b"id,name\n" + rows + "9,구두\n".encode("cp949"), footer_rows=3)
    assert found.rows[-1]["_fault"] == "row_in_cp949"
    assert (found.rows[-1]["name"], found.feed.rows) == ("구두", 9)
    assert "footer" not in found.feed.facts


def test_no_more_than_the_catalog_says_is_a_footer() -> None:
    found = with_option(b"id,name\n1,a\nx\ny\n", footer_rows=1)
    assert found.faults() == [("3", "malformed_row")]


def test_a_footer_that_did_not_come_costs_no_product() -> None:
    data = b"id,name\n" + b"".join(b"%d,a\n" % n for n in range(25_000))
    assert with_option(data, footer_rows=3).feed.rows == 25_000


@pytest.mark.parametrize(
    ("cell", "is_total"),
    [
        ("Total: 12", True), ("TOTAL", True), ("합계", True), ("총 12,345건", True), ("*** End of file ***", True),
        ("Grand total", True), ("총각김치", False), ("Totally new", False), ("합계표", False), ("1", False), ("", False),
    ],
)  # fmt: skip
def test_words_for_a_total(cell: str, is_total: bool) -> None:
    assert begins_with_total([None, " ", cell, "x"]) is is_total
