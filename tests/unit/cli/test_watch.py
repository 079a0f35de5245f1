"""Feeds followed live: a table on a terminal, lines elsewhere, only what the current run reports."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence

import pytest
from rich.console import Console

from mallfeed.cli import progress_view, show
from mallfeed.cli import watch as watching
from mallfeed.cli.progress_view import line, progress_table
from mallfeed.cli.watch import Screen, follow, watch
from mallfeed.ledger import moves
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.progress.model import FeedProgress, SinkProgress
from mallfeed.progress.store import NoProgress
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit
from tests.unit.ledger.records import at, feed

INDEX = "opensearch/products-000001"


def running(number: int = 1, **changes: object) -> FeedRecord:
    values = {"state": State.RUNNING, "plan_id": "p1", "job_run_id": "jr_1", **changes}
    return feed(number, **values)


def progress(record: FeedRecord, **told: object) -> FeedProgress:
    values = {"feed_id": record.feed_id, "job_run_id": "jr_1", "attempt": 1, "at": at(1), **told}
    return FeedProgress.model_validate(values)


def shown(table: object, width: int = 120) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(table)
    return out.getvalue()


def test_each_count_stands_beside_what_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_view.CONSOLE, "_width", 120)
    record = running(state=State.SYNCING)
    told = progress(
        record, steps=(INDEX, "redshift"), rows_read=1000, share_read=1.0, to_commit=20, committed=20,
        sinks={INDEX: SinkProgress(sent=5, of=20), "redshift": SinkProgress(sent=3)},
    )  # fmt: skip
    text = shown(progress_table([record], {record.feed_id: told}, at(3)))
    for piece in ("loading opensearch, loading redshift", "1,000 rows", "20 of 20", "5 of 20",
                  "3 documents", "━━━━", "120"):  # fmt: skip
        assert piece in text
    monkeypatch.setattr(progress_view.CONSOLE, "_width", 80)
    narrow = shown(progress_table([record], {record.feed_id: told}, at(3)), 80)
    assert "━╺" not in narrow
    assert "5 of 20" in narrow


def test_two_indices_are_distinguished() -> None:
    record = running(state=State.SYNCING)
    sinks = {name: SinkProgress(of=1) for name in (INDEX, "opensearch/products-000002")}
    told = line(record, progress(record, steps=tuple(sinks), sinks=sinks))
    assert "loading opensearch/products-000001, loading opensearch/products-000002" in told


def test_what_an_earlier_run_reported_is_not_shown() -> None:
    record = running(job_run_id="jr_2")
    told = progress(record, steps=("prepare",), rows_read=77)
    assert line(record, told) == f"{record.feed_id} RUNNING: its run has begun"
    given_back = feed(1)
    assert line(given_back, told) == f"{given_back.feed_id} WAITING: waits for its turn"


def test_a_waiting_feed_says_what_it_waits_for() -> None:
    assert "waits for its Glue run" in line(running(job_run_id=None), None)
    assert "try 1 of 3" in line(feed(1, message="try 1 of 3 failed"), None)


def test_a_finished_feed_shows_its_final_counts() -> None:
    counts = Counts(rows_read=1000, accepted=990, changed=12, rejected=10)
    done = feed(1, state=State.LOADED, finished_at=at(5), counts=counts)
    expected = "1,000 rows read, 990 loaded, 12 changed, 0 deleted, 10 rejected"
    assert expected in line(done, None)
    held = feed(1, state=State.HELD, code="drift", message="no column `price`")
    assert line(held, None).endswith("HELD: drift: no column `price`")


class Told:
    """Progress that the test sets."""

    def __init__(self) -> None:
        self.now: dict[str, FeedProgress] = {}

    def of(self, feeds: Iterable[FeedRecord]) -> dict[str, FeedProgress]:
        return {one.feed_id: self.now[one.feed_id] for one in feeds if one.feed_id in self.now}


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What goes to a file, not to a terminal."""
    stream = io.StringIO()
    monkeypatch.setattr(show.CONSOLE, "_file", stream)
    monkeypatch.setattr(show.CONSOLE, "_width", 160)
    return stream


