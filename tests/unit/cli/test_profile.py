"""The profile of a run: its steps in order, from the start of the run, and whose time they were."""

from __future__ import annotations

from mallfeed.cli.profile import _bar, profile
from mallfeed.progress.steps import Span

SPANS = [
    Span("session", ("a", "b"), 100, 108),
    Span("prepare", ("a",), 108, 110),
    Span("prepare", ("b",), 109, 113),
    Span("commit", ("a", "b"), 115, 119),
]


def test_steps_stand_in_order_from_the_runs_begin() -> None:
    found = profile(SPANS, "a")
    assert [one["step"] for one in found["steps"]] == ["session", "prepare", "commit"]
    assert [(one["begin_s"], one["end_s"]) for one in found["steps"]] == [(0, 8), (8, 13), (15, 19)]
    assert found["steps"][1]["spans"] == [[8, 10], [9, 13]]
    assert (found["feeds"], found["wall_s"], found["until_s"]) == (2, 17, 19)


def test_the_parts_of_both_feeds_add_up_to_the_run() -> None:
    one, other = profile(SPANS, "a"), profile(SPANS, "b")
    assert one["own_s"] + other["own_s"] == one["wall_s"]
    assert [step["own_s"] for step in one["steps"]] == [4, 1.5, 2]


def test_a_run_without_steps_has_an_empty_profile() -> None:
    assert profile([], "a")["steps"] == []


def test_the_time_line_shows_each_span_where_it_is() -> None:
    assert _bar([[0, 10]], 20, 40) == "█" * 20
    assert _bar([[10, 20]], 20, 40) == " " * 20 + "█" * 20
    assert _bar([[20, 20]], 20, 40) == " " * 39 + "█"
    assert _bar([[0, 0]], 0, 40) == "█"
