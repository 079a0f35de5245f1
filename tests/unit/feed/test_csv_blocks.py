"""CSV by blocks: whatever the file, the frame is the one that reading record by record gives."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from mallfeed.errors import FeedHeld
from mallfeed.formats.csv import blocks as csv_blocks
from mallfeed.formats.csv import read as csv_read
from mallfeed.formats.csv import records as csv_records
from mallfeed.formats.csv import text as csv_text
from mallfeed.formats.csv.format import CsvOptions
from mallfeed.formats.csv.text import CsvText
from mallfeed.reading import chunk, decode, lines
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.decode_utf8 import decoded_to_utf8
from mallfeed.reading.wanted import Wanted
from tests.unit.feed.csv_texts import Sample, sample
from tests.unit.feed.reading import read, read_files

TEXTS = int(os.environ.get("MALLFEED_TEXTS", "1500"))
"""`make torture` reads many more."""
CSV = {"format": "csv"}


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Limits that small texts reach; blocks that end anywhere in them."""
    _limit(monkeypatch, 1)
    monkeypatch.setattr(lines, "KEPT", 100)
    monkeypatch.setattr(csv_records, "MOST_RUNAWAYS", 3)
    monkeypatch.setattr(chunk, "ROWS_A_CHUNK", 7)
    return monkeypatch


