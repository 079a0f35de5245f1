"""A demo that cannot succeed ends at once, with the cause: failed runs, stopped parts, held feeds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from infra.local import samples
from infra.local.glue_runtime import log_of
from infra.local.processes import Record
from infra.local.samples import SampleFeed, SampleMall
from infra.local.stack import Stack
from infra.local.trouble import Lookout
from mallfeed.cli import show
from mallfeed.cli.watch import follow
from mallfeed.ledger import moves
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit
from tests.unit.ledger.records import at, feed, plan

RUN = "jr_1"
MESSAGE = "exit code 1; PySparkRuntimeError: [JAVA_GATEWAY_EXITED] Java gateway process exited"


@dataclass
class Glue:
    """The part of Glue's client that is used: it lists the runs."""

    runs: list[dict[str, Any]] = field(default_factory=list)

    def get_job_runs(self, JobName: str) -> dict[str, Any]:  # noqa: N803
        assert JobName == "load"
        return {"JobRuns": self.runs}

    def ended(self, state: str, plan_id: str = "p1", **more: str) -> None:
        uri = f"s3://lake/plans/{plan_id}.json"
        self.runs.append({"Id": RUN, "JobRunState": state, "Arguments": {"--plan": uri}, **more})


@dataclass
class FakeStack:
    """A stack whose parts are processes of this test."""

    directory: Path
    records: list[Record] = field(default_factory=list)


@dataclass
class World:
    """One feed in the run of one plan."""

    ledger: MemoryLedger
    glue: Glue
    stack: FakeStack
    lookout: Lookout
    feed_id: str

    def move(self, change: Any) -> None:
        before = self.ledger.feed(self.feed_id)
        assert before is not None
        self.ledger.update(before, change(before))

    def troubles(self) -> list[str]:
        record = self.ledger.feed(self.feed_id)
        assert record is not None
        return self.lookout.troubles([record])


@pytest.fixture
def world(tmp_path: Path) -> World:
    ledger, glue, stack = MemoryLedger(), Glue(), FakeStack(tmp_path)
    waiting = ledger.enter(feed(1))
    ledger.start_plan(plan("p1", waiting), [waiting])
    lookout = Lookout(cast(Stack, stack), ledger, glue, "load")
    world = World(ledger, glue, stack, lookout, waiting.feed_id)
    world.move(lambda record: moves.claimed(record, RUN, at(2)))
    return world


def test_a_run_that_goes_on_or_has_succeeded_is_no_trouble(world: World) -> None:
    for state in ("STARTING", "RUNNING", "SUCCEEDED", "STOPPED"):
        world.glue.ended(state)
    assert world.troubles() == []


def test_a_failed_run_is_reported_with_its_error_its_feeds_and_the_end_of_its_log(
    world: World,
) -> None:
    log = log_of(world.stack.directory, RUN)
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"line {number}\n" for number in range(40)), "utf-8")
    world.move(lambda record: moves.noted(record, at(3), "ValueError: boom"))
    world.glue.ended("FAILED", ErrorMessage=MESSAGE)
    [told] = world.troubles()
    first, second, third, *tail = told.splitlines()
    assert first == f"Glue run {RUN} ended FAILED: {MESSAGE}"
    assert second == f"{world.feed_id} (0001.csv) is RUNNING: ValueError: boom"
    assert third == f"--- {log}"
    assert tail == [f"line {number}" for number in range(25, 40)]


def test_a_feed_that_the_dispatcher_has_taken_back_still_says_why(world: World) -> None:
    world.move(lambda record: moves.noted(record, at(3), "ValueError: boom"))
    world.move(lambda r: moves.after_dead_run(r, f"Glue run {RUN} ended", 3, at(4) - at(3), at(4)))
    world.glue.ended("TIMEOUT")
    [told] = world.troubles()
    assert "is WAITING: ValueError: boom; try 1 of 3 failed: Glue run jr_1 ended" in told


