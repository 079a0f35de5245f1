"""Verdicts and the table of the benchmark, from samples made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import table, targets
from benchmarks.machine import Machine
from benchmarks.samples import Facts, Sample, Samples

MACHINE = Machine(2, "a processor", 24, "1g", "2g", 0.1, "2026-11-23 20:00 UTC")
SIZES = {"rows": 1_000_000, "hundred": 100_000, "big": 3_000_000, "malls": 200, "small_rows": 1000}


def samples(
    *found: tuple[str, str, float | None] | tuple[str, str, float | None, Facts],
) -> Samples:
    """Samples in the order given; without seconds = a fault."""
    made = Samples(MACHINE, SIZES)
    for work, who, seconds, *facts in found:
        number = len(made.of(work, who)) + 1
        fault = None if seconds is not None else "it broke"
        made.all.append(Sample(work, who, number, seconds, *facts, fault=fault))
    return made


def row(work: str, of: Samples) -> targets.Row:
    """The work's row."""
    return next(one for one in targets.rows(of) if one.work == work)


def test_the_medians_decide_not_the_best_or_worst_round() -> None:
    ours = [("first", "ours", seconds) for seconds in (100.0, 900.0, 110.0)]
    peer = [("first", "peer_a", seconds) for seconds in (120.0, 50.0, 121.0)]
    found = row("first", samples(*ours, *peer))
    assert found.verdict == "met"
    assert found.bars[0].figure == pytest.approx(110 / 120)


@pytest.mark.parametrize(
    ("work", "peer", "peers_work", "most"),
    [
        ("first", "peer_a", "first", 1.0),
        ("first_100k", "peer_b", "first_100k", 0.7),
        ("next_day", "peer_a", "next_day", 1 / 5),
        ("other_order", "peer_a", "next_day", 1 / 7),
    ],
)
def test_a_ratio_above_its_bar_is_missed(
    work: str, peer: str, peers_work: str, most: float
) -> None:
    def verdict(seconds: float) -> str:
        facts: Facts = {"documents_written": 0}
        of = samples((work, "ours", seconds, facts), (peers_work, peer, 100.0))
        return row(work, of).verdict

    assert verdict(most * 100 - 0.1) == "met"
    assert verdict(most * 100 + 0.1) == "missed"


def test_one_document_written_for_another_order_is_too_many() -> None:
    peer = ("next_day", "peer_a", 100.0)
    first = ("other_order", "ours", 5.0, {"documents_written": 0})
    again = ("other_order", "ours", 5.0, {"documents_written": 1})
    assert row("other_order", samples(first, first, peer)).verdict == "met"
    assert row("other_order", samples(first, again, peer)).verdict == "missed"


def test_a_run_for_the_same_bytes_is_too_many() -> None:
    assert (
        row("same_bytes", samples(("same_bytes", "ours", 1.0, {"glue_runs": 0}))).verdict == "met"
    )
    missed = samples(("same_bytes", "ours", 1.0, {"glue_runs": 1}))
    assert row("same_bytes", missed).verdict == "missed"


def test_three_times_the_products_are_held_against_the_same_day_of_the_smaller() -> None:
    fits = samples(("next_day", "ours", 30.0), ("big", "ours", 96.0))
    slow = samples(("next_day", "ours", 30.0), ("big", "ours", 96.1))
    assert (row("big", fits).verdict, row("big", slow).verdict) == ("met", "missed")


@pytest.mark.parametrize(
    ("runs", "dpu_seconds", "seconds", "verdict"),
    [
        (2, 799.0, 240.0, "met"),
        (3, 799.0, 240.0, "missed"),
        (2, 801.0, 240.0, "missed"),
        (2, 799.0, 240.1, "missed"),
    ],
)
def test_small_feeds_share_runs_and_money_and_are_there_in_time(
    runs: int, dpu_seconds: float, seconds: float, verdict: str
) -> None:
    alone = ("thousand", "ours", 15.0, {"dpu_seconds": 40.0})
    facts: Facts = {"glue_runs": runs, "dpu_seconds": dpu_seconds}
    assert (
        row("small_feeds", samples(alone, ("small_feeds", "ours", seconds, facts))).verdict
        == verdict
    )


def test_a_contestant_that_loads_wrong_once_gets_no_time() -> None:
    ours = ("first", "ours", 1.0)
    of = samples(ours, ours, ("first", "peer_a", 100.0), ("first", "peer_a", None))
    assert of.median("first", "peer_a") is None
    assert row("first", of).verdict == "failed"
    assert "it broke" in row("first", of).note


def test_what_was_not_tried_is_neither_met_nor_missed() -> None:
    assert {one.verdict for one in targets.rows(samples())} == {"not measured"}


def test_a_try_that_fails_is_kept_and_the_next_one_goes_on() -> None:
    of = samples()
    written: list[int] = []
    of.changed = lambda now: written.append(len(now.all))

    def fails() -> tuple[float, Facts]:
        raise ValueError("no such index")

    assert of.measure("first", "ours", 1, fails).fault == "ValueError: no such index"
    assert of.measure("first", "ours", 2, lambda: (3.0, {})).seconds == 3.0
    assert written == [1, 2]


def test_the_table_replaces_the_one_between_the_marks(tmp_path: Path) -> None:
    of = samples(("thousand", "ours", 15.25))
    document = tmp_path / "benchmarks.md"
    document.write_text(f"before\n{table.BEGIN}\nan older table\n{table.END}\nafter\n", "utf-8")
    for _ in range(2):
        table.put_into(document, table.markdown(targets.rows(of), of))
    text = document.read_text("utf-8")
    assert "older" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert text.count("| 1,000 rows, put to searchable, warm stack | 15.2 |") == 1
    assert "2 cores (a processor), 24 GiB; OpenSearch heap 1g, Spark driver 2g" in text
