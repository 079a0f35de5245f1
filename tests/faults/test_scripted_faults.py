"""Scripted faults over the real ledger and both real sinks: each ends as the oracle says.

Those that the model would not meet by itself, because they happen in a service; what happens on the
wire is in test_wire_faults. The short ones are part of every test run; the others are run by
`make faults`, as are those of the whole stack (tests/local/faults).
"""

from __future__ import annotations

import threading

import pytest

from mallfeed.errors import SinkUnavailable
from mallfeed.ledger.states import State
from mallfeed.plan.dispatch import dispatch
from mallfeed.plan.runs import RunNotStarted
from tests.faults.conftest import Scene
from tests.faults.proxy import storm
from tests.faults.scripted import CHANGES, FIRST, OTHER, SECOND, SHOP, ends_well, loaded_first

pytestmark = pytest.mark.sinks


@pytest.mark.faults
@pytest.mark.parametrize("effects", range(4))
def test_a_job_that_dies_around_its_sinks_is_repaired(scene: Scene, effects: int) -> None:
    loaded_first(scene)
    scene.world.arrive(SHOP, 2, False, CHANGES, False)
    scene.world.dispatch()
    scene.world.faults.seen.clear()
    # Past the engine's and the table's effects: before and after each of the two sinks.
    scene.world.run(5 + effects)
    assert scene.world.dead
    ends_well(scene)


def test_a_zombie_that_wakes_after_its_successors_writes_nothing(scene: Scene) -> None:
    loaded_first(scene)
    scene.world.arrive(SHOP, 2, True, SECOND, False)
    scene.world.dispatch()
    scene.world.run(5)
    scene.world.settle()
    scene.world.arrive(SHOP, 3, True, FIRST, False)
    scene.world.settle()
    before = scene.world.in_redshift.query("SELECT * FROM mall_state ORDER BY mall_id")
    scene.world.wake_zombie()
    assert scene.world.in_redshift.query("SELECT * FROM mall_state ORDER BY mall_id") == before
    ends_well(scene)


@pytest.mark.faults
def test_expired_tombstones_let_nothing_back(scene: Scene) -> None:
    index = scene.world.in_opensearch
    index.client.indices.put_settings(index=index.index, body={"index.gc_deletes": "0s"})
    loaded_first(scene)
    scene.world.arrive(SHOP, 3, False, (("D", "p1", 0), ("D", "p2", 0)), False)
    scene.world.settle()
    index.client.indices.refresh(index=index.index)
    scene.world.arrive(SHOP, 2, False, (("U", "p1", 1), ("U", "p4", 4)), False)
    ends_well(scene)


def test_an_expired_snapshot_under_a_cursor_means_a_full_synchronisation(scene: Scene) -> None:
    loaded_first(scene)
    scene.opensearch.plan = storm(10**9, 503)
    scene.world.arrive(SHOP, 2, True, SECOND, False)
    scene.world.dispatch()
    scene.world.run(None)
    scene.world.table.expire()
    ends_well(scene)


@pytest.mark.faults
def test_a_recreated_table_stops_the_sinks_until_the_epoch_is_raised(scene: Scene) -> None:
    loaded_first(scene)
    scene.world.table.recreate()
    scene.world.arrive(SHOP, 2, True, SECOND, False)
    scene.world.dispatch()
    scene.world.run(None)
    (newest, *_) = scene.world.told(SHOP)
    assert newest["state"] == "SYNCING"
    assert "table/epoch" in scene.world.story(newest["run"])
    scene.world.epoch += 1
    ends_well(scene)


@pytest.mark.faults
def test_an_empty_full_feed_is_held_and_once_released_empties_the_mall(scene: Scene) -> None:
    loaded_first(scene)
    scene.world.arrive(SHOP, 2, True, (), False)
    scene.world.dispatch()
    scene.world.run(None)
    (newest, *_) = scene.world.told(SHOP)
    assert (newest["state"], newest["code"]) == ("HELD", "guard_fewest_rows")
    assert len(scene.world.in_opensearch.prices(SHOP)) == 8
    scene.world.release(newest["run"])
    ends_well(scene)
    assert scene.world.in_opensearch.prices(SHOP) == {}
    assert len(scene.world.in_opensearch.prices(OTHER)) == 2


def test_a_held_delta_holds_its_followers_back_until_it_is_dropped(scene: Scene) -> None:
    loaded_first(scene)
    scene.world.arrive(SHOP, 2, False, (("U", "p1", 1),), True)
    scene.world.arrive(SHOP, 3, False, (("U", "p2", 2),), False)
    scene.world.arrive(SHOP, 4, False, (("D", "p2", 0),), False)
    for _ in range(4):
        scene.world.dispatch()
        scene.world.run(None)
    states = [one["state"] for one in scene.world.told(SHOP)]
    assert states == ["WAITING", "WAITING", "HELD", "LOADED"]
    ends_well(scene)


@pytest.mark.faults
def test_a_newer_full_feed_passes_a_held_delta_and_what_waits_behind_it(scene: Scene) -> None:
    loaded_first(scene)
    scene.world.arrive(SHOP, 2, False, (("U", "p1", 1),), True)
    scene.world.arrive(SHOP, 3, False, (("U", "p2", 2),), False)
    scene.world.dispatch()
    scene.world.run(None)
    scene.world.arrive(SHOP, 4, True, SECOND, False)
    for _ in range(3):
        scene.world.dispatch()
        scene.world.run(None)
    states = {one["state"] for one in scene.world.told(SHOP)}
    assert states == {"LOADED", "SUPERSEDED"}
    del scene.world.said[scene.world.feed_id(SHOP, 2)]  # overtaken, not dropped
    ends_well(scene)


