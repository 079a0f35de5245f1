"""kill -9 of the Glue job at each moment of its work, one moment per feed (`make faults`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle

import pytest

from tests.local.kill import MOMENTS, kill_when
from tests.local.walk import MALLS, Way, csv
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.timeout(2400)]

MALL = "killed_shop"
SHELVES = cycle(
    [
        {f"p{n}": (f"상품 {n}", 1000 + n) for n in range(60)},
        {f"p{n}": (f"상품 {n}", 1000 + n + n % 3) for n in range(20, 80)},
    ]
)


@pytest.fixture(scope="module")
def way(stack: Parts) -> Iterator[Way]:
    """The stack with a first full feed loaded."""
    way = Way(stack)
    way.mallfeed("catalog", "publish", "--folder", str(MALLS))
    with way.impatient():
        first = way.put(MALL, "full_0.csv", csv(next(SHELVES)))
        assert way.closed([first])[first].state == "LOADED"
        yield way


@pytest.mark.parametrize("moment", MOMENTS)
def test_both_sinks_end_as_if_the_job_had_lived(way: Way, moment: str) -> None:
    shelf = next(SHELVES)
    run = way.put(MALL, f"full_{list(MOMENTS).index(moment) + 1}.csv", csv(shelf))
    killed = kill_when(way, run, moment)
    feed = way.closed([run])[run]
    assert (feed.state, feed.attempt) == ("LOADED", 2)
    assert way.both(MALL) == shelf
    assert len(way.sql("select 1 from feed_loads where feed_id = %s", run)) == 1
    story = json.loads(way.mallfeed("run", run, "--json"))["events"]
    assert any(killed in event["note"] and "without finishing" in event["note"] for event in story)
    assert way.dead_letters() == []