def test_without_a_terminal_there_is_a_line_for_each_change(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: now[0])
    told, record = Told(), running()
    with Screen(told) as screen:
        screen.show([feed(1)])
        for second in (1, 2, 3, 4):
            now[0] = float(second)
            told.now[record.feed_id] = progress(record, steps=("prepare",), rows_read=second)
            screen.show([record])
            screen.show([record])
    said = [text.split(" ", 1)[1] for text in out.getvalue().splitlines()]
    assert [text.rsplit("; ", 1)[-1] for text in said] == [
        f"{record.feed_id} WAITING: waits for its turn", "read 1 rows", "read 3 rows",
    ]  # fmt: skip


def to(ledger: MemoryLedger, feed_id: str, move: Callable[[FeedRecord], FeedRecord]) -> None:
    record = ledger.feed(feed_id)
    assert record is not None
    ledger.update(record, move(record))


def steps_to_loaded(ledger: MemoryLedger, feed_id: str) -> list[Callable[[], None]]:
    """What a run does, one move at a time."""
    moved = moves.moved
    return [
        lambda: to(ledger, feed_id, lambda r: moved(r, at(2), State.RUNNING, "x", plan_id="p")),
        lambda: to(ledger, feed_id, lambda r: moves.claimed(r, "jr_1", at(3))),
        lambda: to(ledger, feed_id, lambda r: moves.synced(r, Commit("t", 1, 1), Counts(), at(4))),
        lambda: to(ledger, feed_id, lambda r: moves.loaded(r, at(5))),
    ]


def test_watching_until_done_ends_when_nothing_is_open(out: io.StringIO) -> None:
    ledger = MemoryLedger()
    first = ledger.enter(feed(1, "mall_a"))
    ledger.enter(feed(1, "mall_b"))
    left = steps_to_loaded(ledger, first.feed_id)
    watch(ledger, NoProgress(), "mall_a", 30, until_done=True, wait=lambda _s: left.pop(0)())
    assert left == []
    states = [text.split()[2] for text in out.getvalue().splitlines() if first.feed_id in text][:4]
    assert states == ["WAITING:", "RUNNING:", "SYNCING:", "LOADED:"]
    assert "mall_b" not in out.getvalue()


def test_watching_goes_on_until_ctrl_c_and_leaves_the_table(out: io.StringIO) -> None:
    ledger = MemoryLedger()
    ledger.enter(feed(1))
    looks = iter([None, None, KeyboardInterrupt()])

    def wait(_seconds: float) -> None:
        if (what := next(looks)) is not None:
            raise what

    watch(ledger, NoProgress(), None, 30, until_done=False, wait=wait)
    assert next(looks, "all seen") == "all seen"
    assert out.getvalue().count(feed(1).feed_id) == 2


def test_ctrl_c_during_the_first_look_ends_it_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = MemoryLedger()

    def interrupted() -> list[FeedRecord]:
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger, "open_feeds", interrupted)
    watch(ledger, NoProgress(), None, 30, until_done=False)


def test_as_json_there_is_a_document_for_each_change(out: io.StringIO) -> None:
    ledger = MemoryLedger()
    first = ledger.enter(feed(1))
    left = steps_to_loaded(ledger, first.feed_id)
    watch(ledger, NoProgress(), None, 30, True, as_json=True, wait=lambda _s: left.pop(0)())
    told = [json.loads(text) for text in out.getvalue().splitlines()]
    assert [one["state"] for one in told] == ["WAITING", "RUNNING", "SYNCING", "LOADED"]


def test_following_gives_up_after_its_time(
    out: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = MemoryLedger()
    waiting = ledger.enter(feed(1))
    assert follow(ledger, [waiting.feed_id], timeout_s=-1) == [waiting]
    assert follow(ledger, ["mall_z-0000000000000000"], timeout_s=-1, quiet=True) == [None]
    assert "Not done after" in capsys.readouterr().err


def test_following_ends_quietly_when_waiting_is_in_vain(
    out: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = MemoryLedger()
    waiting = ledger.enter(feed(1))
    asked: list[list[str]] = []

    def in_vain(there: Sequence[FeedRecord]) -> bool:
        asked.append([one.feed_id for one in there])
        return True

    ids = [waiting.feed_id, "mall_z-0000000000000000"]
    assert follow(ledger, ids, timeout_s=60, in_vain=in_vain) == [waiting, None]
    assert asked == [[waiting.feed_id]]
    assert "Not done" not in capsys.readouterr().err