@pytest.mark.faults
def test_repeated_and_reordered_events_end_in_order(scene: Scene) -> None:
    feeds = [(1, True, FIRST), (2, False, CHANGES), (3, False, (("U", "p1", 3),)),
             (4, True, SECOND), (5, False, (("D", "p5", 0),))]  # fmt: skip
    for place, full, rows in [*feeds[::-1], *feeds, *feeds[::2]]:
        scene.world.arrive(SHOP, place, full, rows, False)
        scene.world.dispatch()
        scene.world.run(None)
    ends_well(scene)
    assert len(scene.world.told(SHOP)) == 5


@pytest.mark.faults
def test_a_late_full_feed_is_superseded_and_a_late_delta_goes_into_its_place(scene: Scene) -> None:
    loaded_first(scene)
    scene.world.arrive(SHOP, 5, True, SECOND, False)
    scene.world.settle()
    scene.world.arrive(SHOP, 8, False, (("U", "p4", 8), ("U", "p8", 8)), False)
    scene.world.settle()
    scene.world.arrive(SHOP, 3, True, FIRST, False)
    scene.world.arrive(SHOP, 7, False, (("U", "p4", 7), ("D", "p9", 0)), False)
    ends_well(scene)
    late = scene.world.told(SHOP)
    assert [one["state"] for one in late].count("SUPERSEDED") == 1
    assert scene.world.in_opensearch.prices(SHOP)["p4"] == 8


@pytest.mark.faults
def test_two_dispatchers_at_once_start_each_feed_once(scene: Scene) -> None:
    world = scene.world
    for mall in range(6):
        world.arrive(f"mall_{mall}", 1, True, FIRST[:2], False)
    barrier = threading.Barrier(3)

    def one() -> None:
        barrier.wait()
        dispatch(world.ledger, world.runs, world.limits, world.now)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [feed_id for plan in world.runs.plans.values() for feed_id in plan.feed_ids]
    assert len(taken) == len(set(taken))
    scene.world.settle()
    scene.world.check()
    assert all(len(world.told(f"mall_{mall}")) == 1 for mall in range(6))


@pytest.mark.faults
def test_a_glue_that_starts_nothing_uses_up_no_try(scene: Scene) -> None:
    loaded_first(scene)

    def busy(_plan: object) -> None:
        raise RunNotStarted("ConcurrentRunsExceededException", busy=True)

    scene.world.runs.refuse = busy
    scene.world.arrive(SHOP, 2, False, CHANGES, False)
    for _ in range(6):
        scene.world.dispatch()
        scene.world.wait(60)
    record = scene.world.ledger.feed(scene.world.told(SHOP)[0]["run"])
    assert record is not None
    assert (record.state, record.tries) == (State.WAITING, 0)
    assert "ConcurrentRunsExceeded" in scene.world.story(record.feed_id)
    scene.world.runs.refuse = None
    ends_well(scene)


@pytest.mark.faults
def test_a_start_whose_answer_is_lost_is_found_and_not_started_again(scene: Scene) -> None:
    loaded_first(scene)
    started = len(scene.world.runs.plans)
    scene.world.runs.lose_answer = SinkUnavailable("the answer is lost")
    scene.world.arrive(SHOP, 2, False, CHANGES, False)
    scene.world.dispatch()
    scene.world.runs.lose_answer = None
    scene.world.wait(60)
    ends_well(scene)
    assert len(scene.world.runs.plans) == started + 1


def test_sinks_that_were_spoilt_by_hand_are_repaired_by_the_nightly_run(scene: Scene) -> None:
    world = scene.world
    loaded_first(scene)
    world.dispatch()
    index, tables = world.in_opensearch, world.in_redshift
    for identifier in (f"{SHOP}:p1", f"{SHOP}:p2"):
        index.client.delete(index=index.index, id=identifier)
    stranger = index.documents(SHOP)["p3"] | {"product_id": "stranger", "content_hash": "0" * 64}
    index.client.index(
        index=index.index, id=f"{SHOP}:stranger", body=stranger, version=1,
        version_type="external_gte",
    )  # fmt: skip
    tables.query(f"DELETE FROM products WHERE mall_id = '{SHOP}' AND product_id = 'p4'")
    tables.query(
        f"UPDATE products SET price = 1, content_hash = 'gone wrong' "
        f"WHERE mall_id = '{SHOP}' AND product_id = 'p5'"
    )
    night = world.maintain(None)
    assert night is not None
    found = {(one.sink, one.mall_id): one for one in night.compared}
    in_index = next(one for (sink, mall), one in found.items() if "index" in sink and mall == SHOP)
    in_tables = next(one for (sink, mall), one in found.items() if "ware" in sink and mall == SHOP)
    assert (in_index.missing, in_index.different, in_index.extra) == (2, 0, 1)
    assert (in_tables.missing, in_tables.different, in_tables.extra) == (1, 1, 0)
    assert all(one.agreed for one in night.compared if one.mall_id == OTHER)
    ends_well(scene)
    again = world.maintain(None)
    assert again is not None
    assert all(one.agreed for one in again.compared)
