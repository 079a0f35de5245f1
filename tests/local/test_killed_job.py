"""kill -9 of the Glue job between table and sinks: another run goes on from there.

Every other moment, and one feed whose runs are killed again and again, are tried by `make faults` (tests/local/faults/).
"""

from __future__ import annotations

import json

import pytest

from tests.local.kill import kill_when, nothing_twice
from tests.local.walk import MALLS, Way, csv
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]

MALL = "killed_shop"
PRODUCTS = {f"p{n}": (f"상품 {n}", 1000 + n) for n in range(20)}


def test_a_job_killed_when_it_has_committed_ends_as_if_it_had_lived(stack: Parts) -> None:
    way = Way(stack)
    way.mallfeed("catalog", "publish", "--folder", str(MALLS))
    with way.impatient():
        run = way.put(MALL, "full_1.csv", csv(PRODUCTS))
        killed = kill_when(way, run, "committed")
        feed = way.closed([run])[run]
    assert (feed.state, feed.attempt) == ("LOADED", 2)
    assert way.both(MALL) == PRODUCTS
    nothing_twice(way, run, len(PRODUCTS))
    story = json.loads(way.mallfeed("run", run, "--json"))["events"]
    assert any(killed in event["note"] and "without finishing" in event["note"] for event in story)
    assert way.dead_letters() == []
