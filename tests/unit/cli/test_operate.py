"""An operator's commands: shown, confirmed, carried out, recorded in the feed's story."""

from __future__ import annotations

import getpass
import json

import pytest
from typer.testing import CliRunner, Result

from mallfeed.cli import operate
from mallfeed.cli.main import app
from mallfeed.errors import FeedHeld
from mallfeed.ledger import moves
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.operate import OperationRefused
from mallfeed.ledger.states import State
from tests.unit.ledger.records import at, delta, feed


def pick(record: FeedRecord, version: int | None) -> FeedRecord:
    if record.mall_id == "mall_b":
        raise FeedHeld("unknown_mall", "no catalog of mall mall_b is published")
    return record.model_copy(update={"catalog_version": version or 2})


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> MemoryLedger:
    """The ledger on which the commands work."""
    ledger = MemoryLedger()
    desk = operate.Desk(ledger, pick, lambda: at(60))
    monkeypatch.setattr(operate, "open_desk", lambda stack: desk)
    return ledger


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=answer)


def held(ledger: MemoryLedger, number: int = 1, mall: str = "mall_a") -> FeedRecord:
    return ledger.enter(
        feed(number, mall, state=State.HELD, code="guard_vanished", message="[9 of 9] gone")
    )


def now_of(ledger: MemoryLedger, record: FeedRecord) -> FeedRecord:
    found = ledger.feed(record.feed_id)
    assert found is not None
    return found


def test_release_shows_what_it_will_touch_and_asks(ledger: MemoryLedger) -> None:
    record = held(ledger)
    ledger.enter(delta(2))
    done = run("release", record.feed_id, "--why", "checked", answer="n\n")
    assert done.exit_code == 1
    assert now_of(ledger, record) == record
    for shown in (record.feed_id, "guard_vanished: [9 of 9] gone", "catalog v2", "1 waiting"):
        assert shown in " ".join(done.stderr.split()), done.stderr
    assert "Nothing was changed" in done.stderr


def test_release_is_carried_out_when_the_answer_is_yes(ledger: MemoryLedger) -> None:
    record = held(ledger)
    done = run("release", record.feed_id, "--why", "checked", answer="y\n")
    assert (done.exit_code, now_of(ledger, record).state) == (0, State.WAITING)


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("release", State.HELD, State.WAITING),
        ("drop", State.HELD, State.DROPPED),
        ("drop", State.WAITING, State.DROPPED),
        ("retry", State.WAITING, State.WAITING),
    ],
)
def test_who_and_why_go_into_the_story(
    ledger: MemoryLedger, verb: str, before: State, after: State
) -> None:
    record = ledger.enter(feed(1, state=before))
    done = run(verb, record.feed_id, "--why", "전화로 확인함", "--who", "김하나", "--yes", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["run"], told["before"], told["state"]) == (record.feed_id, before, after)
    last = now_of(ledger, record).events[-1]
    assert (last.state, last.by) == (after, "김하나")
    assert "전화로 확인함" in last.note


def test_who_defaults_to_the_user_of_the_machine(ledger: MemoryLedger) -> None:
    record = held(ledger)
    assert run("drop", record.feed_id, "--why", "x", "-y").exit_code == 0
    assert now_of(ledger, record).events[-1].by == getpass.getuser()


def test_release_reads_by_the_catalog_that_is_named(ledger: MemoryLedger) -> None:
    record = held(ledger)
    assert run("release", record.feed_id, "--catalog", "7", "--why", "x", "-y").exit_code == 0
    after = now_of(ledger, record)
    assert (after.catalog_version, after.catalog_named) == (7, True)


def test_retry_gives_a_failed_feed_its_tries_again(ledger: MemoryLedger) -> None:
    record = ledger.enter(feed(1))
    for state in (State.RUNNING, State.FAILED):
        record = ledger.update(record, moves.moved(record, at(2), state, "test", tries=3))
    assert run("retry", record.feed_id, "--why", "x", "-y").exit_code == 0
    after = now_of(ledger, record)
    assert (after.state, after.tries) == (State.WAITING, 0)


def test_replay_enters_a_new_feed_and_leaves_the_old_one(ledger: MemoryLedger) -> None:
    record = ledger.enter(feed(1))
    for state in (State.RUNNING, State.SYNCING, State.LOADED):
        record = ledger.update(record, moves.moved(record, at(2), state, "test"))
    done = run("replay", record.feed_id, "--why", "sink mended", "-y", "--json")
    fresh = ledger.feed(json.loads(done.stdout)["run"])
    assert fresh is not None
    assert (fresh.replay_of, fresh.state) == (record.feed_id, State.WAITING)
    assert fresh.order > record.order
    assert now_of(ledger, record) == record


def test_a_move_that_is_not_possible_says_what_is(ledger: MemoryLedger) -> None:
    record = held(ledger)
    done = run("retry", record.feed_id, "--why", "x", "-y")
    assert isinstance(done.exception, OperationRefused)
    assert "is HELD: retry needs FAILED" in str(done.exception)
    assert now_of(ledger, record) == record


def test_release_without_a_catalog_says_what_is_missing(ledger: MemoryLedger) -> None:
    record = held(ledger, mall="mall_b")
    done = run("release", record.feed_id, "--why", "x", "-y")
    assert done.exit_code == 1
    assert "no catalog of mall mall_b is published" in " ".join(done.stderr.split())


def test_an_unknown_run_is_reported(ledger: MemoryLedger) -> None:
    done = run("drop", "mall_a-0", "--why", "x", "-y")
    assert done.exit_code == 1
    assert "No feed mall_a-0" in done.stderr


def test_a_feed_that_moved_while_the_question_stood_is_left_alone(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = held(ledger)

    def somebody_else_drops_it(yes: bool) -> None:
        ledger.update(record, moves.moved(record, at(61), State.DROPPED, "test"))

    monkeypatch.setattr(operate, "ask", somebody_else_drops_it)
    done = run("release", record.feed_id, "--why", "x")
    assert isinstance(done.exception, OperationRefused)
    assert now_of(ledger, record).state is State.DROPPED
