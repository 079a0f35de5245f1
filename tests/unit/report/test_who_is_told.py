"""Feeds that no run of the job reports on: out of tries, dropped by a person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from typer.testing import CliRunner

from mallfeed.cli import operate
from mallfeed.cli.main import app
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import UNCHANGED_BYTES, State
from mallfeed.report.announce import announce
from tests.unit.ledger.records import at, feed


def test_what_ended_without_a_report_is_told_and_one_that_fails_stops_no_other() -> None:
    told: list[tuple[str, str | None]] = []
    ended = [
        feed(1, state=State.FAILED, code="tries", finished_at=at(10)),
        feed(2, state=State.SUPERSEDED, finished_at=at(10)),
        feed(3, state=State.IGNORED, code=UNCHANGED_BYTES, finished_at=at(10)),
        feed(4, state=State.IGNORED, code="folder_part", finished_at=at(10)),
        feed(5, state=State.HELD, code="drift", finished_at=at(10)),
        feed(6, state=State.LOADED, finished_at=at(10)),
        feed(7, state=State.WAITING),
        feed(8, state=State.SUPERSEDED, finished_at=at(9)),
    ]
    ledger = cast(Ledger, SimpleNamespace(feeds=lambda mall: ended if mall == "mall_a" else []))

    def tell(record: FeedRecord) -> None:
        told.append((str(record.state), record.code))
        if record.state is State.FAILED:
            raise OSError("no such bucket")

    assert len(announce(ledger, {"mall_a", "mall_b"}, at(10), tell)) == 2
    without_a_run = [("FAILED", "tries"), ("SUPERSEDED", None), ("IGNORED", UNCHANGED_BYTES)]
    assert told == without_a_run
    told.clear()
    announce(ledger, {"mall_a"}, at(10), tell, held=True)
    assert told == [*without_a_run, ("HELD", "drift")]


@pytest.mark.parametrize("fails", [False, True])
def test_a_dropped_feed_is_told_and_dropped_even_if_that_fails(
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
    assert ("could not be told" in done.stderr) == fails
