"""Archives of many members are unpacked in time that grows with their bytes: counted, not timed."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import zstandard

from mallfeed.errors import FeedHeld
from mallfeed.feed import inflate
from mallfeed.reading.budget import unlimited
from mallfeed.reading.bytestream import ByteStream

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "zst": zstandard.compress,
}


def in_chunks(data: bytes, size: int = 1 << 20) -> Iterator[bytes]:
    return (data[place : place + size] for place in range(0, len(data), size))


class Handled:
    """Counts the bytes that libraries are given and those that they give back as not theirs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        for kind in (inflate._Gz, inflate._Bz2, inflate._Zst):
            monkeypatch.setattr(kind, "feed", self._counting(kind.feed))

    def _counting(self, feed: Callable[[Any, bytes], Iterator[bytes]]) -> Any:
        def counted(inflater: Any, data: bytes) -> Iterator[bytes]:
            self.count += len(data)
            yield from feed(inflater, data)
            self.count += len(inflater.inner.unused_data)

        return counted

    def of(self, data: bytes, packing: str) -> int:
        self.count = 0
        content = ByteStream(in_chunks(data))
        for _ in inflate.in_pieces(inflate.inflated(content, packing, "feed", unlimited())):
            pass
        assert content.taken == len(data)
        return self.count


@pytest.mark.seconds
@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize(
    "content", [b"", b"1,a\n", b"1,abc\n" * 20_000], ids=["empty", "tiny", "20 kB"]
)
def test_twice_the_members_are_twice_the_work(
    packing: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled = Handled(monkeypatch)
    member = PACK[packing](content)
    count = max(200, 200_000 // len(member))
    once, twice = (handled.of(member * n, packing) for n in (count, 2 * count))
    assert once < twice <= 2.1 * once


@pytest.mark.parametrize("packing", PACK)
def test_a_member_costs_no_more_than_its_bytes_and_a_little(
    packing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = PACK[packing](b"1,a\n")
    handled = Handled(monkeypatch).of(member * 10_000, packing)
    assert handled <= 10_000 * 2 * (len(member) + inflate._FIRST_BYTES)


@pytest.mark.parametrize("packing", PACK)
def test_unpacked_bytes_are_handed_on_in_pieces_of_some_size(packing: str) -> None:
    content = ByteStream(in_chunks(PACK[packing](b"1,a\n") * 40_000))
    pieces = list(inflate.in_pieces(inflate.inflated(content, packing, "feed", unlimited())))
    assert b"".join(pieces) == b"1,a\n" * 40_000
    assert len(pieces) == 3


@pytest.mark.parametrize("size", [1, 2, 3, 700, 1 << 20])
@pytest.mark.parametrize("packing", PACK)
def test_members_are_found_wherever_chunks_end(packing: str, size: int) -> None:
    data = b"".join(PACK[packing](b"%d\n" % n) + bytes(n % 3) for n in range(50))
    content = ByteStream(in_chunks(data, size))
    found = b"".join(inflate.inflated(content, packing, "feed", unlimited()))
    assert found == b"".join(b"%d\n" % n for n in range(50))


def test_what_stands_before_a_damaged_member_comes_out_before_the_error() -> None:
    data = gzip.compress(b"1,a\n") + gzip.compress(b"2,b\n")[:-6] + b"123456"
    pieces = inflate.in_pieces(
        inflate.inflated(ByteStream(iter([data])), "gz", "feed", unlimited())
    )
    assert next(pieces) == b"1,a\n"
    with pytest.raises(
        FeedHeld, match=r"feed is a damaged archive: it cannot be unpacked near its byte \d+"
    ) as held:
        next(pieces)
    assert isinstance(held.value.__cause__, zlib.error)


def test_a_stream_gives_back_what_was_not_needed() -> None:
    content = ByteStream(iter([b"abc", b"defg"]))
    assert (content.read(2), content.peek(3), content.read(9)) == (b"ab", b"cde", b"cdefg")
    content.unread(3)
    assert (content.taken, content.read(), content.read(), content.taken) == (4, b"efg", b"", 7)
