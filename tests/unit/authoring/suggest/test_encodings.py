"""Files that are not UTF-8: which encoding a draft takes them for, and what it says where that is not sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mallfeed.authoring.suggest.assumed import assumed, place_of
from mallfeed.authoring.suggest.encoding import TextEncoding, encoding_of
from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.reading.encodings import codec_of
from tests.unit.authoring.suggest.titles import ROWS_OF_ASCII, TITLES

CASES = [(language, codec) for language, (codecs, _) in TITLES.items() for codec in codecs]
EASTERN = [one for one in CASES if one[0] in ("ko", "ja", "zh-tw", "zh-cn")]


def feed(
    titles: Sequence[str], rows: int, site: str = "shop.example", ascii_beside: int = 0
) -> str:
    """A feed with so many rows of ASCII alone before each other one."""
    lines = ["id,title,price,url,category"]
    for n in range(rows):
        each = ascii_beside + 1
        plain = n % each != ascii_beside
        title = ROWS_OF_ASCII[n % 5] if plain else titles[n // each % len(titles)]
        lines.append(f"A{n:04},{title},{n % 37 * 100 + 990},https://{site}/p/{n},Home > Misc")
    return "\n".join(lines) + "\n"


def read(data: bytes) -> tuple[str, TextEncoding]:
    found = encoding_of(data)
    return data.decode(codec_of(found.label)), found


def titles_of(language: str, first: int = 0) -> list[str]:
    return TITLES[language][1].split("|")[first:]


@pytest.mark.parametrize(("language", "codec"), CASES)
@pytest.mark.parametrize(("rows", "ascii_beside"), [(10, 0), (200, 0), (120, 9)])
def test_text_is_read_as_it_was_written(
    language: str, codec: str, rows: int, ascii_beside: int
) -> None:
    text = feed(titles_of(language), rows, ascii_beside=ascii_beside)
    assert read(text.encode(codec))[0] == text


def shorter() -> Iterator[tuple[str, str, int]]:
    for language, codec in CASES:
        for first in range(0, 24, 3):
            yield language, codec, first


def test_what_is_read_wrongly_is_never_called_sure() -> None:
    wrong, sure = [], 0
    for language, codec, first in shorter():
        text = feed(titles_of(language, first), 3)
        told, found = read(text.encode(codec))
        sure += found.is_sure
        wrong += [(language, codec, found)] if found.is_sure and told != text else []
    assert not wrong
    assert sure > 100  # most three rows are enough


@pytest.mark.parametrize(("language", "codec"), EASTERN)
def test_characters_cut_in_two_do_not_change_the_encoding(language: str, codec: str) -> None:
    """Systems that cut a title at so many bytes cut some in the middle of a character."""
    data = feed(titles_of(language), 300).encode(codec)
    cut = titles_of(language)[3].split()[0].encode(codec)
    broken = data.replace(cut, cut[:-1], 1)
    found = encoding_of(broken)
    assert found.label == encoding_of(data).label
    assert "broken" in found.why


@pytest.mark.parametrize(
    ("language", "codec"), [("ko", "cp949"), ("ja", "cp932"), ("ru", "cp1251"), ("zh-tw", "big5")]
)
@pytest.mark.parametrize("rows", [1, 8])
def test_a_few_rows_of_utf_8_do_not_change_the_encoding(
    language: str, codec: str, rows: int
) -> None:
    header, *lines = feed(titles_of(language), 60).splitlines(keepends=True)
    mixed = [header, *lines[:30]]
    data = "".join(mixed).encode(codec)
    data += "".join(lines[30 : 30 + rows]).encode() + "".join(lines[30 + rows :]).encode(codec)
    found = encoding_of(data)
    assert codec_of(found.label) == codec_of(
        encoding_of("".join([header, *lines]).encode(codec)).label
    )


def test_broken_characters_in_a_few_rows_of_utf_8_do_not_change_the_encoding() -> None:
    header, *lines = feed(titles_of("ko"), 60).encode().splitlines(keepends=True)
    lines[7] = lines[7].replace(b",", b"\xed,", 1)
    lines[20] = lines[20].replace(b",", b"\xff\xfe,", 1)
    assert encoding_of(header + b"".join(lines)).label == "utf-8"


def test_bytes_that_cp1252_leaves_out_are_latin_1() -> None:
    data = feed(titles_of("de"), 40).encode("cp1252").replace(b"A0007,", b"A0007,\x81")
    assert encoding_of(data).label == "latin-1"


@pytest.mark.parametrize(("site", "label"), [("www.shop.co.il", "cp1255"), ("shop.ru", "koi8-r")])
def test_where_letters_tell_too_little_the_country_of_the_addresses_does(
    site: str, label: str
) -> None:
    data = feed(titles_of("he", 12), 10, site).encode("cp1255")
    assert encoding_of(data).label == label


def test_an_encoding_that_is_not_sure_is_to_be_confirmed_and_its_texts_are_not_high(
    tmp_path: Path,
) -> None:
    text = feed(["Kávovar bílý", "Čaj", "Mug", "Pot"], 8).replace("Home > Misc", "Jidlo > Caj")
    path = tmp_path / "feed.csv"
    path.write_bytes(text.encode("iso8859-2"))
    found = suggest(path)
    level = {one.name: one.level for one in found.fields}
    assert (level["title"], level["product_id"]) == ("medium", "high")
    told = [one for one in assumed(found, place_of(found, None, None)) if one.what == "encoding"]
    assert len(told) == 1
    assert "Kávovar" in told[0].why


def test_a_sure_encoding_is_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(feed(titles_of("ko"), 20).encode("cp949"))
    found = suggest(path)
    assert found.encoding is None
    assert {one.level for one in found.fields if one.name == "title"} == {"high"}
