"""Runs that wake up after their successor, and runs that die until no try is left (`make faults`)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.local.kill import asleep_when, kill_when
from tests.local.walk import MALLS, Way, csv
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.timeout(2400)]

MALL = "daily_shop"


@pytest.fixture(scope="module")
def way(stack: Parts) -> Iterator[Way]:
    way = Way(stack)
    way.mallfeed("catalog", "publish", "--folder", str(MALLS))
    with way.impatient():
        yield way


@pytest.mark.parametrize("moment", ["prepared", "committed"])
def test_a_run_that_wakes_after_its_successors_writes_nothing(way: Way, moment: str) -> None:
    first = {"a": ("사과", 1000), "b": ("배", 2000)}
    second = {"b": ("배", 2500), "c": ("감", 3000)}
    run = way.put(MALL, f"{moment}_1.csv", csv(first))
    with asleep_when(way, run, moment) as wake:
        assert way.closed([run])[run].state == "LOADED"
        assert way.both(MALL) == first
        newer = way.put(MALL, f"{moment}_2.csv", csv(second))
        assert way.closed([newer])[newer].state == "LOADED"
        wake()
    assert way.both(MALL) == second
    feed = way.ledger.feed(run)
    assert feed is not None
    assert (feed.state, feed.attempt) == ("LOADED", 2)


def test_a_feed_whose_runs_always_die_fails_and_is_retried_by_a_person(way: Way) -> None:
    shelf = {"b": ("배", 2500), "c": ("감", 3000), "x": ("멜론", 12000)}  # no guard holds it
    run = way.put(MALL, "doomed.csv", csv(shelf))
    for attempt in range(3):
        kill_when(way, run, "claimed", after_attempt=attempt)
    feed = way.closed([run])[run]
    assert (feed.state, feed.code) == ("FAILED", "tries_exhausted")
    told = next(one for one in way.runs(MALL) if one["run"] == run)
    assert "tried 3 times" in told["message"]
    way.mallfeed("retry", run, "--why", "more memory", "--yes")
    assert way.in_state(run, "LOADED").tries == 0
    assert way.both(MALL) == shelf
    story = json.loads(way.mallfeed("run", run, "--json"))["events"]
    assert sum("ended as FAILED" in event["note"] for event in story) == 3
