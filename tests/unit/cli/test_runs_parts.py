"""`mallfeed runs` of a mall whose feeds are folders: the folders, not their thousands of files."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from mallfeed.cli import runs
from mallfeed.cli.main import app
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.states import PART_OF_FOLDER, State
from tests.unit.ledger.records import feed

PARTS = 400


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> MemoryLedger:
    """A feed, and after it a folder of many parts whose signal has come."""
    made = MemoryLedger()
    made.enter(feed(1))
    for number in range(2, PARTS + 2):
        made.enter(feed(number, state=State.IGNORED, code=PART_OF_FOLDER, message="a part"))
    made.enter(feed(PARTS + 2))
    monkeypatch.setattr(runs, "attach", lambda _: SimpleNamespace())
    monkeypatch.setattr(runs, "ledger_of", lambda _: made)
    return made


def listed(*options: str) -> list[str]:
    done = CliRunner().invoke(app, ["runs", "--json", *options])
    assert done.exit_code == 0, done.output
    return [one["run"] for one in json.loads(done.stdout)]


@pytest.mark.parametrize("of", [(), ("--mall", "mall_a")])
def test_feeds_are_listed_and_not_what_they_are_made_of(
    ledger: MemoryLedger, of: tuple[str, ...]
) -> None:
    assert listed(*of) == [feed(PARTS + 2).feed_id, feed(1).feed_id]
    assert listed(*of, "--limit", "1") == [feed(PARTS + 2).feed_id]


def test_parts_are_counted_and_listed_when_they_are_asked_for(ledger: MemoryLedger) -> None:
    told = CliRunner().invoke(app, ["runs"]).stdout
    assert f"Left out: {PARTS} parts of folders." in " ".join(told.split())
    assert len(listed("--parts", "--limit", "1000")) == PARTS + 2


def test_a_folder_whose_signal_is_missing_is_no_empty_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only = MemoryLedger()
    only.enter(feed(1, state=State.IGNORED, code=PART_OF_FOLDER, message="a part"))
    monkeypatch.setattr(runs, "attach", lambda _: SimpleNamespace())
    monkeypatch.setattr(runs, "ledger_of", lambda _: only)
    told = CliRunner().invoke(app, ["runs"]).stdout
    assert "No feeds yet" not in told
    assert "Left out: 1 parts of folders." in " ".join(told.split())