def _limit(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    for module in (chunk, csv_read):
        monkeypatch.setattr(module, "MAX_CELL", 40 * times)
    for module in (lines, csv_read, csv_records):
        monkeypatch.setattr(module, "MAX_LINE", 150 * times)
    monkeypatch.setattr(csv_records, "MAX_RECORD", 120 * times)
    monkeypatch.setattr(csv_records, "MAX_RECORD_LINES", 5 * times)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the blocks that Arrow read, in records."""
    sizes: list[int] = []
    take = csv_blocks.Blocks.take

    def counted(blocks: csv_blocks.Blocks, are_plain: Any) -> csv_blocks.Block | None:
        block = take(blocks, are_plain)
        if block is not None:
            sizes.append(block.cells.num_rows)
        return block

    monkeypatch.setattr(csv_blocks.Blocks, "take", counted)
    return sizes


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lines of the records behind the header that were read one by one."""
    seen: list[int] = []
    of_width = csv_records.Records.of_width

    def counted(records: csv_records.Records, width: int, name: str) -> Iterator[Any]:
        for record in of_width(records, width, name):
            seen.append(records.line)
            yield record

    monkeypatch.setattr(csv_records.Records, "of_width", counted)
    return seen


def _outcome(text: Iterator[str], of: Sample) -> tuple[Any, ...]:
    try:
        label = "part:" if of.numbered else ""
        found = csv_read.read_lines(text, of.options, Wanted(), "feed", label)
        tables = list(found.tables)
        whole = pa.concat_tables(tables) if tables else pa.table({})
        return found.seen, whole.schema, whole.to_pylist(), [t.num_rows for t in tables]
    except FeedHeld as held:
        return held.code, held.message, held.details


def test_blocks_give_what_records_give(tiny: pytest.MonkeyPatch, taken: list[int]) -> None:
    for number in range(TEXTS):
        rng = random.Random(-number - 1)
        _limit(tiny, rng.choice([1, 10, 1000]))
        tiny.setattr(csv_text, "BLOCK", rng.choice([1, 30, 200, 2000]))
        tiny.setattr(csv_blocks, "LEAST", rng.choice([5, 30, 100, 2000]))
        text = sample(number)
        pieces = text.pieces(rng)
        slow = _outcome(lines.lines(iter(pieces)), text)
        fast = _outcome(CsvText(piece.encode() for piece in pieces), text)
        assert fast == slow, (number, text)
    assert sum(taken) > 2 * TEXTS, "enough records went by blocks"


def test_a_row_is_no_rest_of_a_torn_one_before_a_block(tiny: pytest.MonkeyPatch) -> None:
    tiny.setattr(csv_text, "BLOCK", 10)
    tiny.setattr(csv_blocks, "LEAST", len(b'"a"b\n') + 2)
    inch = Sample('c0,c1\n1,"a"b\n2,"c"\n3,27" tv\n', CsvOptions(), False)
    slow = _outcome(lines.lines(iter([inch.text])), inch)
    assert [row["_fault"] for row in slow[2]] == ["malformed_row", None, None]
    for size in range(1, len(inch.text) + 1):
        data = inch.text.encode()
        pieces = (data[place : place + size] for place in range(0, len(data), size))
        assert _outcome(CsvText(pieces), inch) == slow, size


def test_lines_of_bytes_are_those_of_text(tiny: pytest.MonkeyPatch) -> None:
    for number in range(TEXTS):
        rng = random.Random(number)
        tiny.setattr(lines, "MAX_LINE", rng.choice([2, 10, 150]))
        tiny.setattr(lines, "KEPT", rng.choice([1, 2]))
        tiny.setattr(csv_text, "BLOCK", rng.choice([1, 30, 200]))
        pieces = sample(number).pieces(rng)
        slow = [(type(line), line) for line in lines.lines(iter(pieces))]
        fast = [(type(line), line) for line in CsvText(piece.encode() for piece in pieces)]
        assert fast == slow, number


def test_what_stops_the_text_comes_behind_the_lines_before_it() -> None:
    def broken() -> Iterator[bytes]:
        yield b"id\n1\n"
        yield b"2\n3"
        raise FeedHeld("truncated", "the archive ends")

    text = CsvText(broken())
    assert [next(text) for _ in range(3)] == ["id\n", "1\n", "2\n"]
    with pytest.raises(FeedHeld, match="the archive ends"):
        next(text)


@pytest.mark.parametrize("label", ["utf-8", "cp949", "utf-16"])
def test_bytes_are_decoded_as_text_is(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "PIECE", 5)
    for number in range(1_500):
        rng = random.Random(number)
        data = bytearray("".join(rng.choices("a,\n가힣é😀\ufeff", k=12)).encode(label, "ignore"))
        for _ in range(rng.choice([0, 0, 1, 2])):
            data[rng.randrange(len(data)) :] = rng.randbytes(rng.randrange(4))
            data += b"x" * rng.randrange(9)
            data = data or bytearray(b"x")
        told = [_decoded(reading, bytes(data), label) for reading in (decode.decoded, _as_text)]
        assert told[0] == told[1], data


def _as_text(content: ByteStream, label: str, name: str) -> tuple[str, Iterator[str]]:
    encoding, pieces = decoded_to_utf8(content, label, name)
    return encoding, (piece.decode() for piece in pieces)


def _decoded(reading: Any, data: bytes, label: str) -> tuple[Any, ...]:
    seen: list[str] = []
    try:
        encoding, pieces = reading(ByteStream(iter([data])), label, "feed")
        seen.extend(pieces)
    except FeedHeld as held:
        return seen, held.code, held.message, held.details
    return seen, encoding


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_a_whole_feed_with_and_without_blocks(
    encoding: str, tiny: pytest.MonkeyPatch, taken: list[int]
) -> None:
    tiny.setattr(csv_text, "BLOCK", 100)
    tiny.setattr(csv_blocks, "LEAST", 20)
    told = []
    for is_fast in (True, False):
        if not is_fast:
            tiny.setattr(csv_blocks.Blocks, "of", staticmethod(lambda *_: None))
        told.append([_of_feed(sample(number), encoding) for number in range(60)])
    assert told[0] == told[1]
    assert taken


def _of_feed(of: Sample, encoding: str) -> tuple[Any, ...]:
    spec = {**CSV, "csv": {**of.options.model_dump(), "encoding": encoding}}
    data = of.text.encode(encoding, "replace")
    try:
        found = read_files({"a": data, "b": data} if of.numbered else {"a": data}, **spec)
    except FeedHeld as held:
        return held.code, held.message
    return found.rows, found.seen, found.feed.malformed


def test_a_mark_at_the_beginning_of_a_block_is_part_of_its_cell() -> None:
    found = read("id,name\n\ufeff1,a\n2,b\n".encode(), **CSV)
    assert found.cells("id") == [("\ufeff1",), ("2",)]


def test_half_a_surrogate_pair_is_refused_in_a_block_too() -> None:
    data = b"id,name\n1,a\n2,+2AA-\n3,b\n"
    found = read(data, format="csv", csv={"encoding": "utf-7"})
    assert found.faults() == [("3", "malformed_row")]
    assert found.cells("id") == [("1",), ("3",)]


@pytest.mark.parametrize(
    "wrong", ['x,"a"b,1', "x,1", "x,a,b,c", 'x,27" tv,1', "x,a\rb,1", 'x,"open,1', "x,a\0,1", " "]
)
def test_one_strange_row_slows_down_its_surroundings_only(
    wrong: str, one_by_one: list[int]
) -> None:
    rows = [f'{n},"{n:,}",{"가방" * 20}' for n in range(60_000)]
    rows[30_000] = wrong
    found = read(("id,name,about\n" + "\n".join(rows)).encode(), **CSV)
    assert len(found.rows) == 60_000 - (not wrong.strip())
    assert [row["_row"] for row in found.rows[-2:]] == ["60000", "60001"]
    assert 0 < len(one_by_one) < 3_000


def test_a_feed_without_faults_is_read_by_blocks_alone(one_by_one: list[int]) -> None:
    rows = [f'{n},"{n:,}\r\n""x""",\r\n\r\n' for n in range(50_000)]
    found = read(("id,name,about\r\n" + "".join(rows)).encode(), **CSV)
    assert found.rows[-1]["_row"] == "149999"
    assert found.rows[-1]["name"] == '49,999\r\n"x"'
    assert len(one_by_one) <= 1


def test_blank_lines_are_passed_over_by_blocks(
    one_by_one: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_text, "BLOCK", 10_000)
    rows = ["1,a", *[""] * 300_000, "2,b", *["\r"] * 300_000, "3,c"]
    found = read(("id,name\n" + "\n".join(rows)).encode(), **CSV)
    assert [row["_row"] for row in found.rows] == ["2", "300003", "600004"]
    assert len(one_by_one) <= 3
