"""How time is divided when feeds and steps share a run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.progress.steps import Span, own_seconds, step_seconds, wall_seconds


def test_a_step_of_one_feed_is_its_own() -> None:
    assert own_seconds([Span("prepare", ("a",), 10, 14)]) == {"a": {"prepare": 4}}


def test_feeds_side_by_side_share_the_time_evenly() -> None:
    spans = [Span("compare", ("a",), 0, 10), Span("compare", ("b",), 4, 10)]
    assert own_seconds(spans) == {"a": {"compare": 7}, "b": {"compare": 3}}


def test_a_step_of_many_feeds_is_split_by_what_each_changes() -> None:
    spans = [Span("commit", ("a", "b"), 0, 8)]
    assert own_seconds(spans, {"a": 3.0}) == {"a": {"commit": 6}, "b": {"commit": 2}}


def test_both_sinks_at_once_take_the_time_once() -> None:
    spans = [Span("opensearch", ("a",), 0, 10), Span("redshift", ("a",), 0, 4)]
    assert own_seconds(spans) == {"a": {"opensearch": 8, "redshift": 2}}
    assert step_seconds(spans) == {"opensearch": 8, "redshift": 2}


def test_pauses_belong_to_nobody() -> None:
    spans = [Span("prepare", ("a",), 0, 1), Span("compare", ("a",), 3, 5)]
    assert own_seconds(spans) == {"a": {"prepare": 1, "compare": 2}}
    assert wall_seconds(spans) == 3


moments = st.integers(0, 50)
spans = st.lists(
    st.builds(
        lambda step, feeds, begin, length: Span(step, tuple(feeds), begin, begin + length),
        st.sampled_from(["prepare", "compare", "commit"]),
        st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True),
        moments,
        st.integers(0, 20),
    ),
    max_size=12,
)


@given(spans, st.dictionaries(st.sampled_from("abc"), st.floats(0, 100)))
def test_all_feeds_seconds_together_are_the_time_in_which_anything_was_done(
    found: list[Span], weights: dict[str, float]
) -> None:
    together = sum(sum(steps.values()) for steps in own_seconds(found, weights).values())
    assert together == pytest.approx(wall_seconds(found), abs=1e-6)
    assert sum(step_seconds(found).values()) == pytest.approx(wall_seconds(found), abs=1e-6)
