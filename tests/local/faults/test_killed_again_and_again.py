"""kill -9 of the Glue job, again and again while one feed is on its way: nothing is lost or doubled (`make faults`)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.local.kill import kill_when, nothing_twice
from tests.local.walk import MALLS, Way, csv
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.faults, pytest.mark.timeout(2400)]

BEFORE = {f"p{n}": (f"상품 {n}", 1000 + n) for n in range(20)}
AFTER = {
    **{f"p{n}": (f"상품 {n}", 1000 + n) for n in range(5, 15)},
    **{f"p{n}": (f"상품 {n} 할인", 900 + n) for n in range(15, 20)},
    **{f"q{n}": (f"새 상품 {n}", 2000 + n) for n in range(7)},
}
CHANGES = {"p0": ("바뀐 상품", 7, "U"), "p1": ("", "", "D"), "z": ("더한 상품", 8, "I")}
CHANGED = {
    **{name: row for name, row in BEFORE.items() if name not in ("p0", "p1")},
    "p0": ("바뀐 상품", 7),
    "z": ("더한 상품", 8),
}
KILLED_SHOPS = ("killed_again_shop", "killed_delta_shop")


@pytest.fixture(scope="module")
def way(stack: Parts) -> Iterator[Way]:
    """The stack with both malls' first full feeds loaded."""
    way = Way(stack)
    way.mallfeed("catalog", "publish", "--folder", str(MALLS))
    with way.impatient():
        with way.gathered(KILLED_SHOPS) as told:
            runs = [way.put(mall, "full_1.csv", csv(BEFORE)) for mall in KILLED_SHOPS]
            for run in runs:
                told(run)
        assert {feed.state for feed in way.closed(runs).values()} == {"LOADED"}
        yield way


def test_a_job_killed_again_and_again_ends_as_if_it_had_lived(way: Way) -> None:
    with way.gathered(KILLED_SHOPS) as told:
        full = way.put("killed_again_shop", "full_2.csv", csv(AFTER))
        delta = way.put("killed_delta_shop", "changes_2.csv", csv(CHANGES, op=True))
        told(full)
        told(delta)
    attempt, killed = 0, []
    for moment in ("claimed", "staged", "committed", "warehouse moved"):
        killed.append(kill_when(way, full, moment, after_attempt=attempt))
        feed = way.ledger.feed(full)
        assert feed is not None
        attempt = feed.attempt
    feeds = way.closed([full, delta])
    assert [feeds[run].state for run in (full, delta)] == ["LOADED", "LOADED"]
    assert way.both("killed_again_shop") == AFTER
    assert way.both("killed_delta_shop") == CHANGED
    assert len(set(killed)) == 4
    nothing_twice(way, full, 12)
    nothing_twice(way, delta, 2)
    _told(way, full, killed)
    assert way.dead_letters() == []


def _told(way: Way, run: str, killed: list[str]) -> None:
    """`mallfeed run` lists every run that died."""
    story = json.loads(way.mallfeed("run", run, "--json"))["events"]
    notes = "\n".join(event["note"] for event in story)
    for job_run in killed:
        assert job_run in notes, notes
