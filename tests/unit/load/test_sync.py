"""Which changes bring a sink from its cursor to the head."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mallfeed.load.sync import Target, awaited, needed
from mallfeed.sinks.cursors import TableReplaced
from mallfeed.sinks.port import Cursor, MallLoad
from mallfeed.table.counts import Counts
from mallfeed.table.port import Changes, Commit, Staged
from tests.sink_rows import feed_load
from tests.twins.table import MemoryTable, deleted


def row(product_id: str, content_hash: str) -> dict[str, object]:
    return {"op": "U", "mall_id": "ab", "product_id": product_id, "content_hash": content_hash}


def staged(feed_id: str, *changes: dict[str, object], mall: str = "ab") -> Staged:
    return Staged(feed_id, mall, Counts(changed=len(changes)), list(changes))


def cursor(commit: Commit, epoch: int = 0) -> Cursor:
    return Cursor("ab", commit.table_uuid, commit.snapshot_id, commit.seq, epoch)


def target(table: MemoryTable, last: Staged | None = None, epoch: int = 0) -> Target:
    head = table.head()
    assert head is not None
    return Target(head, epoch, {}, {} if last is None else {"ab": (last, head)})


@pytest.fixture
def table() -> MemoryTable:
    return MemoryTable()


def test_without_a_cursor_everything_is_needed(table: MemoryTable) -> None:
    table.commit([staged("ab-1", row("1", "a"))])
    changes = needed(table, "ab", None, target(table))
    assert (changes.kind, [r["product_id"] for r in changes.frame]) == ("contents", ["1"])


def test_behind_its_own_commit_only_the_staged_changes_are_needed(table: MemoryTable) -> None:
    first = table.commit([staged("ab-1", row("1", "a"))])
    table.commit([staged("xy-1", row("9", "z"), mall="xy")])
    second = staged("ab-2", row("2", "b"))
    table.commit([second])
    changes = needed(table, "ab", cursor(first), target(table, second))
    assert changes.frame == second.changes
    assert changes.until == table.head()


def test_what_stays_in_the_table_only_is_taken_from_the_sinks(table: MemoryTable) -> None:
    first = table.commit([staged("ab-1", row("1", "a"), row("2", "a"))])
    second = staged("ab-2", {**row("1", "b"), "expired": True})
    table.commit([second])
    own = needed(table, "ab", cursor(first), target(table, second))
    compared = needed(table, "ab", cursor(first), target(table))
    assert own.frame == compared.frame == [deleted("ab", "1")]
    everything = needed(table, "ab", None, target(table))
    assert [one["product_id"] for one in everything.frame] == ["2"]


def test_of_a_malls_first_products_those_that_have_ended_are_left_out(table: MemoryTable) -> None:
    first = staged("ab-1", row("1", "a"), {**row("2", "a"), "expired": True})
    table.commit([first])
    changes = needed(table, "ab", None, target(table, first))
    assert (changes.kind, [one["product_id"] for one in changes.frame]) == ("contents", ["1"])


def test_two_commits_behind_the_snapshots_are_compared(table: MemoryTable) -> None:
    first = table.commit([staged("ab-1", row("1", "a"), row("2", "a"))])
    table.commit([staged("ab-2", row("1", "b"))])
    last = staged("ab-3", deleted("ab", "2"))
    table.commit([last])
    changes = needed(table, "ab", cursor(first), target(table, last))
    told = {r["product_id"]: r["op"] for r in changes.frame}
    assert (changes.kind, told) == ("difference", {"1": "U", "2": "D"})


def test_other_malls_commits_change_nothing_but_the_cursor(table: MemoryTable) -> None:
    first = table.commit([staged("ab-1", row("1", "a"))])
    table.commit([staged("xy-1", row("9", "z"), mall="xy")])
    changes = needed(table, "ab", cursor(first), target(table))
    assert (changes.kind, changes.frame, changes.until) == ("difference", [], table.head())


def test_an_expired_snapshot_under_the_cursor_means_everything(table: MemoryTable) -> None:
    first = table.commit([staged("ab-1", row("1", "a"))])
    table.commit([staged("ab-2", row("1", "b"))])
    table.expire()
    assert needed(table, "ab", cursor(first), target(table)).kind == "contents"


def test_a_recreated_table_stops_the_load_until_the_epoch_is_raised(table: MemoryTable) -> None:
    first = table.commit([staged("ab-1", row("1", "a"))])
    table.recreate()
    with pytest.raises(TableReplaced, match="raise the parameter table/epoch by one"):
        needed(table, "ab", cursor(first), target(table))
    assert needed(table, "ab", cursor(first), target(table, epoch=1)).kind == "contents"


def test_a_cursor_beyond_the_table_stops_the_load(table: MemoryTable) -> None:
    first = table.commit([staged("ab-1", row("1", "a"))])
    beyond = Cursor("ab", first.table_uuid, 999, first.seq + 5)
    with pytest.raises(TableReplaced, match="stands at sequence 6"):
        needed(table, "ab", beyond, target(table))


def test_a_sink_without_a_cursor_awaits_the_good_rows_of_a_full_feed() -> None:
    at = Commit("t", 1, 1)
    load = feed_load("ab", 1)
    whole = Changes("ab", "contents", [], at)
    counts = Counts(rows_read=9, accepted=7)
    full = MallLoad(whole, (replace(load, counts=counts),))
    delta = MallLoad(whole, (replace(load, counts=counts, mode="delta"),))
    staged_change = MallLoad(Changes("ab", "difference", [], at, 3), (load,))
    assert [awaited([one])["ab"] for one in (full, delta, staged_change)] == [7, None, 3]
