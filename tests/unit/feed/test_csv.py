"""CSV: every separator, quote and line end; torn records alone are refused, nothing shifts."""

from __future__ import annotations

import pytest

from mallfeed.errors import FeedHeld
from mallfeed.formats.csv import records as csv_records
from tests.unit.feed.reading import read, read_files

CSV = {"format": "csv"}


def test_row_is_the_line_on_which_the_record_starts() -> None:
    found = read(b'id,name\n1,"a\nb"\n\n2,c\n', **CSV)
    assert [(r["_row"], r["id"], r["name"]) for r in found.rows] == [
        ("2", "1", "a\nb"),
        ("5", "2", "c"),
    ]


@pytest.mark.parametrize("separator", [",", "\t", "|", "^", ";"])
def test_separator_comes_from_the_catalog(separator: str) -> None:
    data = f"id{separator}name\n1{separator}가방\n".encode()
    assert read(data, format="csv", csv={"separator": separator}).cells("id", "name") == [
        ("1", "가방")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    data = end.join(["id,name", "1,a", "2,b", ""]).encode()
    assert read(data, **CSV).cells("id", "name") == [("1", "a"), ("2", "b")]


def test_header_is_trimmed_and_without_byte_order_mark() -> None:
    assert read("\ufeff id , 상품명\u200b\n1,a\n".encode(), **CSV).seen == ("id", "상품명")


def test_blank_header_cells_get_numbers() -> None:
    assert read(b"id,,\n1,2,3\n", **CSV).seen == ("id", "column_2", "column_3")


def test_ours_are_not_overwritten_by_columns_of_that_name() -> None:
    found = read(b"id,_row,_pos\n1,x,y\n", **CSV)
    assert found.rows[0]["_row"] == "2"
    assert set(found.seen) == {"id", "_row (2)", "_pos (3)"}


def test_column_named_twice_holds_the_feed_when_it_is_read() -> None:
    with pytest.raises(FeedHeld, match=r"columns named twice: price \(columns 2, 3\)") as held:
        read(b"id,price,price\n1,2,3\n", ["id", "price"], **CSV)
    assert held.value.code == "header_duplicate"


def test_column_named_twice_is_numbered_when_nobody_reads_it() -> None:
    assert read(b"id,x,x\n1,2,3\n", ["id"], **CSV).seen == ("id", "x", "x (3)")


def test_wrong_column_count_is_a_fault_with_its_text() -> None:
    found = read(b"id,name\n1,a,b\n2,b\n3\n", **CSV)
    assert found.faults() == [("2", "malformed_row"), ("4", "malformed_row")]
    assert found.rows[0]["_raw"] == "1,a,b"
    assert found.rows[0]["_fault_detail"] == "3 columns, expected 2"
    assert found.rows[0]["id"] is None
    assert found.feed.malformed == 2


def test_unescaped_tab_shifts_nothing() -> None:
    found = read(b"id\ttitle\tprice\n1\tbig\tbag\t100\n", format="csv", csv={"separator": "\t"})
    assert found.faults() == [("2", "malformed_row")]


def test_unclosed_quote_costs_its_own_row_only() -> None:
    found = read(b'id,name,price\n1,"open,10\n2,b,20\n3,"c",30\n4,d,40\n', **CSV)
    assert found.faults() == [("2", "malformed_row")]
    assert found.cells("id", "price") == [("2", "20"), ("3", "30"), ("4", "40")]


def test_unclosed_quote_before_thousands_of_rows_costs_its_own_row_only() -> None:
    rows = [f"{n},b,20" for n in range(5_000)]
    rows[10] = '10,"open,20'
    found = read(("id,name,price\n" + "\n".join(rows)).encode(), **CSV)
    assert found.faults() == [("12", "malformed_row")]
    assert len(found.rows) == 5_000


def test_rest_of_a_torn_record_is_no_row_though_its_columns_fit() -> None:
    found = read(b'id,name,price\n1,"a "fine" bag\nred, new",10\n2,"b\nc",20\n3,27" tv,30\n', **CSV)
    assert found.faults() == [("2", "malformed_row"), ("3", "malformed_row")]
    assert found.cells("id", "name") == [("2", "b\nc"), ("3", '27" tv')]


def test_lines_of_a_record_with_a_column_too_few_are_no_rows() -> None:
    found = read(b'id,name,price\n1,"a\nx,y,z\nc"\n2,b,20\n', **CSV)
    assert found.faults() == [("2", "malformed_row")]
    assert found.cells("id") == [("2",)]


def test_quotes_never_closed_time_and_again_hold_the_feed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_records, "MOST_RUNAWAYS", 2)
    rows = [f'{n},"b' if n % 2_500 == 0 else f"{n},b" for n in range(10_000)]
    with pytest.raises(FeedHeld, match="the last one on line 5,002") as held:
        read(("id,name\n" + "\n".join(rows)).encode(), **CSV)
    assert held.value.code == "quote_unclosed"


