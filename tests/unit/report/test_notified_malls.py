"""Feeds that no run of the job reports on: out of tries, dropped by a person."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from mallfeed.cli import operate
from mallfeed.cli.main import app
from mallfeed.ledger import moves
from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNCHANGED_BYTES, State
from mallfeed.report.announce import announce
from tests.unit.ledger.records import at, delta, feed


@pytest.fixture
def endings() -> Endings:
    return Endings()


@pytest.fixture
def ledger(endings: Endings) -> MemoryLedger:
    return MemoryLedger(endings)


def told_of(endings: Endings) -> list[tuple[str, str | None]]:
    told: list[tuple[str, str | None]] = []
    announce(endings, lambda record: told.append((str(record.state), record.code)))
    return told


def loaded(ledger: MemoryLedger, record: FeedRecord) -> FeedRecord:
    for state in (State.RUNNING, State.SYNCING):
        record = ledger.update(record, moves.moved(record, at(5), state, "test"))
    return ledger.update(record, moves.loaded(record, at(6)))


def test_feeds_held_or_unchanged_on_arrival_are_reported_once(
    ledger: MemoryLedger, endings: Endings
) -> None:
    for record in (
        feed(1, state=State.HELD, code="drift"),
        feed(2, state=State.IGNORED, code=UNCHANGED_BYTES),
        feed(3, state=State.IGNORED, code="folder_part"),
        feed(4),
        feed(1, state=State.HELD, code="drift"),
    ):
        ledger.enter(record)
    assert told_of(endings) == [("HELD", "drift"), ("IGNORED", UNCHANGED_BYTES)]
    assert told_of(endings) == []


def test_feeds_that_a_loaded_full_overtakes_are_reported(
    ledger: MemoryLedger, endings: Endings
) -> None:
    held = ledger.enter(delta(1, state=State.HELD, code="drift"))
    endings.take()
    loaded(ledger, ledger.enter(feed(5)))
    ledger.enter(feed(2, arrived_at=at(60)))
    closed = settle(ledger, held.mall_id, at(61)).closed
    assert told_of(endings) == [
        ("SUPERSEDED", "newer_full_loaded"),
        ("SUPERSEDED", "late_behind_full"),
    ]
    assert [record.code for record in closed] == ["newer_full_loaded", "late_behind_full"]


def test_a_note_is_no_ending_and_a_feed_that_goes_on_has_none(
    ledger: MemoryLedger, endings: Endings
) -> None:
    running = ledger.enter(feed(1))
    running = ledger.update(running, moves.moved(running, at(2), State.RUNNING, "test"))
    failed = ledger.update(running, moves.failed(running, "tries_exhausted", "died", at(3)))
    assert told_of(endings) == [("FAILED", "tries_exhausted")]
    failed = ledger.update(failed, moves.noted(failed, at(4), "seen"))
    assert told_of(endings) == []
    waiting = ledger.update(failed, moves.moved(failed, at(5), State.WAITING, "retried"))
    again = ledger.update(waiting, moves.moved(waiting, at(6), State.RUNNING, "test"))
    failed = ledger.update(again, moves.failed(again, "tries_exhausted", "died", at(7)))
    ledger.update(failed, moves.moved(failed, at(8), State.WAITING, "retried at once"))
    assert told_of(endings) == []


def test_a_feed_that_cannot_be_reported_stops_no_other(
    ledger: MemoryLedger, endings: Endings
) -> None:
    first, second = (ledger.enter(feed(n, state=State.HELD, code="drift")) for n in (1, 2))

    def tell(record: FeedRecord) -> None:
        if record.feed_id == first.feed_id:
            raise OSError("no such bucket")

    assert announce(endings, tell) == [second.feed_id]


@pytest.mark.parametrize("fails", [False, True])
def test_a_dropped_feed_is_reported_and_dropped_even_if_that_fails(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    ledger, told = MemoryLedger(), list[FeedRecord]()

    def tell(record: FeedRecord) -> None:
        told.append(record)
        if fails:
            raise OSError("no such bucket")

    desk = operate.Desk(ledger, lambda record, _: record, lambda: at(60), tell)
    monkeypatch.setattr(operate, "open_desk", lambda stack: desk)
    record = ledger.enter(feed(1, state=State.HELD, code="drift", message="a column is gone"))
    done = CliRunner().invoke(app, ["drop", record.feed_id, "--why", "checked", "--yes"])
    assert done.exit_code == 0
    assert [(one.feed_id, one.state) for one in told] == [(record.feed_id, State.DROPPED)]
    assert ("could not be notified" in done.stderr) == fails
