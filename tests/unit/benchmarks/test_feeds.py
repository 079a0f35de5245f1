"""The benchmark's feeds: what they promise about size, days and repetition."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.expected_products import document
from benchmarks.feed_files import FeedFile, Fingerprint, feed_file
from benchmarks.feeds import COLUMNS, Shop

ROWS = 10_000


def read(feed: FeedFile) -> dict[str, dict[str, str]]:
    """The file's rows by id, as any CSV reader sees them."""
    with feed.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feeds")


@pytest.fixture(scope="module")
def first(folder: Path) -> dict[str, dict[str, str]]:
    return read(feed_file(Shop(ROWS), "first", folder=folder))


@pytest.fixture(scope="module")
def second(folder: Path) -> dict[str, dict[str, str]]:
    return read(feed_file(Shop(ROWS), "second", folder=folder))


def test_a_row_has_about_620_bytes_in_fourteen_columns(folder: Path) -> None:
    feed = feed_file(Shop(ROWS), "first", folder=folder)
    assert len(COLUMNS) == 14
    assert 600 <= feed.size_bytes / ROWS <= 640


def test_the_second_day_changes_2_percent_and_0_1_percent_are_gone_and_as_many_new(
    first: dict[str, dict[str, str]], second: dict[str, dict[str, str]]
) -> None:
    both = set(first) & set(second)
    changed = [one for one in both if first[one] != second[one]]
    assert len(first) == ROWS
    assert len(changed) == ROWS * 2 // 100
    assert len(set(first) - both) == ROWS // 1000
    assert len(set(second) - both) == ROWS // 1000
    assert all(first[one]["price"] != second[one]["price"] for one in changed)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    def made(seed: int, place: str) -> bytes:
        return feed_file(Shop(2000, seed), "second", folder=tmp_path / place).path.read_bytes()

    assert made(7, "once") == made(7, "again")
    assert made(7, "once") != made(8, "other")


def test_another_order_has_the_same_rows(folder: Path, second: dict[str, dict[str, str]]) -> None:
    shuffled = feed_file(Shop(ROWS), "second", shuffled=True, folder=folder)
    rows = read(shuffled)
    assert rows == second
    assert list(rows) != list(second)


@pytest.mark.parametrize("day", ["first", "second"])
def test_the_fingerprint_is_what_adding_up_the_file_gives(
    day: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    feed = feed_file(Shop(ROWS), day, folder=folder)  # type: ignore[arg-type]
    found = [document(row, "m") for row in request.getfixturevalue(day).values()]
    sums = Fingerprint(
        len(found),
        sum(one["price"] for one in found),
        sum(one["review_count"] for one in found),
    )
    assert feed.after == sums


def test_every_price_can_be_sold_at_and_is_below_the_list_price(
    first: dict[str, dict[str, str]], second: dict[str, dict[str, str]]
) -> None:
    for row in [*first.values(), *second.values()]:
        one = document(row, "m")
        assert 0 < one["price"] < one["list_price"]


def test_gtins_have_a_right_check_digit(first: dict[str, dict[str, str]]) -> None:
    for row in list(first.values())[:500]:
        weighed = (int(d) * (3 if place % 2 else 1) for place, d in enumerate(row["gtin"]))
        assert len(row["gtin"]) == 13
        assert sum(weighed) % 10 == 0


def test_malls_apart_have_other_products(folder: Path) -> None:
    one = read(feed_file(Shop(1000, begin=5_000), "first", folder=folder))
    other = read(feed_file(Shop(1000, begin=6_000), "first", folder=folder))
    assert not set(one) & set(other)