def test_doubled_and_backslashed_quotes() -> None:
    doubled = read(b'id,name\n1,"27"" monitor"\n', **CSV)
    assert doubled.cells("name") == [('27" monitor',)]
    escaped = read(b'id,name\n1,"27\\" monitor, new"\n', format="csv", csv={"escape": "\\"})
    assert escaped.cells("name") == [('27" monitor, new',)]


def test_quotes_are_data_where_the_catalog_says_so() -> None:
    found = read(b'id,name\n1,"27" monitor\n2,"open\n', format="csv", csv={"quote": None})
    assert found.cells("name") == [('"27" monitor',), ('"open',)]


def test_no_header() -> None:
    spec = {"header": False, "columns": ("id", "name")}
    found = read(b"1,a\n2,b\n", format="csv", csv=spec)
    assert [(r["_row"], r["id"]) for r in found.rows] == [("1", "1"), ("2", "2")]


@pytest.mark.parametrize("data", [b"\n,\n", b",,\n1,2,3\n"])
def test_header_missing(data: bytes) -> None:
    with pytest.raises(FeedHeld) as held:
        read(data, **CSV)
    assert held.value.code == "header_missing"


def test_large_cell_is_refused_and_its_neighbours_are_not() -> None:
    data = b"id,name\n1," + b"x" * (2 << 20) + b"\n2,b\n"
    found = read(data, **CSV)
    assert found.faults() == [("2", "cell_too_large")]
    assert found.cells("id") == [("2",)]
    assert len(found.rows[0]["_raw"]) == 64 * 1024


def test_cell_of_50_mb_is_refused_and_its_neighbours_are_not() -> None:
    data = b'id,name\n1,"' + b"x" * (50 << 20) + b'"\n2,b\n'
    found = read(data, **CSV)
    assert found.faults() == [("2", "cell_too_large")]
    assert found.cells("id") == [("2",)]


def test_line_without_end_holds_the_feed() -> None:
    with pytest.raises(FeedHeld, match="first line has more than") as held:
        read(b"x" * (20 << 20), **CSV)
    assert held.value.code == "record_too_large"


def test_parts_share_their_columns_in_any_order() -> None:
    found = read_files({"a.csv": b"id,name\n1,a\n", "b.csv": b"name,id\nb,2\n"}, **CSV)
    assert [(r["_row"], r["id"], r["name"]) for r in found.rows] == [
        ("a.csv:2", "1", "a"),
        ("b.csv:2", "2", "b"),
    ]
    assert [r["_pos"] for r in found.rows] == [0, 1]


def test_part_with_other_columns_holds_the_feed() -> None:
    with pytest.raises(FeedHeld, match="Missing: name; unexpected: nom") as held:
        read_files({"a.csv": b"id,name\n1,a\n", "b.csv": b"id,nom\n2,b\n"}, **CSV)
    assert held.value.code == "drift"


def test_parts_without_bytes_are_passed_over() -> None:
    assert len(read_files({"a.csv": b"", "b.csv": b"id\n1\n"}, **CSV).rows) == 1


def test_header_alone_is_a_frame_without_rows() -> None:
    found = read(b"id,name\n", **CSV)
    assert (found.rows, found.feed.columns, len(found.feed.uris)) == ([], ("id", "name"), 1)


def test_empty_object_is_held() -> None:
    with pytest.raises(FeedHeld) as held:
        read(b"", **CSV)
    assert held.value.code == "empty_object"
