"""A UTF-8 document with records in CP949, where records are no lines: XML, JSON documents, EP blocks; and fixed width."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mallfeed.errors import FeedHeld
from mallfeed.formats.json.units import DocumentUnits
from mallfeed.reading import decode
from mallfeed.reading.mixed_text import is_mixed
from mallfeed.reading.odd_records import OddMarks
from tests.unit.feed.reading import Read, read

Records = list[bytes]
"""Each in its own encoding, as a `bytes` of `record`."""


def _xml(records: Records) -> bytes:
    return b"<rss><channel><title>%b</title>%b</channel></rss>" % (
        "우리 가게".encode(),
        b"".join(records),
    )


def _xml_record(number: int, name: str, encoding: str) -> bytes:
    return f"<item><id>{number}</id><n>{name}</n></item>".encode(encoding)


def _json_record(number: int, name: str, encoding: str) -> bytes:
    return json.dumps(
        {"id": str(number), "n": name, "of": {"a": [1, "]"]}}, ensure_ascii=False
    ).encode(encoding)


def _array(records: Records) -> bytes:
    return b"[" + b",".join(records) + b"]"


def _under_path(records: Records) -> bytes:
    meta = '{"가게":"우리 {[ 가게\\"","facets":[{"a":{"b":"]"}}],"data":{"items":['.encode()
    return meta + b", ".join(records) + b'],"n":3}}'


def _object(records: Records) -> bytes:
    members = (
        b'"%b":%b' % ("열쇠".encode(_written(one)) + b"%d" % n, one)
        for n, one in enumerate(records)
    )
    return b"{" + b",\n".join(members) + b"}"


def _written(record: bytes) -> str:
    try:
        record.decode()
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8"


def _ep_record(number: int, name: str, encoding: str) -> bytes:
    return f"<<<begin>>>\r\n<<<id>>>{number}\r\n<<<n>>>{name}\r\n<<<ftend>>>\r\n".encode(encoding)


def _ep_on_one_line(records: Records) -> bytes:
    return b"".join(records).replace(b"\r\n", b"")


def _fixed_record(number: int, name: str, encoding: str) -> bytes:
    return f"{number:<6}".encode() + name.encode(encoding).ljust(40) + b"|\n"


def _joined(records: Records) -> bytes:
    return b"".join(records)


FIXED: dict[str, Any] = {
    "format": "fixed_width",
    "fixed_width": {
        "encoding": "utf-8",
        "columns": [
            {"name": "id", "width": 6},
            {"name": "n", "width": 40},
            {"name": "end", "width": 1},
        ],
    },
}
EP: dict[str, Any] = {"format": "ep_blocks", "ep_blocks": {"encoding": "utf-8"}}
Written = tuple[Callable[[int, str, str], bytes], Callable[[Records], bytes], dict[str, Any]]
WAYS: dict[str, Written] = {
    "xml": (_xml_record, _xml, {"format": "xml"}),
    "json array": (_json_record, _array, {"format": "json", "json": {"layout": "array"}}),
    "json under a path": (
        _json_record,
        _under_path,
        {"format": "json", "json": {"layout": "array", "records_path": "data.items"}},
    ),
    "json object": (_json_record, _object, {"format": "json", "json": {"layout": "object"}}),
    "ep_blocks": (_ep_record, _joined, EP),
    "ep_blocks on one line": (_ep_record, _ep_on_one_line, EP),
    "fixed_width": (_fixed_record, _joined, FIXED),
}
every_way = pytest.mark.parametrize("way", WAYS)


def made(way: str, names: list[tuple[str, str]]) -> bytes:
    record, document, _ = WAYS[way]
    return document([record(n, name, encoding) for n, (name, encoding) in enumerate(names, 1)])


def taken(way: str, data: bytes, **options: Any) -> Read:
    spec = dict(WAYS[way][2])
    if options:
        spec[spec["format"]] = {**spec.get(spec["format"], {}), **options}
    return read(data, **spec)


@every_way
def test_records_in_cp949_are_read_as_that_and_warned_of(way: str) -> None:
    names = [
        ("여성 가방", "utf-8"),
        ("남성 구두", "cp949"),
        ("plain", "utf-8"),
        ("모자와 장갑", "utf-8"),
    ]
    found = taken(way, made(way, names))
    assert found.cells("id", "n") == [(str(n), name) for n, (name, _) in enumerate(names, 1)]
    assert [(row, code) for row, code, _ in found.notes()] == [("2", "row_in_cp949")]
    place = made(way, names).index("남".encode("cp949"))
    assert found.notes()[0][2].startswith("byte ")
    assert int(found.notes()[0][2][5:].replace(",", "")) <= place
    assert found.feed.malformed == 0


@every_way
def test_a_word_whose_bytes_are_both_is_read_as_its_record_is(way: str) -> None:
    """`청` in CP949 is `û` in UTF-8."""
    record, document, _ = WAYS[way]
    odd = record(2, "청|남색 바지", "cp949")
    data = document([record(1, "여성 가방", "utf-8"), odd, record(3, "모자", "utf-8")])
    assert taken(way, data).cells("n")[1] == ("청|남색 바지",)


@every_way
def test_a_record_that_is_neither_is_refused_alone(way: str) -> None:
    names = [("여성 가방", "utf-8"), ("xyz" * 3, "utf-8"), ("모자", "utf-8")]
    found = taken(way, made(way, names).replace(b"xyzxyzxyz", b"\xff\xfe\xfd" * 3))
    assert found.cells("n") == [("여성 가방",), ("모자",)]
    assert found.faults() == [("2", "row_undecodable")]
    assert "(ff fe fd ff) is neither UTF-8 nor CP949" in str(found.rows[1]["_fault_detail"])
    assert "odd_" not in str(found.rows)


@every_way
@pytest.mark.parametrize("piece", [7, 100, 1 << 20])
def test_odd_records_are_found_wherever_pieces_end(
    way: str, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "PIECE", piece)
    names = [
        (
            "검정 \\구두" if way != "fixed_width" and "json" not in way else "구두",
            "cp949" if n % 7 == 3 else "utf-8",
        )
        for n in range(150)
    ]
    found = taken(way, made(way, names))
    assert [int(row) - 1 for row, _, _ in found.notes()] == list(range(3, 150, 7))
    assert found.cells("id", "n") == [(str(n), name) for n, (name, _) in enumerate(names, 1)]


@every_way
def test_a_file_that_is_mostly_not_utf8_is_held(way: str) -> None:
    for names in ([("가방", "cp949")] * 9, [("가방", "utf-8")] + [("구두", "cp949")] * 9):
        with pytest.raises(FeedHeld, match="is not utf-8") as held:
            taken(way, made(way, names).replace("우리 가게".encode(), b"ours"))
        assert held.value.code == "undecodable"


@every_way
def test_a_catalog_may_have_such_a_feed_held(way: str) -> None:
    data = made(way, [("가방", "utf-8"), ("구두", "cp949"), ("모자", "utf-8")])
    with pytest.raises(FeedHeld, match="is not utf-8") as held:
        taken(way, data, fallback_encoding=None)
    assert held.value.code == "undecodable"


@every_way
def test_a_file_that_is_cut_off_in_a_character_is_held(way: str) -> None:
    data = made(way, [("가방", "utf-8")] * 3)
    place = data.rindex("가".encode()) + 2
    with pytest.raises(FeedHeld) as held:
        taken(way, data[:place])
    assert held.value.code == "truncated"


def test_xml_with_tags_and_attributes_in_cp949() -> None:
    def record(number: int, encoding: str) -> bytes:
        return f"<상품 번호='{number}'><이름 색='청'>구두</이름><x/></상품>".encode(encoding)

    data = "<목록>".encode() + record(1, "utf-8") + record(2, "cp949") + record(3, "utf-8")
    found = read(data + "</목록>".encode(), format="xml", xml={"record_tag": "상품"})
    assert found.cells("@번호", "이름", "이름@색") == [(str(n), "구두", "청") for n in (1, 2, 3)]
    assert [row for row, _, _ in found.notes()] == ["2"]


def test_xml_that_breaks_is_read_record_by_record_in_either_encoding() -> None:
    good = _xml_record(1, "여성 가방", "utf-8")
    broken = "<item><id>2</id><n>구두 & <b>가죽</n></item>".encode("cp949")
    mended = "<item><id>3</id><n>구두 & 가죽</n></item>".encode("cp949")
    neither = b"<item><id>4</id><n>\xff & \xff</n></item>"
    data = _xml(
        [good, broken, mended, neither, _xml_record(5, "모자와 & 장갑", "utf-8"), good, good]
    )
    found = read(data, format="xml")
    assert found.faults() == [("2", "malformed_row"), ("4", "row_undecodable")]
    assert [(row, code) for row, code, _ in found.notes()] == [
        ("3", "row_in_cp949"),
        ("5", "row_repaired"),
    ]
    assert found.cells("n")[1:3] == [("구두 & 가죽",), ("모자와 & 장갑",)]


def test_what_stands_in_a_cdata_section_or_a_comment_is_no_record() -> None:
    inner = (
        "<item><id>1</id><n><![CDATA[남성 <item> 구두</item> 가죽]]></n></item><!-- <item> 구두 -->"
    )
    data = _xml(
        [_xml_record(0, "가방", "utf-8"), inner.encode("cp949"), _xml_record(2, "모자", "utf-8")]
    )
    found = read(data, format="xml")
    assert found.cells("n") == [("가방",), ("남성 <item> 구두</item> 가죽",), ("모자",)]
    assert [row for row, _, _ in found.notes()] == ["2"]


def test_json_records_that_are_no_objects_carry_no_mark() -> None:
    odd, good = "구두".encode("cp949"), "가방".encode()
    data = b'["%b", {"id":"2","n":"%b"}, {}, ["%b"], { }, {"id":"6","n":"%b"}]' % (
        odd,
        good,
        odd,
        good,
    )
    found = read(data, format="json", json={"layout": "array"})
    assert [n for (n,) in found.cells("n")] == ["가방", None, None, "가방"]
    assert found.faults() == [("1", "malformed_row"), ("4", "malformed_row")]
    assert "odd_" not in str(found.rows)


def test_json_keys_in_cp949() -> None:
    records = [
        f'{{"번호":"{n}","이름":"bag"}}'.encode("cp949" if n == 2 else "utf-8") for n in range(5)
    ]
    found = read(_array(records), format="json", json={"layout": "array"})
    assert found.cells("번호", "이름") == [(str(n), "bag") for n in range(5)]
    assert [row for row, _, _ in found.notes()] == ["3"]
    path = b'{"%b":[%b]}' % ("상품".encode("cp949"), b",".join(records))
    under = {"layout": "array", "records_path": "상품"}
    assert read(path, format="json", json=under).cells("번호") == found.cells("번호")


def test_a_path_into_keys_with_dots_leaves_no_mark_behind() -> None:
    record = '{"id":"%d","n":{"a":"구두"}}'
    data = (
        b'{"a.b":['
        + b",".join((record % n).encode("cp949" if n == 2 else "utf-8") for n in range(5))
        + b"]}"
    )
    found = read(data, format="json", json={"layout": "array", "records_path": "a.b"})
    assert found.cells("n.a") == [("구두",)] * 5
    assert [(row, code) for row, code, _ in found.notes()] == [("3", "row_in_cp949")]
    assert "odd_" not in str(found.rows)


def test_a_beginning_of_a_document_is_mixed_where_its_records_are() -> None:
    names = [("여성 가방", "utf-8"), ("남성 구두", "cp949"), ("모자", "utf-8")]
    assert is_mixed(made("json array", names)[:-9], lambda: DocumentUnits(1, OddMarks()))
    assert not is_mixed(made("json array", names[:1] * 3), lambda: DocumentUnits(1, OddMarks()))
