"""Encodings: strict, a byte order mark wins, and the first bad byte is named."""

from __future__ import annotations

import pytest

from infra.paths import CHECKOUT
from mallfeed.errors import FeedHeld
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.decode import text_of
from mallfeed.reading.encodings import all_encodings, is_encoding
from tests.unit.feed.reading import Read, read

TEXT = "id,name\n1,똠방각하 펲시 뷁\n"


def csv_in(encoding: str, data: bytes) -> Read:
    return read(data, format="csv", csv={"encoding": encoding})


@pytest.mark.parametrize("label", ["cp949", "euc-kr", "EUC-KR", "ms949", "ks_c_5601-1987"])
def test_euc_kr_is_read_as_cp949(label: str) -> None:
    assert csv_in(label, TEXT.encode("cp949")).cells("name") == [("똠방각하 펲시 뷁",)]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("label", ["utf-8", "cp949", "utf-16"])
def test_byte_order_mark_wins_over_the_label(label: str, codec: str) -> None:
    assert csv_in(label, TEXT.encode(codec)).seen == ("id", "name")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_byte_order_mark(codec: str) -> None:
    assert csv_in("utf-16", TEXT.encode(codec)).cells("name") == [("똠방각하 펲시 뷁",)]


def test_latin_1() -> None:
    assert csv_in("latin-1", "id,name\n1,café\n".encode("latin-1")).cells("name") == [("café",)]


def test_first_bad_byte_is_named_with_the_encoding_that_fits() -> None:
    data = ("id,name\n" + "1,bag\n" * 400_000).encode() + "1,가방입니다\n".encode("cp949")
    with pytest.raises(FeedHeld) as held:
        csv_in("utf-8", data)
    assert held.value.code == "undecodable"
    offset = data.index("가".encode("cp949"))
    assert held.value.details == {
        "offset": offset,
        "bytes": data[offset : offset + 8].hex(" "),
        "fits": "cp949",
    }
    assert f"byte {offset:,} (" in held.value.message


@pytest.mark.parametrize("label", ["utf-8", "cp949", "utf-16-le"])
def test_a_file_that_ends_within_a_character_is_cut_not_miscoded(label: str) -> None:
    data = "id,name\n1,가".encode(label)
    with pytest.raises(FeedHeld, match="ends in the middle of a character") as held:
        csv_in(label, data[:-1])
    assert held.value.code == "truncated"
    assert held.value.details["offset"] == len("id,name\n1,".encode(label))


def test_latin_1_is_named_only_where_it_may_be_that() -> None:
    with pytest.raises(FeedHeld, match="would fit latin-1"):
        csv_in("utf-8", "id,name\n1,un café pour la mère\n".encode("latin-1"))
    korean = "id,name\n1,좋은 가방 하나\n2,".encode("cp949") + b"\xff\xff\n"
    with pytest.raises(FeedHeld, match=r"byte 27 \(ff ff 0a\) is not cp949\. Send it"):
        csv_in("cp949", korean)


@pytest.mark.parametrize("label", ["cp949", "latin-1"])
def test_utf_8_under_another_label_never_becomes_nonsense(label: str) -> None:
    with pytest.raises(FeedHeld, match="utf-8") as held:
        csv_in(label, "id,name\n1,좋은 가방 하나\n2,좋은 신발\n".encode())
    assert held.value.code == "undecodable"


def test_plain_text_is_no_utf_16() -> None:
    with pytest.raises(FeedHeld) as held:
        csv_in("utf-16", b"id,name\n1,a\n")
    assert held.value.code == "undecodable"


def test_unknown_encoding_is_held() -> None:
    with pytest.raises(FeedHeld, match="nobody knows"):
        csv_in("ebcdic-kr", b"id\n1\n")


@pytest.mark.parametrize("label", all_encodings())
def test_every_encoding_that_the_reference_lists_is_read(label: str) -> None:
    found = csv_in(label, "id,name\n1,bag\n".encode(label))
    assert found.cells("id", "name") == [("1", "bag")]


def test_the_reference_lists_every_encoding_and_nothing_else() -> None:
    page = (CHECKOUT / "docs" / "catalogs.md").read_text("utf-8")
    listed = (
        page.partition("### Encodings")[2].partition("Read as `cp949`")[0].rpartition("\n\n")[0]
    )
    names = listed.rpartition("\n\n")[2].strip().strip(".").replace("`", "").split(", ")
    assert tuple(names) == all_encodings()
    assert all(map(is_encoding, names))
    assert {
        "utf-8",
        "utf-16",
        "cp949",
        "euc-kr",
        "johab",
        "shift-jis",
        "cp1252",
        "big5",
        "gb18030",
    } < set(names)


def test_what_a_document_declares_is_not_laid_at_the_catalogs_door() -> None:
    declared = (
        "<?xml version='1.0' encoding='{}'?><r><item><id>1</id><t>가방과 구두와 모자</t></item></r>"
    )
    for data, words in (
        (
            declared.format("utf-8").encode("cp949"),
            "is not utf-8. The bytes around it would fit cp949. Send it in utf-8, or have the file declare",
        ),
        (
            declared.format("euc-kr").encode(),
            "this is not euc-kr, its bytes are utf-8. Send it in euc-kr, or have the file declare",
        ),
        (
            declared.format("x-y").encode(),
            "the file declares an encoding 'x-y' that nobody knows. Send it in utf-8",
        ),
    ):
        with pytest.raises(FeedHeld) as held:
            read(data, format="xml")
        assert words in held.value.message
        assert "catalog" not in held.value.message


def _in_utf_8(data: bytes) -> str:
    return "".join(text_of(ByteStream(iter((data,))), "utf-8", "utf-8", 0, "feed.xml"))


@pytest.mark.parametrize("ends", ["\n", "</title><title>", '","', "\t"])
@pytest.mark.parametrize("bad", ["두루 컵", "무선 청소기 500W", "똠양꿍"])
def test_a_value_in_cp949_in_a_text_that_is_utf_8_is_called_that(ends: str, bad: str) -> None:
    parts = [f"온라인 상품 {n}".encode() for n in range(9)]
    parts[5] = bad.encode("cp949")
    with pytest.raises(FeedHeld, match="Have the mall write all of it in UTF-8") as held:
        _in_utf_8(ends.encode().join(parts))
    assert f"there stands `{bad}` in CP949, while the text around it is UTF-8" in held.value.message
    assert held.value.details["fits"] == "cp949"


@pytest.mark.parametrize(
    "bad", ["Fußball äöü".encode("latin-1"), bytes([0xEC, 0xBB, 0x2C, 0x41]), b"\xff\xfe\xfd"]
)
def test_other_bytes_in_a_text_that_is_utf_8_are_not_called_cp949(bad: bytes) -> None:
    parts = [f"온라인 상품 {n}".encode() for n in range(9)]
    parts[5] = bad
    with pytest.raises(FeedHeld, match="is not utf-8") as held:
        _in_utf_8(b"\n".join(parts))
    assert "in CP949, while" not in held.value.message


def test_a_text_that_is_cp949_throughout_is_not_called_mixed() -> None:
    with pytest.raises(FeedHeld, match="would fit cp949"):
        _in_utf_8("\n".join(f"온라인 상품 {n}" for n in range(9)).encode("cp949"))
