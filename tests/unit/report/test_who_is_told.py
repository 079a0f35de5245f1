"""Feeds that no run of the job reports on: out of tries, dropped by a person."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from typer.testing import CliRunner

from mallfeed.cli import operate
from mallfeed.cli.main import app
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.states import State
from tests.unit.ledger.records import at, feed

HANDLER = Path(__file__).resolve().parents[3] / "lambdas/dispatch_runs/handler.py"


@pytest.fixture
def dispatch_runs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("POWERTOOLS_TRACE_DISABLED", "true")
    spec = importlib.util.spec_from_file_location("dispatch_runs_handler", HANDLER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_of_a_closed_plan_the_failed_feeds_are_told(
    dispatch_runs: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = feed(1, "mall_a", state=State.FAILED, code="tries")
    also = feed(1, "mall_b", state=State.FAILED, code="tries")
    loaded = feed(1, "mall_c", state=State.LOADED)
    known = {one.feed_id: one for one in (failed, also, loaded)}
    ledger = SimpleNamespace(feed=known.get)
    settings = SimpleNamespace(lake_bucket="lake", event_bus="bus")
    told: list[str] = []

    def tell(record: FeedRecord, lake: str, bus: str) -> None:
        assert (lake, bus) == ("lake", "bus")
        told.append(record.feed_id)
        if record == failed:
            raise OSError("no such bucket")

    parts = SimpleNamespace(ledger=ledger, settings=settings)
    monkeypatch.setattr(dispatch_runs, "pipeline", lambda: parts)
    monkeypatch.setattr(dispatch_runs, "tell", tell)
    feeds = (failed, also, loaded)
    plan = PlanRecord(
        plan_id="p",
        feed_ids=tuple(one.feed_id for one in feeds),
        malls=tuple(one.mall_id for one in feeds),
        created_at=at(0),
    )
    dispatch_runs._tell_of_failed(plan)
    assert told == [failed.feed_id, also.feed_id]


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
