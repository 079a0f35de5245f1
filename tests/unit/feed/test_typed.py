"""Parquet and Excel: typed values as typed, or as the sheet shows them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mallfeed.errors import FeedHeld
from mallfeed.kinds.sql.marks import BYTES, NESTED, UNDECODABLE
from tests.unit.feed.reading import read, read_files
from tests.unit.feed.workbook import workbook

PARQUET = {"format": "parquet"}
XLSX = {"format": "xlsx"}


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    data = io.BytesIO()
    pq.write_table(pa.table(columns), data, **options)
    return data.getvalue()


SEOUL = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("values", "kind", "out"),
    [
        (pa.array([7], pa.int16()), "bigint", 7),
        (pa.array([2**64 - 1], pa.uint64()), "string", "18446744073709551615"),
        (pa.array([Decimal("9.90")]), "decimal(3,2)", Decimal("9.90")),
        (pa.array([Decimal("1." + "2" * 40)], pa.decimal256(50, 40)), "string", "1." + "2" * 40),
        (pa.array([True]), "boolean", True),
        (pa.array([date(1, 1, 1)]), "date", date(1, 1, 1)),
        (pa.array([datetime(2026, 1, 1, 9)]), "string", "2026-01-01 09:00:00"),
        (pa.array([datetime(2026, 1, 1, 9, 0, 0, 1200)]), "string", "2026-01-01 09:00:00.0012"),
        (
            pa.array([datetime(2026, 1, 1, 9, tzinfo=SEOUL)], pa.timestamp("ns", "Asia/Seoul")),
            "timestamp",
            datetime(2026, 1, 1, 0, tzinfo=UTC),
        ),
        (pa.array(["가"]).dictionary_encode(), "string", "가"),
        (pa.array(["가"], pa.large_string()), "string", "가"),
        (pa.array([b"\xff\x00"]), "string", BYTES + "ff00"),
        (pa.array([b"abc"]), "string", "abc"),
        (pa.array([["a", None]]), "string", NESTED + '["a",null]'),
        (pa.array([[]], pa.list_(pa.string())), "string", None),
        (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), "string", NESTED + '{"k":1}'),
        (pa.nulls(1), "string", None),
    ],
)
def test_types(values: pa.Array, kind: str, out: object) -> None:
    found = read(parquet({"v": values}), **PARQUET)
    assert found.types == {"v": kind}
    assert found.cells("v") == [(out,)]


def test_structs_are_flattened_and_rows_numbered() -> None:
    data = parquet({"price": [{"sale": 1, "tax": {"rate": 0.5}}, None]})
    found = read(data, **PARQUET)
    assert found.cells("_row", "price.sale", "price.tax.rate") == [("1", 1, 0.5), ("2", None, None)]


def test_parts_are_read_in_order_with_their_names() -> None:
    one, two = (
        parquet({"id": pa.array([1], pa.int32())}),
        parquet({"id": pa.array([2], pa.int64())}),
    )
    found = read_files({"p0.parquet": one, "p1.parquet": two}, **PARQUET)
    assert found.cells("_pos", "_row", "id") == [(0, "p0.parquet:1", 1), (1, "p1.parquet:1", 2)]


def test_part_of_another_type_is_held() -> None:
    one, two = parquet({"id": [1]}), parquet({"id": ["x"]})
    with pytest.raises(FeedHeld, match="column id is string, in the first part") as held:
        read_files({"p0": one, "p1": two}, **PARQUET)
    assert held.value.code == "drift"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (parquet({"id": [1]})[:-4], "truncated"),
        (b"id,name\n1,a\n", "not_the_format"),
        (b"PAR1" + bytes(50) + b"PAR1", "not_the_format"),
    ],
)
def test_broken_parquet_is_held(data: bytes, code: str) -> None:
    with pytest.raises(FeedHeld) as held:
        read(data, **PARQUET)
    assert held.value.code == code


def test_large_cell_in_parquet_is_refused() -> None:
    found = read(parquet({"id": ["1", "2"], "t": ["x" * (2 << 20), "y"]}), **PARQUET)
    assert found.faults() == [("1", "cell_too_large")]
    assert found.cells("id", "t") == [("2", "y")]


def test_rows_of_a_sheet_as_it_shows_them() -> None:
    rows = [["내보내기"], [], ["id", "price", "rate", "when", "ok"], [8801234567893, 12900, 4.5, date(2026, 11, 22), True], [], ["x"]]  # fmt: skip
    found = read(workbook({"상품": rows}), format="xlsx", xlsx={"sheet": "상품", "header_row": 3})
    assert found.cells("_row", "id", "price", "rate", "when", "ok") == [
        ("4", "8801234567893", "12900", "4.5", "2026-11-22", "true"),
        ("6", "x", None, None, None, None),
    ]


def test_cells_beyond_the_header_are_a_fault() -> None:
    found = read(workbook({"s": [["id"], [1, 2]]}), **XLSX)
    assert found.faults() == [("2", "malformed_row")]


def test_sheet_that_is_not_there_is_held() -> None:
    with pytest.raises(FeedHeld, match="has no sheet 상품; it has s") as held:
        read(workbook({"s": [["id"]]}), format="xlsx", xlsx={"sheet": "상품"})
    assert held.value.code == "sheet_missing"


@pytest.mark.parametrize("data", [b"id\n1\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_what_is_no_workbook_is_held(data: bytes) -> None:
    with pytest.raises(FeedHeld) as held:
        read(data, **XLSX)
    assert held.value.code == "not_the_format"


def test_workbook_that_unpacks_to_too_much_is_held() -> None:
    data = io.BytesIO(workbook({"s": [["id"], [1]]}))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/big.xml", bytes(170 << 20))
    with pytest.raises(FeedHeld) as held:
        read(data.getvalue(), **XLSX)
    assert held.value.code == "archive_ratio"


def test_bytes_that_are_no_text_are_the_fault_of_their_cell() -> None:
    texts = [b"a", b"\xff\x00", "가".encode(), None]
    for kind in (pa.binary(), pa.large_binary()):
        found = read(parquet({"v": pa.array(texts, kind)}), **PARQUET)
        assert found.cells("v") == [("a",), (UNDECODABLE + "ff00",), ("가",), (None,)]


def test_a_column_of_bytes_is_known_by_most_of_its_cells() -> None:
    ids = [bytes([255, n]) for n in range(3)]
    found = read(parquet({"v": [*ids, b"abc"]}), **PARQUET)
    assert found.cells("v") == [*[(BYTES + one.hex(),) for one in ids], ("abc",)]


def test_a_text_column_whose_bytes_are_none_is_read_cell_by_cell() -> None:
    broken = pa.array([b"a", b"\xff"]).view(pa.string())
    found = read(parquet({"v": broken, "n": [1, 2]}), **PARQUET)
    assert found.cells("v", "n") == [("a", 1), (UNDECODABLE + "ff", 2)]


def test_bytes_in_lists_are_text() -> None:
    values = pa.array([[b"a", b"\xff"]], pa.list_(pa.binary()))
    assert read(parquet({"v": values}), **PARQUET).cells("v") == [(NESTED + '["a","ff"]',)]
