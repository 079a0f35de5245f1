"""A run's claim: who may take a feed, and who may still write."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mallfeed.errors import ClaimLost, ConditionFailed, FeedHeld
from mallfeed.ledger import moves
from mallfeed.ledger.claims import WRITE_ATTEMPTS, ClaimedFeeds, check, claim
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit
from tests.unit.ledger.records import at, delta, feed, plan

COMMIT = Commit("table", 11, 7)


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def record(ledger: MemoryLedger) -> FeedRecord:
    waiting = ledger.enter(feed(5))
    return ledger.start_plan(plan("p1", waiting), [waiting])[0]


@pytest.fixture
def job(ledger: MemoryLedger, record: FeedRecord) -> ClaimedFeeds:
    job = ClaimedFeeds(ledger, "p1", "jr_1", lambda: at(200))
    assert job.claim(record.feed_id) is not None
    return job


def test_the_first_run_gets_the_feed_and_keeps_it(ledger: MemoryLedger, record: FeedRecord) -> None:
    first = claim(ledger, record.feed_id, "p1", "jr_1", at(1))
    assert first is not None
    assert (first.job_run_id, first.started_at) == ("jr_1", at(1))
    assert claim(ledger, record.feed_id, "p1", "jr_1", at(2)) == first
    assert claim(ledger, record.feed_id, "p1", "jr_2", at(3)) is None


def test_a_run_of_another_plan_gets_nothing(ledger: MemoryLedger, record: FeedRecord) -> None:
    assert claim(ledger, record.feed_id, "p0", "jr_1", at(1)) is None


@pytest.mark.parametrize("state", [State.WAITING, State.HELD, State.FAILED])
def test_a_feed_in_another_state_cannot_be_claimed(
    ledger: MemoryLedger, record: FeedRecord, state: State
) -> None:
    ledger.update(record, moves.moved(record, at(1), state, "test"))
    assert claim(ledger, record.feed_id, "p1", "jr_1", at(2)) is None


def test_an_unknown_feed_cannot_be_claimed_nor_checked(ledger: MemoryLedger) -> None:
    assert claim(ledger, "mall_a-0", "p1", "jr_1", at(1)) is None
    with pytest.raises(ClaimLost, match="no longer in the ledger"):
        check(ledger, "mall_a-0", "jr_1")


def test_a_claim_raced_for_is_read_again(ledger: MemoryLedger, record: FeedRecord) -> None:
    update = ledger.update

    def noted_in_between(before: FeedRecord, after: FeedRecord) -> FeedRecord:
        ledger.update = update  # type: ignore[method-assign]
        update(before, moves.noted(before, at(1), "somebody was faster"))
        raise ConditionFailed("moved")

    ledger.update = noted_in_between  # type: ignore[method-assign]
    claimed = claim(ledger, record.feed_id, "p1", "jr_1", at(2))
    assert claimed is not None
    assert [event.note for event in claimed.events][-2:] == [
        "somebody was faster",
        "claimed by run jr_1",
    ]


def test_a_lost_claim_stops_every_move(
    ledger: MemoryLedger, record: FeedRecord, job: ClaimedFeeds
) -> None:
    held_by_me = job.check(record.feed_id)
    ledger.update(held_by_me, moves.given_back(held_by_me, "freed", None, at(3)))
    for move in (
        lambda: job.check(record.feed_id),
        lambda: job.hold(record.feed_id, FeedHeld("drift", "x")),
        lambda: job.note(record.feed_id, "x"),
        lambda: job.committing(record.feed_id),
        lambda: job.synced(record.feed_id, COMMIT, Counts()),
        lambda: job.loaded(record.feed_id),
    ):
        with pytest.raises(ClaimLost, match="is WAITING under run none: run jr_1 stops"):
            move()


def test_held_keeps_counts_and_leaves_the_plan(record: FeedRecord, job: ClaimedFeeds) -> None:
    held = job.hold(
        record.feed_id,
        FeedHeld("guard_vanished", "too many gone", figures_ko="상품 9개"),
        Counts(vanished=9),
    )
    assert held.figures_ko == "상품 9개"
    assert (held.state, held.code, held.message) == (State.HELD, "guard_vanished", "too many gone")
    assert (held.plan_id, held.job_run_id, held.counts.vanished) == (None, None, 9)
    assert held.finished_at == at(200)


def test_the_way_to_loaded(ledger: MemoryLedger, record: FeedRecord, job: ClaimedFeeds) -> None:
    assert job.committing(record.feed_id).committing
    synced = job.synced(record.feed_id, COMMIT, Counts(changed=3))
    assert (synced.state, synced.snapshot_id, synced.seq) == (State.SYNCING, 11, 7)
    assert not synced.committing
    assert job.synced(record.feed_id, COMMIT, Counts()) == synced
    loaded = job.loaded(record.feed_id, "9.9")
    assert (loaded.state, loaded.code_version, loaded.counts.changed) == (State.LOADED, "9.9", 3)
    assert [str(event.state) for event in loaded.events] == [
        "RUNNING", "RUNNING", "RUNNING", "SYNCING", "LOADED",
    ]  # fmt: skip


def test_a_loaded_full_supersedes_what_comes_before_it(
    ledger: MemoryLedger, record: FeedRecord, job: ClaimedFeeds
) -> None:
    before = ledger.enter(delta(1, state=State.HELD))
    behind = ledger.enter(delta(9))
    job.synced(record.feed_id, COMMIT, Counts())
    job.loaded(record.feed_id)
    moved = ledger.feed(before.feed_id)
    assert moved is not None
    assert (moved.state, moved.code) == (State.SUPERSEDED, "newer_full_loaded")
    assert ledger.feed(behind.feed_id) == behind


def test_a_runs_moves_read_nothing_until_somebody_else_has_moved_the_feed(
    ledger: MemoryLedger, record: FeedRecord, job: ClaimedFeeds
) -> None:
    read, reads = ledger.feed, []

    def counted(feed_id: str) -> FeedRecord | None:
        reads.append(feed_id)
        return read(feed_id)

    ledger.feed = counted  # type: ignore[method-assign]
    job.committing(record.feed_id)
    synced = job.synced(record.feed_id, COMMIT, Counts())
    assert reads == []
    ledger.update(synced, moves.noted(synced, at(150), "an operator was here"))
    noted = job.note(record.feed_id, "x")
    assert [event.note for event in noted.events][-2:] == ["an operator was here", "x"]
    assert len(reads) == 1
    job.loaded(record.feed_id)
    assert len(reads) == 1
    with pytest.raises(ClaimLost, match="is LOADED"):
        job.note(record.feed_id, "y")


def test_many_are_claimed_and_checked_with_one_read(ledger: MemoryLedger) -> None:
    malls = [ledger.enter(feed(1, mall=f"mall_{n}")) for n in range(4)]
    mine = ledger.start_plan(plan("p1", *malls[:3]), malls[:3])
    ids = [record.feed_id for record in malls]
    read, reads = ledger.feeds_by_id, []

    def counted(feed_ids: Sequence[str]) -> dict[str, FeedRecord]:
        reads.append(list(feed_ids))
        return read(feed_ids)

    ledger.feeds_by_id = counted  # type: ignore[method-assign]
    job = ClaimedFeeds(ledger, "p1", "jr_1", lambda: at(200))
    claimed = job.claim_all(ids)
    assert reads == [ids]
    assert list(claimed) == ids
    assert claimed[ids[3]] is None  # in no plan
    assert {found.job_run_id for found in claimed.values() if found} == {"jr_1"}
    job.check_all(ids[:3])
    assert reads == [ids, ids[:3]]
    lost = job.check(mine[1].feed_id)
    ledger.update(lost, moves.given_back(lost, "freed", None, at(300)))
    with pytest.raises(ClaimLost, match=f"{ids[1]} is WAITING under run none"):
        job.check_all(ids[:3])
    with pytest.raises(ClaimLost, match="no longer in the ledger"):
        job.check_all([ids[0], "mall_9-0"])


def test_a_move_that_others_keep_racing_gives_up(
    ledger: MemoryLedger, record: FeedRecord, job: ClaimedFeeds
) -> None:
    calls = []

    def always(before: FeedRecord, after: FeedRecord) -> FeedRecord:
        calls.append(1)
        raise ConditionFailed("moved")

    ledger.update = always  # type: ignore[method-assign]
    with pytest.raises(ClaimLost, match="keeps moving"):
        job.note(record.feed_id, "x")
    assert len(calls) == WRITE_ATTEMPTS


def test_a_feed_that_died_while_committing_is_never_failed_for_it() -> None:
    running = feed(1, state=State.RUNNING, committing=True, tries=7, plan_id="p1")
    after = moves.after_dead_run(running, "killed", 3, at(1) - at(0), at(5))
    assert (after.state, after.tries, after.committing) == (State.WAITING, 8, True)


def test_a_note_that_the_table_lacks_the_feed_ends_committing(
    ledger: MemoryLedger, record: FeedRecord, job: ClaimedFeeds
) -> None:
    job.committing(record.feed_id)
    assert not job.not_committed(record.feed_id).committing
    unchanged = job.check(record.feed_id)
    assert job.not_committed(record.feed_id) == unchanged
