"""Reading ahead in threads: the outcome is that of one thread, and nothing outlives it."""

from __future__ import annotations

import gzip
import io
import tempfile
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow.parquet as pq
import pytest

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.local import LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import names_of_frame
from mallfeed.formats.csv import blocks as csv_blocks
from mallfeed.formats.csv import text as csv_text
from mallfeed.load.concurrency import threads
from mallfeed.reading import chunk, decode, part
from mallfeed.reading.read_ahead import ahead
from mallfeed.reading.wanted import Wanted

ROWS = 2_000
GOOD = ("id,name,about\n" + "".join(f'{n},"{n:,}",가방 {n}\n' for n in range(ROWS))).encode()
TORN = GOOD.replace(b'400,"', b'400,x"')
UNDECODABLE = GOOD[:-3] + b"\xff\xff\n"
PACKED = gzip.compress(GOOD, 1)


@dataclass
class _Stream:
    """Bytes in small pieces; an error instead of the end, where there is one."""

    content: BinaryIO
    error: Exception | None
    readers: set[int] = field(default_factory=set)
    closed: bool = False

    def read(self, size: int = -1) -> bytes:
        assert not self.closed, "read behind its end"
        self.readers.add(threading.get_ident())
        data = self.content.read(min(size, 100))
        if not data and self.error is not None:
            raise self.error
        return data

    def close(self) -> None:
        self.closed = True


class _Source:
    """A feed of such streams."""

    def __init__(self, *parts: bytes, error: Exception | None = None) -> None:
        self.streams = [_Stream(io.BytesIO(data), error) for data in parts]

    def parts(self) -> Sequence[_Part]:
        return [_Part(str(place), 9, stream) for place, stream in enumerate(self.streams)]


@dataclass
class _Part:
    name: str
    size_bytes: int
    stream: _Stream

    def open(self) -> BinaryIO:
        return cast(BinaryIO, self.stream)


@dataclass
class _Told:
    """What the callbacks are told; they fail when they have been told so much."""

    fails_at: int = -1
    rows: list[int] = field(default_factory=list)
    callers: set[int] = field(default_factory=set)

    def columns(self, columns: Sequence[str], types: Mapping[str, str]) -> None:
        self.told(0)

    def told(self, rows: int, size_bytes: int = 0) -> None:
        self.rows.append(rows)
        self.callers.add(threading.get_ident())
        if rows == self.fails_at:
            raise FeedHeld("drift", f"enough of {rows} rows")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces, blocks and tables of which a small feed has many."""
    monkeypatch.setattr(decode, "_PEEKED", 300)
    monkeypatch.setattr(decode, "PIECE", 300)
    monkeypatch.setattr(csv_text, "BLOCK", 1_000)
    monkeypatch.setattr(csv_blocks, "LEAST", 200)
    monkeypatch.setattr(chunk, "ROWS_A_CHUNK", 50)


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; behind each test there are none, and no threads."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []
    assert _threads() == []


def _threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]


def _in_one_thread(items: Iterator[Any], most: int) -> Generator[Any, None, None]:
    yield from items


def _outcome(source: _Source, told: _Told, out: Path) -> tuple[Any, ...]:
    """Rows and what was told, or the error and what was told before it."""
    spec = FeedSpec(format="csv")
    try:
        feed = prepare(source, spec, Wanted(), LocalParts(out), told.columns, told.told)
    except (FeedHeld, OSError) as error:
        return type(error), str(error), told.rows
    names = names_of_frame(feed.columns)
    tables = [pq.read_table(uri).rename_columns(names) for uri in feed.uris]
    rows = [row for table in tables for row in table.to_pylist()]
    return rows, feed.sha256, feed.size_bytes, feed.malformed, told.rows


@pytest.mark.parametrize("fails_at", [-1, 0, 50, 500])
@pytest.mark.parametrize("error", [None, ConnectionError("the line is dead")])
@pytest.mark.parametrize(
    "parts",
    [
        (GOOD,),
        (GOOD, GOOD),
        (TORN,),
        (UNDECODABLE,),
        (GOOD, UNDECODABLE),
        (GOOD, b"id,other\n1,2\n"),
        (PACKED,),
        (PACKED[:-500],),
        (b"",),
    ],
)
def test_the_outcome_is_that_of_one_thread(
    parts: tuple[bytes, ...],
    error: Exception | None,
    fails_at: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, told = _Source(*parts, error=error), _Told(fails_at)
    ours = _outcome(source, told, tmp_path / "ours")
    assert told.callers <= {threading.get_ident()}
    assert all(stream.closed for stream in source.streams if stream.readers)
    monkeypatch.setattr(part, "ahead", _in_one_thread)
    alone = _outcome(_Source(*parts, error=error), _Told(fails_at), tmp_path / "alone")
    assert ours == alone


def test_the_bytes_are_read_in_another_thread(tmp_path: Path) -> None:
    source = _Source(GOOD)
    rows, *_ = _outcome(source, _Told(), tmp_path)
    assert [row["id"] for row in rows] == [str(n) for n in range(ROWS)]
    assert source.streams[0].readers - {threading.get_ident()}


def test_an_error_that_is_kept_keeps_no_thread(tmp_path: Path, scratch: Path) -> None:
    source, told = _Source(GOOD), _Told(fails_at=50)
    spec, out = FeedSpec(format="csv"), LocalParts(tmp_path / "frame")
    with pytest.raises(FeedHeld) as raised:
        prepare(source, spec, Wanted(), out, told.columns, told.told)
    assert raised.tb is not None
    assert _threads() == []
    assert list(scratch.iterdir()) == []


def test_a_sink_that_fails_stops_the_threads(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    source = _Source(GOOD)
    kind, *_ = _outcome(source, _Told(), in_the_way / "frame")
    assert issubclass(kind, OSError)
    assert source.streams[0].closed


def test_feeds_side_by_side_do_not_mix(tmp_path: Path) -> None:
    feeds = [GOOD, TORN, UNDECODABLE, PACKED] * 3
    alone = [_outcome(_Source(f), _Told(), tmp_path / f"{n}") for n, f in enumerate(feeds)]
    tasks = [
        lambda n=n, f=f: _outcome(_Source(f), _Told(), tmp_path / f"{n} again")
        for n, f in enumerate(feeds)
    ]
    assert threads(4)(tasks) == alone


def test_no_more_is_taken_than_allowed() -> None:
    taken: list[int] = []

    def counted() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    for place, number in enumerate(ahead(counted(), 3)):
        assert number == place
        assert len(taken) <= place + 1 + 3


def test_an_error_comes_behind_the_items_before_it() -> None:
    error = ValueError("no more")

    def broken() -> Iterator[int]:
        yield from range(5)
        raise error

    items = ahead(broken(), 4)
    assert [next(items) for _ in range(5)] == list(range(5))
    with pytest.raises(ValueError, match="no more") as raised:
        next(items)
    assert raised.value is error


def test_closing_early_waits_for_the_item_that_is_being_made() -> None:
    made: list[int] = []
    begun, may_go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[int]:
        yield 0
        begun.set()
        may_go_on.wait(5)
        made.append(1)
        yield 1
        made.append(2)

    items = ahead(slow(), 2)
    assert next(items) == 0
    begun.wait(5)
    threading.Timer(0.05, may_go_on.set).start()
    items.close()
    assert made == [1]
