"""Fixed-width text: columns in their places, by bytes or by characters; lines of another length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.errors import FeedHeld
from tests.unit.feed.reading import Read, read, read_files

ID_NAME_PRICE = [
    {"name": "id", "width": 4},
    {"name": "name", "width": 10},
    {"name": "price", "width": 6},
]


def spec(**options: Any) -> dict[str, Any]:
    """A feed of three columns."""
    return {"format": "fixed_width", "fixed_width": {"columns": ID_NAME_PRICE, **options}}


def padded(encoding: str, *cells: str) -> bytes:
    """A line whose columns are 4, 10 and 6 bytes long."""
    encoded = [cell.encode(encoding) for cell in cells]
    return b"".join(one.ljust(width) for one, width in zip(encoded, (4, 10, 6), strict=True))


def cells(found: Read) -> list[tuple[Any, ...]]:
    return found.cells("id", "name", "price")


def test_a_hangul_syllable_is_two_bytes_of_cp949() -> None:
    data = b"\r\n".join(
        [padded("cp949", "1", "가방", "1000"), padded("cp949", "2", "똠양꿍 면", "900")]
    )
    found = read(data, **spec())
    assert cells(found) == [("1", "가방", "1000"), ("2", "똠양꿍 면", "900")]
    assert found.feed.facts["encoding"] == "cp949"


def test_and_three_of_utf_8() -> None:
    found = read(padded("utf-8", "1", "가방끈", "1000"), **spec(encoding="utf-8"))
    assert cells(found) == [("1", "가방끈", "1000")]


def test_characters_are_counted_where_the_catalog_says_so() -> None:
    data = "1   가방        1000  \n2   😀 b       900   \n".encode()
    found = read(data, **spec(encoding="utf-8", unit="characters"))
    assert cells(found) == [("1", "가방", "1000"), ("2", "😀 b", "900")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_bytes_of_other_encodings_are_those_of_their_lines(encoding: str) -> None:
    wide = 2 if encoding.startswith("utf-16") else 1
    columns = [{**one, "width": one["width"] * wide} for one in ID_NAME_PRICE]
    data = "1   plain     1000  \n2   other     900   \n".encode(encoding)
    found = read(data, **spec(encoding=encoding, columns=columns))
    assert cells(found) == [("1", "plain", "1000"), ("2", "other", "900")]


def test_columns_lie_where_they_start_and_may_leave_gaps() -> None:
    columns = [
        {"name": "price", "start": 8, "width": 5},
        {"name": "id", "start": 1, "width": 3},
        {"name": "name", "width": 2},
    ]
    found = read(b"001ab??12900 \n", **spec(columns=columns))
    assert found.cells("price", "id", "name") == [("12900", "001", "ab")]
    assert found.seen == ("price", "id", "name")


@pytest.mark.parametrize(
    ("trim", "cell"),
    [("both", "a"), ("left", "a  "), ("right", "  a"), ("none", "  a  ")],
)
def test_blanks_are_taken_from_the_sides_that_the_catalog_names(trim: str, cell: str) -> None:
    columns = [{"name": "id", "width": 5}]
    assert read(b"  a  \n", **spec(columns=columns, trim=trim)).cells("id") == [(cell,)]


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b"2   short", "9 bytes, expected 20"),
        (padded("cp949", "2", "x", "1") + b"more", "24 bytes, expected 20"),
        (b"2   odd byte " + "가".encode("cp949") + b"1000 ", "a character lies across an end of the column name"),
    ],
)  # fmt: skip
def test_a_line_of_another_layout_is_a_malformed_row(line: bytes, detail: str) -> None:
    good = padded("cp949", "1", "가방", "1000")
    found = read(b"\n".join([good, line, good]), **spec())
    assert found.faults() == [("2", "malformed_row")]
    assert found.rows[1]["_fault_detail"] == detail
    assert found.rows[1]["_raw"] == line.decode("cp949")
    assert len(cells(found)) == 2


def test_blanks_behind_the_last_column_and_blank_lines_are_nothing() -> None:
    line = padded("cp949", "1", "가방", "1000")
    found = read(b"\n".join([line + b"   ", b"", b"   ", line, b"\x1a"]), **spec())
    assert [row["_row"] for row in found.rows] == ["1", "4"]
    assert found.faults() == []


def test_lines_above_are_skipped_and_counted() -> None:
    data = b"\n".join([b"a title", b"and a date", padded("cp949", "1", "a", "2")])
    found = read(data, **spec(skip=2))
    assert [row["_row"] for row in found.rows] == ["3"]


def test_a_header_is_no_record() -> None:
    data = b"\n".join([b"made by X", b"id  name      price", padded("cp949", "1", "a", "2")])
    found = read(data, **spec(skip=1, header=True))
    assert found.seen == ("id", "name", "price")
    assert cells(found) == [("1", "a", "2")]


def test_a_header_with_another_name_is_drift_whatever_reads_the_column() -> None:
    told: list[Sequence[str]] = []
    data = b"\n".join([b"id  name      cost", padded("cp949", "1", "a", "2")])
    with pytest.raises(FeedHeld, match="names column 3 cost, where the catalog has price") as held:
        read(data, on_columns=lambda columns, _: told.append(columns), **spec(header=True))
    assert held.value.code == "drift"
    assert told == [("id", "name", "cost")]


@pytest.mark.parametrize("shifted", [b"id  na      price", b"id  na   price", b"id  na"])
def test_a_shifted_header_moves_no_values(shifted: bytes) -> None:
    with pytest.raises(FeedHeld) as held:
        read(b"\n".join([shifted, padded("cp949", "1", "a", "2")]), **spec(header=True))
    assert held.value.code == "drift"


def test_parts_whose_headers_differ_are_refused() -> None:
    line = padded("cp949", "1", "a", "2")
    files = {"a": b"id  name      price \n" + line, "b": b"id  name      cost  \n" + line}
    with pytest.raises(FeedHeld, match="b: its header names column 3 cost"):
        read_files(files, **spec(header=True))


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"id,name,price\n1,a,2\n", "not_the_format",
         "none of the 2 lines looked at is a record; line 1: 13 bytes, expected 20. Send the agreed layout"),
        (b"\n\n", "empty_object", "holds nothing but line ends"),
    ],
)  # fmt: skip
def test_a_file_of_another_layout_is_held(data: bytes, code: str, message: str) -> None:
    with pytest.raises(FeedHeld) as held:
        read(data, **spec(header=code == "empty_object"))
    assert held.value.code == code
    assert message in held.value.message


def test_athena_reads_characters_by_a_pattern_and_says_why_it_cannot_read_bytes() -> None:
    def readable(**options: Any) -> Any:
        feed = FeedSpec(**spec(**options))
        return feed.format_row.athena(feed.options)

    columns = [{"name": "id", "width": 3}, {"name": "price", "start": 6, "width": 5}]
    plain = readable(encoding="utf-8", unit="characters", columns=columns)
    assert plain.serde["Parameters"] == {"input.regex": "^(.{3}).{2}(.{5}).*$"}
    assert readable().why == "Athena counts characters, the catalog bytes"
    assert "are cp949" in readable(unit="characters").why
    assert "no records" in readable(encoding="utf-8", unit="characters", skip=1).why
    assert (
        "another order"
        in readable(
            encoding="utf-8",
            unit="characters",
            columns=[{"name": "b", "start": 9, "width": 2}, {"name": "a", "start": 1, "width": 3}],
        ).why
    )
