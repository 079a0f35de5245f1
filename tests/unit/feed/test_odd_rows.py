"""A UTF-8 file with rows in CP949: each row by itself, and the file as a whole where most of it is none."""

from __future__ import annotations

import pytest

from mallfeed.errors import FeedHeld
from mallfeed.reading import decode
from mallfeed.reading.mixed_text import is_mixed
from mallfeed.reading.odd_records import OddPlaces, as_cp949
from mallfeed.reading.units import LineUnits
from tests.unit.feed.reading import read

CSV = {"format": "csv"}
HEADER = "id,이름\n".encode()


def utf8(number: int, name: str = "가방") -> bytes:
    return f"{number},{name}\n".encode()


def cp949(number: int, name: str = "구두") -> bytes:
    return f"{number},{name}\n".encode("cp949")


def test_rows_in_cp949_are_read_as_that_and_warned_of() -> None:
    found = read(HEADER + utf8(1) + cp949(2, "똠양꿍") + utf8(3), **CSV)
    assert found.cells("id", "이름") == [("1", "가방"), ("2", "똠양꿍"), ("3", "가방")]
    assert found.notes() == [("3", "row_in_cp949", f"byte {len(HEADER + utf8(1)) + 2}")]
    assert found.feed.malformed == 0


def test_a_row_that_is_neither_is_refused_alone() -> None:
    found = read(HEADER + utf8(1) + b"2,\xff\xfe\xfd\n" + utf8(3), **CSV)
    assert found.cells("id") == [("1",), ("3",)]
    assert found.faults() == [("3", "row_undecodable")]
    at = len(HEADER + utf8(1)) + 2
    assert found.rows[1]["_fault_detail"] == f"byte {at} (ff fe fd) is neither UTF-8 nor CP949"


def test_a_record_of_several_lines_is_one_row() -> None:
    found = read(HEADER + utf8(1) + cp949(2, '"구두\n가죽"') + utf8(3, '"a\n모자"'), **CSV)
    assert found.cells("이름") == [("가방",), ("구두\n가죽",), ("a\n모자",)]
    assert [row for row, _, _ in found.notes()] == ["3"]


@pytest.mark.parametrize("piece", [5, 64, 1 << 20])
def test_odd_rows_are_found_wherever_pieces_end(
    piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "PIECE", piece)
    rows = [cp949(n) if n % 7 == 3 else utf8(n, "가방, 모자".join('""')) for n in range(200)]
    found = read(HEADER + b"".join(rows), **CSV)
    assert [int(row) - 2 for row, _, _ in found.notes()] == list(range(3, 200, 7))
    assert [int(number) for (number,) in found.cells("id")] == list(range(200))


def test_a_long_feed_is_read_in_blocks_around_its_odd_rows() -> None:
    rows = [cp949(n) if n in (7, 40_000, 59_999) else utf8(n) for n in range(60_000)]
    found = read(HEADER + b"".join(rows), **CSV)
    assert [row for row, _, _ in found.notes()] == ["9", "40002", "60001"]
    assert found.cells("이름").count(("구두",)) == 3
    assert found.feed.rows == 60_000


@pytest.mark.parametrize(
    "data",
    [
        "id,이름\n1,가방\n2,구두\n".encode("cp949"),
        HEADER + utf8(1) + b"".join(cp949(n) for n in range(2, 9)),
        b"id,name\n1,caf\xe9\n2,b\n",
        (HEADER + utf8(1) + cp949(2)).replace(b"\n", b"\r"),
    ],
)
def test_a_file_that_is_mostly_not_utf8_is_held(data: bytes) -> None:
    with pytest.raises(FeedHeld) as held:
        read(data, **CSV)
    assert held.value.code == "undecodable"


def test_a_catalog_may_have_such_a_feed_held() -> None:
    with pytest.raises(FeedHeld, match="is not utf-8") as held:
        read(HEADER + utf8(1) + cp949(2), format="csv", csv={"fallback_encoding": None})
    assert held.value.code == "undecodable"


def test_a_file_that_is_cut_off_in_a_character_is_held_as_that() -> None:
    with pytest.raises(FeedHeld, match="ends in the middle of a character") as held:
        read((HEADER + utf8(1) + utf8(2))[:-2], **CSV)
    assert held.value.code == "truncated"


def test_json_lines() -> None:
    lines = [
        b'{"id":"1","n":"%b"}' % "가방".encode(),
        b'{"id":"2","n":"%b"}' % "구두".encode("cp949"),
        b'{"id":"3","n":"\xff"}',
    ]
    found = read(b"\n".join(lines), format="json")
    assert found.cells("id", "n") == [("1", "가방"), ("2", "구두")]
    assert [(row, code) for row, code, _ in found.notes()] == [("2", "row_in_cp949")]
    assert found.faults() == [("3", "row_undecodable")]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("무선 마우스".encode("cp949"), "무선 마우스"),
        ("똠방각하 ★".encode("cp949"), "똠방각하 ★"),
        ("가방 ".encode() + "구두".encode("cp949"), None),
        ("가방과 구두".encode()[:-1], None),
        ("Größe".encode("latin-1"), None),
        (b"\xff\xfe", None),
        ("漢字".encode("cp949"), None),
    ],
)
def test_what_is_cp949(line: bytes, text: str | None) -> None:
    assert as_cp949(line) == text


def lines() -> LineUnits:
    return LineUnits(OddPlaces())


def test_a_beginning_is_mixed_where_all_odd_rows_are_cp949() -> None:
    assert is_mixed(HEADER + utf8(1) + cp949(2) + utf8(3), lines)
    assert not is_mixed(HEADER + utf8(1) + utf8(3), lines)
    assert not is_mixed(HEADER + utf8(1) + b"2,\xff\n" + utf8(3), lines)
    assert not is_mixed("id,이름\n1,가방\n".encode("cp949"), lines)
