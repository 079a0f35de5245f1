"""A sale begins and ends, and a product ends, without a feed of the mall: in both sinks, and in the price history."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from mallfeed.ledger.contained import contained_at
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNCHANGED_BYTES, State
from tests.local.test_partial_rows import jsonl
from tests.local.walk import Way, until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]

SHOP, CALENDAR, QUIET = "windows_shop", "calendar_shop", "quiet_shop"
BEGINS = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=40)
ENDS = BEGINS + timedelta(days=7)


def product(name: str, **more: str) -> dict[str, str]:
    return {
        "id": name, "title": f"기간 {name}", "price": "1000", "url": f"https://w.example/{name}",
        "cat": "생활 > 잡화", "sale": "", "when": "", "until": "", **more,
    }  # fmt: skip


def load(way: Way, shop: str, name: str, *rows: dict[str, str]) -> FeedRecord:
    run = way.put(shop, name, jsonl(*rows))
    feed = way.closed([run])[run]
    assert (feed.state, feed.message) == (State.LOADED, None)
    return feed


def due(way: Way, shop: str, moment: datetime) -> FeedRecord:
    """The feed that a moment has made, once it is loaded."""

    def there() -> FeedRecord | None:
        made = [one for one in way.ledger.history(shop) if one.due_at == moment]
        return made[0] if made and made[0].state is State.LOADED else None

    found: FeedRecord = until(there, f"what is due at {moment} is loaded")
    return found


def prices(way: Way, shop: str) -> dict[str, float]:
    return {one: price for one, (_, price) in way.both(shop).items()}


def history(way: Way, shop: str, product_id: str) -> list[tuple[int, datetime, datetime | None]]:
    rows = way.sql(
        "select price, valid_from, valid_to from product_price_history "
        "where mall_id = %s and product_id = %s order by valid_from, valid_to",
        shop,
        product_id,
    )
    return [(int(price), _utc(since), _utc(until)) for price, since, until in rows]  # type: ignore[misc]


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def test_a_clock_that_is_moved_on_moves_what_begins_and_ends(way: Way) -> None:
    window = f"{BEGINS.isoformat()}/{ENDS.isoformat()}"
    rows = [
        product("sale", sale="800", when=window), product("end", until=BEGINS.isoformat()),
        product("plain"), product("late", sale="700"),
    ]  # fmt: skip
    load(way, CALENDAR, "full_1.jsonl", *rows)
    assert prices(way, CALENDAR) == {"sale": 1000, "end": 1000, "plain": 1000, "late": 700}
    assert way.ledger.moments(ENDS)[CALENDAR] == BEGINS

    at = (BEGINS + timedelta(minutes=1)).isoformat()
    told = way.mallfeed(
        "local", "tick", "dispatch-timer", "--at", at, "--stack", way.parts.stack.name
    )
    assert f"due: {CALENDAR} at {BEGINS.isoformat()}" in told
    feed = due(way, CALENDAR, BEGINS)
    assert (feed.counts.changed, feed.mode, feed.key) == (
        2,
        "delta",
        f"moment/{BEGINS.isoformat()}",
    )
    assert prices(way, CALENDAR) == {"sale": 800, "plain": 1000, "late": 700}
    assert history(way, CALENDAR, "sale")[-1] == (800, BEGINS, None)
    assert history(way, CALENDAR, "end")[-1][2] == BEGINS
    assert way.ledger.moments(ENDS)[CALENDAR] == ENDS


@pytest.mark.meaning
def test_a_sale_begins_by_itself(way: Way) -> None:
    load(way, SHOP, "full_0.jsonl", product("sale"), product("plain"))  # so that the stack is warm
    for ahead_s in (60, 180, 600):  # a busy machine takes its time to load what lies ahead
        begins = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=ahead_s)
        window = f"{begins.isoformat()}/"
        rows = (product("sale", sale="800", when=window), product("plain"))
        load(way, SHOP, f"full_{ahead_s}.jsonl", *rows)
        before = prices(way, SHOP)
        if datetime.now(UTC) < begins:
            break
    assert before == {"sale": 1000, "plain": 1000}
    due(way, SHOP, begins)
    assert prices(way, SHOP) == {"sale": 800, "plain": 1000}
    assert history(way, SHOP, "sale")[-1] == (800, begins, None)


def tick(way: Way, at: datetime) -> str:
    """What the timer says once its clock is moved on."""
    stack = way.parts.stack.name
    return way.mallfeed("local", "tick", "dispatch-timer", "--at", at.isoformat(), "--stack", stack)


@pytest.mark.meaning
def test_silence_counts_from_the_last_feed_even_if_its_bytes_were_unchanged(way: Way) -> None:
    def stocks() -> dict[str, str | None]:
        found = way.sql("select product_id, availability from products where mall_id = %s", QUIET)
        assert way.both(QUIET).keys() == {one for one, _ in found}, "in the index, too"
        return dict(found)  # type: ignore[arg-type]

    rows = [
        {"id": name, "title": name, "price": 1000, "url": f"https://q.example/{name}", "cat": "C", **more}
        for name, more in (("sold", {"stock": "in stock"}), ("untold", {}))
    ]  # fmt: skip
    first = load(way, QUIET, "full_1.jsonl", *rows)
    run = way.put(QUIET, "full_2.jsonl", jsonl(*rows))
    same = way.closed([run])[run]
    assert (same.state, same.code) == (State.IGNORED, UNCHANGED_BYTES)
    wait, now = timedelta(days=14), timedelta(minutes=1)
    early, silent = contained_at(first) + wait, contained_at(same) + wait
    assert early < silent, "S3 tells them apart by seconds"
    tick(way, early)
    assert due(way, QUIET, early).counts.silent_out_of_stock == 0
    tick(way, silent + now)
    assert due(way, QUIET, silent).counts.silent_out_of_stock == 2
    assert stocks() == {"sold": "out_of_stock", "untold": "out_of_stock"}
    told = json.loads(way.mallfeed("runs", "--mall", QUIET, "--json"))
    assert max(one["silent_out_of_stock"] for one in told) == 2
    load(way, QUIET, "full_3.jsonl", *rows)  # the same bytes are no longer nothing new
    assert stocks() == {"sold": "in_stock", "untold": None}
