"""Records as items: what fits into one, what is read back, how long it stays."""

from __future__ import annotations

import json
import random
import secrets
import string
import zlib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from mallfeed.ledger.bounds import MAX_PARTS, MAX_PARTS_BYTES, bounded
from mallfeed.ledger.items import KEEP, KEEP_NO_FEED, Item, feed_item, feed_of
from mallfeed.ledger.model import Event, FeedRecord, Part
from mallfeed.ledger.parts import packed, packed_bytes, unpacked
from mallfeed.ledger.states import State
from tests.unit.ledger.records import at, feed

ITEM_BYTES = 400 * 1024
RANDOM = random.Random(1)
ONE_UUID = UUID(int=RANDOM.getrandbits(128), version=4)


def uuid() -> str:
    return str(UUID(int=RANDOM.getrandbits(128), version=4))


def version() -> str:
    return "".join(RANDOM.choices(string.ascii_letters + string.digits + "._", k=32))


def etag() -> str:
    return RANDOM.randbytes(16).hex()


def spark(n: int) -> str:
    return f"part-{n:05d}-{ONE_UUID}-c000.snappy.parquet"


def athena(n: int) -> str:
    return f"20261123_090000_{n % 100:05d}_abcde_{uuid()}"


def firehose(n: int) -> str:
    second = f"{n // 300:02d}-{n // 5 % 60:02d}-{RANDOM.randrange(60):02d}"
    return f"2026/11/23/{n // 300:02d}/products-1-2026-11-23-{second}-{uuid()}.gz"


def folder(name: Callable[[int], str], count: int = MAX_PARTS) -> tuple[Part, ...]:
    return tuple(
        Part(
            key=f"feeds/mall_a/daily/{name(n)}",
            version_id=version(),
            size_bytes=RANDOM.randrange(10**9),
            etag=etag(),
        )
        for n in range(count)
    )


def size_of(item: Item) -> int:
    """The size as DynamoDB counts it: names and values, and a little for a list and each of its items."""
    parts = item["parts"]["L"] if "parts" in item else []
    plain = [(name, *value.values()) for name, value in item.items() if name != "parts"]
    texts = sum(
        len(name.encode()) + len(value if isinstance(value, bytes) else value.encode())
        for name, value in plain
    )
    return texts + 8 + sum(len(part["B"]) + 1 for part in parts)


def noise(characters: int) -> str:
    """Text that cannot be compressed: Hangul and characters of four bytes."""
    return "".join(chr(RANDOM.randrange(0x1F300, 0x3FFFF)) for _ in range(characters))


@pytest.mark.parametrize("name", [spark, athena, firehose])
def test_the_largest_folder_fits_with_the_longest_story(name: Callable[[int], str]) -> None:
    parts = folder(name)
    assert packed_bytes(parts) < MAX_PARTS_BYTES
    events = tuple(
        Event(at=at(n), state=State.WAITING, note=f"{n} {noise(600)}") for n in range(70)
    )
    key = "feeds/mall_a/" + "길" * 337
    record = bounded(
        feed(1, key=key, order=f"2026!{key}!0!x", parts=parts, events=events, message=noise(5000))
    )
    item = feed_item(record)
    assert feed_of(item) == record
    assert len(record.events) == 20
    assert size_of(item) - packed_bytes(parts) + MAX_PARTS_BYTES < ITEM_BYTES


def test_a_folder_that_is_not_packed_tightly_keeps_sixty_events() -> None:
    events = tuple(Event(at=at(n), state=State.WAITING, note=noise(600)) for n in range(70))
    record = bounded(feed(1, parts=folder(athena, 300), events=events, message=noise(5000)))
    assert len(record.events) == 60
    assert size_of(feed_item(record)) < ITEM_BYTES


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101])
def test_parts_of_any_name_are_read_back(count: int) -> None:
    names = (
        'a "quoted" \\u0000 \0\1\2 name', "길/🎧", f'{"0" * 64}', uuid().upper(), f"{uuid()}{uuid()}",
        f'"{version()}"', "",
    )  # fmt: skip
    parts = tuple(
        Part(
            key=names[n % len(names)],
            version_id=("null", version(), uuid())[n % 3],
            size_bytes=n,
            etag=(etag(), f"{etag()}-12", "", "..", etag().upper())[n % 5],
        )
        for n in range(count)
    )
    assert unpacked(packed(parts)) == parts
    record = feed(1, parts=parts, counts={"rows_read": 3}, paces=(("csv", "full", 1.5, 2.0),))
    record = FeedRecord.model_validate(record.model_dump())
    assert feed_of(feed_item(record)) == record


@pytest.mark.parametrize("count", [1, 5_000])
def test_items_of_earlier_releases_are_still_read(count: int) -> None:
    record = feed(1, parts=folder(athena, count))
    text = record.model_dump_json(exclude_defaults=True)
    old = {"S": text} if count == 1 else {"B": zlib.compress(text.encode(), 9)}
    item = {name: value for name, value in feed_item(record).items() if name != "parts"}
    assert feed_of({**item, "doc": old}) == record


def test_code_that_knows_nothing_of_packed_parts_refuses_the_item() -> None:
    item = feed_item(feed(1, parts=folder(spark, 100)))
    assert "parts" not in json.loads(item["doc"]["S"])
    del item["parts"]
    with pytest.raises(ValueError, match="parts"):
        feed_of(item)


@pytest.mark.parametrize(
    ("state", "code", "stays"),
    [
        (State.IGNORED, "part_of_folder", KEEP_NO_FEED),
        (State.IGNORED, "outside_feeds", KEEP_NO_FEED),
        (State.IGNORED, "folder_marker", KEEP_NO_FEED),
        (State.IGNORED, "unchanged_bytes", KEEP),
        (State.IGNORED, "same_parts", KEEP),
        (State.LOADED, None, KEEP),
        (State.DROPPED, "unknown_mall", KEEP),
        (State.SUPERSEDED, "newer_full_loaded", KEEP),
    ],
)
def test_records_of_other_objects_are_kept_for_days_and_those_of_feeds_for_a_year(
    state: State, code: str | None, stays: timedelta
) -> None:
    item = feed_item(feed(1, state=state, code=code, finished_at=at(5)))
    assert item["expires_at"] == {"N": str(int((at(5) + stays).timestamp()))}


def test_ids_take_their_bytes_and_no_more() -> None:
    short, ids = packed(folder(lambda n: f"{secrets.token_hex(16)}-{uuid()}", 1_000))
    assert len(ids) == 1_000 * (16 + 16 + 24 + 16)
    assert len(short) < 1_000 * 8