def test_a_run_that_never_took_its_feed_is_reported_too(world: World) -> None:
    other = world.ledger.enter(feed(2, "mall_b"))
    world.ledger.start_plan(plan("p2", other), [other])
    world.glue.ended("FAILED", "p2")
    record = world.ledger.feed(other.feed_id)
    assert record is not None
    [told] = world.lookout.troubles([record])
    assert f"{other.feed_id} (0002.csv) is RUNNING: the run never took it" in told


def test_runs_of_other_feeds_and_of_loaded_ones_are_no_trouble(world: World) -> None:
    world.glue.ended("FAILED", "p0")
    assert world.troubles() == []
    world.glue.ended("FAILED")
    world.move(lambda record: moves.synced(record, Commit("t", 1, 1), Counts(), at(4)))
    world.move(lambda record: moves.loaded(record, at(5)))
    assert world.troubles() == []


@pytest.mark.parametrize("state", [State.HELD, State.FAILED])
def test_a_feed_that_ended_otherwise_than_loaded_says_why(world: World, state: State) -> None:
    end = moves.held if state is State.HELD else moves.failed
    world.move(lambda record: end(record, "drift", "no column `price`", at(3)))
    assert world.troubles() == [
        f"{world.feed_id} (0001.csv) ended {state}: drift: no column `price`"
    ]


def test_a_part_of_the_stack_that_stopped_is_reported_with_the_end_of_its_log(
    world: World, tmp_path: Path
) -> None:
    log = tmp_path / "opensearch.log"
    log.write_text("java.lang.OutOfMemoryError: Java heap space\n", "utf-8")
    own = Record("events", os.getpid(), datetime.now(UTC).timestamp() - 10**6, str(log))
    world.stack.records = [Record("opensearch", own.pid, own.started, str(log))]
    [told] = world.troubles()
    assert told.startswith("opensearch of the stack has stopped.\n--- ")
    assert told.endswith("opensearch.log\njava.lang.OutOfMemoryError: Java heap space")


class Put(SampleFeed):
    """A sample feed whose upload is an entry in the ledger."""

    ledger: MemoryLedger
    entered: list[FeedRecord]

    def put(self, bucket: str) -> str:
        record = self.ledger.enter(feed(len(self.entered) + 1, self.mall_id))
        self.entered.append(record)
        return record.feed_id


@pytest.fixture
def malls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SampleMall]]:
    """Two malls, one of them with a second feed."""
    monkeypatch.setattr(show.CONSOLE, "_file", open(os.devnull, "w"))  # noqa: SIM115, PTH123
    Put.ledger, Put.entered = MemoryLedger(), []
    one, two, three = (Put(mall, ("feed.csv",), {}, {}) for mall in ("mall_a", "mall_b", "mall_a"))
    yield [
        SampleMall("mall_a", (one, three), frozenset(), {}),
        SampleMall("mall_b", (two,), frozenset(), {}),
    ]
    show.CONSOLE.file.close()


def test_the_demo_waits_no_longer_than_to_the_first_failed_run(
    malls: list[SampleMall], tmp_path: Path
) -> None:
    glue, ledger, said = Glue(), Put.ledger, []
    lookout = Lookout(cast(Stack, FakeStack(tmp_path)), ledger, glue, "load")

    def fails(there: list[FeedRecord]) -> bool:
        """The first feed's run fails while the other still waits for its own."""
        if not glue.runs:
            ledger.start_plan(plan("p1", there[0]), [there[0]])
            glue.ended("FAILED", ErrorMessage=MESSAGE)
            return False
        return bool(lookout.troubles(there))

    def following(ids: list[str]) -> list[FeedRecord | None]:
        return follow(ledger, ids, 60, in_vain=fails)  # type: ignore[arg-type]

    feeds, faults, troubles = samples.load_rounds("feeds", malls, following, lookout, said.append)
    assert said == ["round 1: 2 feeds uploaded"]
    assert [one.state for one in feeds] == ["RUNNING", "WAITING"]
    assert faults == []
    assert [MESSAGE in told for told in troubles] == [True]
