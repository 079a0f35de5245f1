"""One behaviour suite over both ledgers: in memory, and DynamoDB behind a real HTTP server.

Feeds here; plans and the locks of malls in test_ledger_plans.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallfeed.errors import ConditionFailed, TransitionRefused
from mallfeed.ledger import moves
from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import Event, FeedRecord, Part
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import ENTRY, TRANSITIONS, State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit
from tests.contract.ledgers import dynamo_ledger, loaded, to_state
from tests.twins.ledger_table import table_definition
from tests.unit.ledger.records import at, delta, feed


def test_what_was_entered_is_read_back_completely(ledger: Ledger) -> None:
    record = feed(1, message="한글 메시지", counts=Counts(rows_read=3, reject_codes={"x": 1}))
    stored = ledger.enter(record)
    assert stored == record.model_copy(update={"revision": 1})
    assert ledger.feed(record.feed_id) == stored
    assert ledger.feeds("mall_a") == [stored]


def test_entering_again_returns_what_is_stored(ledger: Ledger) -> None:
    first = ledger.enter(feed(1))
    held = ledger.update(first, moves.held(first, "drift", "a column is gone", at(5)))
    assert ledger.enter(feed(1)) == held


def test_an_unknown_feed_is_none(ledger: Ledger) -> None:
    assert ledger.feed("mall_a-0000000000000000") is None
    assert ledger.feeds("mall_a") == []
    assert ledger.plan("none") is None


def test_feeds_of_several_malls_are_read_by_id_a_hundred_per_call(ledger: Ledger) -> None:
    entered = [ledger.enter(feed(n, mall=f"mall_{n:03d}")) for n in range(103)]
    ids = [record.feed_id for record in entered]
    found = ledger.feeds_by_id([*ids, "mall_a-0000000000000000", ids[0]])
    assert found == {record.feed_id: record for record in entered}
    assert ledger.feeds_by_id([]) == {}


def test_endings_are_noted_when_they_are_written_and_only_then(
    ledger: Ledger, endings: Endings
) -> None:
    first, held = ledger.enter(feed(1)), ledger.enter(feed(2, state=State.HELD, code="drift"))
    ledger.enter(feed(2, state=State.HELD, code="drift"))
    with pytest.raises(ConditionFailed):
        ledger.update(feed(1), moves.held(first, "drift", "x", at(5)))
    assert endings.take() == [held]
    gone = ledger.update(first, moves.superseded(first, "newer_full_loaded", "x", at(5)))
    ledger.update(held, moves.noted(held, at(6), "looked at"))
    assert endings.take() == [gone]


def test_feeds_of_one_mall_come_in_order_and_alone(ledger: Ledger) -> None:
    for number in (3, 1, 2):
        ledger.enter(feed(number))
    ledger.enter(feed(1, mall="mall_ab"))
    assert [one.key[-8:] for one in ledger.feeds("mall_a")] == ["0001.csv", "0002.csv", "0003.csv"]


def test_an_update_from_an_old_revision_fails_and_changes_nothing(ledger: Ledger) -> None:
    first = ledger.enter(feed(1))
    second = ledger.update(first, moves.noted(first, at(1), "one"))
    with pytest.raises(ConditionFailed, match=first.feed_id):
        ledger.update(first, moves.noted(first, at(2), "two"))
    assert ledger.feed(first.feed_id) == second
    assert second.revision == first.revision + 1


def test_a_feed_that_is_not_there_cannot_be_updated(ledger: Ledger) -> None:
    with pytest.raises(ConditionFailed):
        ledger.update(feed(1), feed(1))


@pytest.mark.parametrize("state", sorted(set(State) - ENTRY))
def test_a_feed_enters_in_no_other_state(ledger: Ledger, state: State) -> None:
    with pytest.raises(TransitionRefused, match="cannot enter"):
        ledger.enter(feed(1, state=state))
    assert ledger.feed(feed(1).feed_id) is None


@pytest.mark.parametrize("before", sorted(State))
def test_no_other_transition_is_possible(ledger: Ledger, before: State) -> None:
    for number, after in enumerate(sorted(set(State) - {before}), start=1):
        record = ledger.enter(feed(number))
        record = to_state(ledger, record, *_way_to(before))
        if after in TRANSITIONS[before]:
            assert to_state(ledger, record, after).state is after
        else:
            with pytest.raises(TransitionRefused, match=f"is {before} and cannot become {after}"):
                to_state(ledger, record, after)
            assert ledger.feed(record.feed_id) == record


def _way_to(state: State) -> list[State]:
    ways: dict[State, list[State]] = {State.WAITING: []}
    queue = [State.WAITING]
    while queue:
        here = queue.pop(0)
        for there in sorted(TRANSITIONS[here]):
            if there not in ways:
                ways[there] = [*ways[here], there]
                queue.append(there)
    return ways[state]


def test_of_many_simultaneous_updates_one_wins(ledger: Ledger) -> None:
    record = ledger.enter(feed(1))
    barrier = threading.Barrier(4)

    def race(name: int) -> bool:
        barrier.wait()
        try:
            ledger.update(record, moves.noted(record, at(name), f"racer {name}"))
        except ConditionFailed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(race, range(4))) == [False, False, False, True]


def test_only_malls_with_open_feeds_are_open(ledger: Ledger) -> None:
    ledger.enter(feed(1, mall="mall_a"))
    loaded(ledger, feed(1, mall="mall_b"))
    ledger.enter(feed(1, mall="mall_c", state=State.HELD))
    to_state(ledger, ledger.enter(feed(1, mall="mall_d")), State.RUNNING, State.SYNCING)
    assert ledger.open_malls() == {"mall_a", "mall_d"}
    assert [one.mall_id for one in ledger.open_feeds()] == ["mall_a", "mall_d"]
    assert [one.mall_id for one in ledger.blocking_feeds()] == ["mall_c"]


def test_recent_is_newest_first_over_all_malls_and_limited(ledger: Ledger) -> None:
    for number, mall in ((1, "mall_a"), (3, "mall_b"), (2, "mall_c")):
        ledger.enter(feed(number, mall=mall))
    assert [one.mall_id for one in ledger.recent()] == ["mall_b", "mall_c", "mall_a"]
    assert [one.mall_id for one in ledger.recent(limit=1)] == ["mall_b"]


def test_a_full_feed_of_unchanged_bytes_is_the_published_one_for_what_comes_later(
    ledger: Ledger,
) -> None:
    loaded(ledger, feed(5))
    unchanged = feed(6, state=State.IGNORED, code="unchanged_bytes", finished_at=at(6))
    same = ledger.enter(unchanged)
    assert ledger.feeds("mall_a") == [same]
    late = ledger.enter(feed(2, arrived_at=at(60)))
    older = ledger.enter(feed(9, feed_time=at(1)))
    closed = {one.feed_id: one.code for one in settle(ledger, "mall_a", at(61)).closed}
    assert closed == {late.feed_id: "late_behind_full", older.feed_id: "older_than_published"}


def test_feeds_leaves_out_what_no_decision_needs(ledger: Ledger) -> None:
    loaded(ledger, feed(1))
    loaded(ledger, delta(2))
    full = loaded(ledger, feed(3))
    loaded(ledger, delta(4))
    last = loaded(ledger, delta(6))
    assert ledger.feeds("mall_a") == [full, last]


def test_feeds_has_the_loaded_deltas_behind_an_unsettled_feed(ledger: Ledger) -> None:
    full = loaded(ledger, feed(1))
    loaded(ledger, delta(2))
    four, five = loaded(ledger, delta(4)), loaded(ledger, delta(5))
    late = ledger.enter(delta(3))
    assert ledger.feeds("mall_a") == [full, late, four, five]


def test_feeds_has_what_blocks_and_what_is_late_behind_a_full(ledger: Ledger) -> None:
    full = loaded(ledger, feed(5))
    held = ledger.enter(delta(2, state=State.HELD))
    ledger.enter(feed(3, state=State.IGNORED))
    late = ledger.enter(feed(4))
    assert ledger.feeds("mall_a") == [held, late, full]


def of_slice(number: int, part: str | None, **changes: Any) -> FeedRecord:
    return feed(number, slice=part, feed_name=part or "full", **changes)


def test_feeds_has_the_last_published_full_of_each_slice(ledger: Ledger) -> None:
    slices = ["fashion", "digital", "패션", "a!b", "long" * 100, "digit"]
    for number in range(1, 4):
        for place, part in enumerate(slices):
            loaded(ledger, of_slice(10 * number + place, part))
    published = [one.slice for one in ledger.feeds("mall_a")]
    assert published == slices
    assert {one.key[-8:-5] for one in ledger.feeds("mall_a")} == {"003"}
    late = ledger.enter(delta(36))
    after = loaded(ledger, delta(40))
    found = ledger.feeds("mall_a")
    assert [one for one in found if one.mode == "delta"] == [late, after]


def test_feeds_has_all_later_deltas_of_a_feed_whose_slice_has_no_full_one(ledger: Ledger) -> None:
    early = loaded(ledger, delta(1, slice="digital"))
    fashion = loaded(ledger, of_slice(2, "fashion"))
    loaded(ledger, delta(3, slice="fashion"))
    last = loaded(ledger, delta(4, slice="fashion"))
    assert ledger.feeds("mall_a") == [fashion, last]
    late = ledger.enter(of_slice(0, "digital"))
    assert [one for one in ledger.feeds("mall_a") if one.slice == "digital"] == [late, early]
    assert len(ledger.feeds("mall_a")) == 5


def test_feeds_has_the_newest_of_each_feed_whose_rows_say_their_slices(ledger: Ledger) -> None:
    for number in range(3):
        loaded(ledger, feed(number, slices_by_row=True, feed_name="parts"))
    named = loaded(ledger, of_slice(3, "parts"))
    other = loaded(ledger, feed(4, slices_by_row=True, feed_name="others"))
    found = ledger.feeds("mall_a")
    assert [one.feed_name for one in found] == ["parts", "parts", "others"]
    assert found[1:] == [named, other]
    assert len(ledger.history("mall_a")) == 5


def test_the_only_slice_becomes_one_of_several(ledger: Ledger) -> None:
    for number in range(3):
        loaded(ledger, of_slice(number, "fashion", only_slice=True))
    assert [one.order for one in ledger.feeds("mall_a")] == [of_slice(2, "fashion").order]
    digital = loaded(ledger, of_slice(3, "digital"))
    assert [one.slice for one in ledger.feeds("mall_a")] == ["fashion", "digital"]
    fashion = loaded(ledger, of_slice(4, "fashion"))
    assert ledger.feeds("mall_a") == [digital, fashion]
    assert len(ledger.history("mall_a")) == 5


def test_a_full_of_the_whole_shop_stands_for_the_slices_before_it(ledger: Ledger) -> None:
    for number, part in enumerate(["fashion", "digital", "fashion"]):
        loaded(ledger, of_slice(number, part))
    whole = loaded(ledger, of_slice(5, None, rollback_to=1))
    after = loaded(ledger, of_slice(6, "digital"))
    assert ledger.feeds("mall_a") == [whole, after]


def test_history_and_what_was_sent_have_the_feeds_of_all_slices(ledger: Ledger) -> None:
    for number in range(12):
        loaded(ledger, of_slice(number, ["fashion", None, "digital"][number % 3]))
    numbers = [int(one.key[-8:-4]) for one in ledger.history("mall_a", 5)]
    assert numbers == [11, 10, 9, 8, 7]
    since = {"fashion": at(9), "digital": at(11), "full": at(10)}
    assert ledger.sent_since("mall_a", since) == {"fashion", "digital", "full"}
    assert ledger.sent_since("mall_a", {"fashion": at(10), "full": at(10)}) == {"full"}


def test_history_has_everything_newest_first(ledger: Ledger) -> None:
    loaded(ledger, feed(1))
    loaded(ledger, delta(2))
    ledger.enter(feed(3, state=State.IGNORED))
    ledger.enter(delta(4, state=State.HELD))
    ledger.enter(delta(5))
    numbers = [one.key[-8:-4] for one in ledger.history("mall_a")]
    assert numbers == ["0005", "0004", "0003", "0002", "0001"]
    assert len(ledger.history("mall_a", limit=2)) == 2


def test_sent_since_finds_each_name_by_its_own_time(ledger: Ledger) -> None:
    loaded(ledger, feed(1))
    loaded(ledger, delta(5))
    ledger.enter(feed(7, mall="mall_b"))
    assert ledger.sent_since("mall_a", {"full": at(1), "delta": at(5)}) == {"full", "delta"}
    assert ledger.sent_since("mall_a", {"full": at(2), "delta": at(0)}) == {"delta"}
    assert ledger.sent_since("mall_a", {"full": at(2), "other": at(0)}) == set()
    assert ledger.sent_since("mall_a", {}) == ledger.sent_since("mall_c", {"full": at(0)}) == set()


@pytest.mark.parametrize(
    ("sent", "changes"),
    [
        (True, {}),
        (True, {"state": State.HELD, "code": "drift"}),
        (True, {"state": State.IGNORED, "code": "unchanged_bytes"}),
        (False, {"state": State.IGNORED, "code": "part_of_folder"}),
        (False, {"replay_of": "mall_a-1"}),
        (False, {"replay_of": "mall_a-1", "rollback_to": 7}),
        (False, {"feed_name": None, "state": State.HELD, "code": "no_feed_for_key"}),
    ],
)
def test_sent_is_what_the_mall_sent_whatever_became_of_it(
    ledger: Ledger, sent: bool, changes: dict[str, Any]
) -> None:
    ledger.enter(feed(1, **changes))
    assert ledger.sent_since("mall_a", {"full": at(1)}) == ({"full"} if sent else set())


@pytest.mark.parametrize("state", [State.SUPERSEDED, State.DROPPED, State.FAILED])
def test_sent_is_also_what_was_never_loaded(ledger: Ledger, state: State) -> None:
    to_state(ledger, ledger.enter(feed(1)), *_way_to(state))
    assert ledger.sent_since("mall_a", {"full": at(1)}) == {"full"}


def test_an_upload_that_took_hours_was_sent_when_it_arrived(ledger: Ledger) -> None:
    ledger.enter(feed(1, arrived_at=at(300)))
    assert ledger.sent_since("mall_a", {"full": at(200)}) == {"full"}


def test_what_was_sent_is_found_behind_any_number_of_others(ledger: Ledger) -> None:
    loaded(ledger, feed(1))
    for number in range(2, 103):
        loaded(ledger, delta(number))
        ledger.enter(feed(1000 + number, state=State.IGNORED, code="part_of_folder"))
    assert ledger.sent_since("mall_a", {"full": at(1)}) == {"full"}


def test_asking_what_was_sent_reads_at_most_one_page_if_it_has_arrived(dynamodb: Any) -> None:
    ledger = dynamo_ledger(dynamodb)
    for number in range(60):
        loaded(ledger, (feed if number == 0 else delta)(number))
    pages: list[int] = []

    def count(parsed: dict[str, Any], **kwargs: object) -> None:
        pages.append(parsed["ScannedCount"])

    dynamodb.meta.events.register("after-call.dynamodb.Query", count)
    assert ledger.sent_since("mall_a", {"full": at(0), "delta": at(0)}) == {"full", "delta"}
    both, pages[:] = pages[:], []
    long_after = at(60 * 24 * 3)
    assert ledger.sent_since("mall_a", {"full": long_after, "delta": long_after}) == set()
    dynamodb.meta.events.unregister("after-call.dynamodb.Query", count)
    assert both == [0, 1, 1, 25]
    assert pages == [0, 1, 0, 0, 0]


def test_a_story_of_any_length_fits(ledger: Ledger) -> None:
    events = tuple(
        Event(at=at(n), state=State.WAITING, note=f"{n} " + "가" * 3000) for n in range(500)
    )
    stored = ledger.enter(feed(1, events=events, message="가" * 100_000))
    assert [event.note.split()[0] for event in stored.events][:6] == [
        "0",
        "1",
        "2",
        "3",
        "4",
        "445",
    ]
    assert ledger.feed(stored.feed_id) == stored


def test_a_folder_of_thousands_of_parts_and_the_longest_key_fit(ledger: Ledger) -> None:
    key = "feeds/mall_a/" + "길" * 337
    parts = tuple(
        Part(key=f"{key[:200]}{uuid4()}", version_id=uuid4().hex, size_bytes=n, etag=uuid4().hex)
        for n in range(5_000)
    )
    record = feed(1, key=key, order=f"2026-11-23T09:01:00!{key}!00000000!x", parts=parts)
    stored = ledger.enter(record)
    assert ledger.feeds("mall_a") == [stored]


def test_a_commit_is_stored_exactly(ledger: Ledger) -> None:
    record = to_state(ledger, ledger.enter(feed(1)), State.RUNNING)
    commit = Commit("uuid", 2**62 + 1, 2**40 + 7)
    synced = ledger.update(record, moves.synced(record, commit, Counts(), at(3)))
    read = ledger.feed(record.feed_id)
    assert read == synced
    assert read is not None
    assert (read.snapshot_id, read.seq) == (2**62 + 1, 2**40 + 7)


def test_reading_a_mall_of_many_closed_feeds_stays_cheap(dynamodb: Any) -> None:
    ledger = dynamo_ledger(dynamodb)
    for number in range(60):
        loaded(ledger, (feed if number % 20 == 0 else delta)(number))
        ledger.enter(feed(1000 + number, state=State.IGNORED))
    after_55 = delta(55).order + "~"
    late = ledger.enter(delta(99, feed_id="mall_a-late", order=after_55))
    read: list[int] = []

    def count(parsed: dict[str, Any], **kwargs: object) -> None:
        read.append(parsed["ScannedCount"])

    dynamodb.meta.events.register("after-call.dynamodb.Query", count)
    feeds = ledger.feeds("mall_a")
    dynamodb.meta.events.unregister("after-call.dynamodb.Query", count)
    assert [one.key[-8:-4] for one in feeds if one.feed_id != late.feed_id] == [
        "0040", "0056", "0057", "0058", "0059",
    ]  # fmt: skip
    assert sum(read) < 10


def test_a_closed_feed_expires_and_an_open_or_blocking_one_never(dynamodb: Any) -> None:
    table = f"ledger-{uuid4().hex[:8]}"
    dynamodb.create_table(**table_definition(table))
    ledger = DynamoLedger(dynamodb, table)
    for number, state in enumerate((State.WAITING, State.HELD, State.IGNORED)):
        ledger.enter(feed(number, state=state))
    items = dynamodb.scan(TableName=table)["Items"]
    expiring = {item["state"]["S"]: "expires_at" in item for item in items}
    assert expiring == {"WAITING": False, "HELD": False, "IGNORED": True}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from(sorted(State)), st.booleans()), max_size=7)
)
def test_both_ledgers_show_the_same_of_any_history(
    dynamodb: Any, history: list[tuple[bool, State, bool]]
) -> None:
    table = f"ledger-{uuid4().hex[:8]}"
    dynamodb.create_table(**table_definition(table))
    ledgers: list[Ledger] = [MemoryLedger(), DynamoLedger(dynamodb, table)]
    for ledger in ledgers:
        for number, (full, state, unchanged) in enumerate(history):
            record = (feed if full else delta)(
                number, code="unchanged_bytes" if unchanged else None
            )
            to_state(ledger, ledger.enter(record), *_way_to(state))
    memory, real = ledgers
    assert real.feeds("mall_a") == memory.feeds("mall_a")
    assert real.history("mall_a", 4) == memory.history("mall_a", 4)
    for since in ({"full": at(2)}, {"delta": at(1)}, {"full": at(5), "delta": at(3)}):
        assert real.sent_since("mall_a", since) == memory.sent_since("mall_a", since)
    assert real.open_malls() == memory.open_malls()
    assert real.open_feeds() == memory.open_feeds()
    assert real.blocking_feeds() == memory.blocking_feeds()
    assert real.recent(3) == memory.recent(3)
    dynamodb.delete_table(TableName=table)


def test_of_a_malls_moments_the_earliest_is_noted_until_it_is_settled(ledger: Ledger) -> None:
    assert ledger.moments(at(99)) == {}
    for minute in (20, 10, 30):
        ledger.note_moment("mall_a", at(minute))
    ledger.note_moment("mall_b", at(15))
    assert ledger.moments(at(9)) == {}
    assert ledger.moments(at(10)) == {"mall_a": at(10)}
    assert ledger.moments(at(15)) == {"mall_a": at(10), "mall_b": at(15)}
    ledger.settle_moment("mall_a", at(30))
    ledger.settle_moment("mall_b", None)
    assert ledger.moments(at(29)) == {}
    assert ledger.moments(at(30)) == {"mall_a": at(30)}
    ledger.settle_moment("mall_b", None)
