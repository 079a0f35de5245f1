"""Faults on the wire to both sinks, scripted, over the real ones: each ends as the oracle says.

The short ones are part of every test run; the others are run by `make faults`.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from mallfeed.errors import SinkUnavailable
from tests.faults.conftest import Scene
from tests.faults.proxy import (
    Plan,
    items_fail,
    not_json,
    resets,
    storm,
)
from tests.faults.scripted import CHANGES, SECOND, SHOP, ends_well, loaded_first

pytestmark = pytest.mark.sinks


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(storm(9, 429), id="429 storm"),
        pytest.param(items_fail(4, every=2, status=503), id="single items 503"),
        pytest.param(resets(3, after_forwarding=True), id="answers lost"),
        pytest.param(storm(5, 503), id="503", marks=pytest.mark.faults),
        pytest.param(storm(5, 502), id="502", marks=pytest.mark.faults),
        pytest.param(items_fail(4, every=1, status=429), id="items 429", marks=pytest.mark.faults),
        pytest.param(resets(3, after_forwarding=False), id="reset", marks=pytest.mark.faults),
        pytest.param(not_json(3), id="a gateway's page", marks=pytest.mark.faults),
    ],
)
def test_a_short_failure_of_opensearch_costs_nothing(scene: Scene, plan: Plan) -> None:
    loaded_first(scene)
    scene.opensearch.seen.clear()
    scene.opensearch.plan = plan
    scene.world.arrive(SHOP, 2, True, SECOND, False)
    scene.world.dispatch()
    scene.world.run(None)
    assert len(scene.opensearch.seen) > 3
    assert scene.world.told(SHOP)[0]["state"] == "LOADED"
    ends_well(scene)


def test_opensearch_down_for_longer_than_all_retries_leaves_the_feed_syncing(scene: Scene) -> None:
    loaded_first(scene)
    scene.opensearch.plan = storm(10**9, 503)
    scene.world.arrive(SHOP, 2, False, CHANGES, False)
    scene.world.dispatch()
    scene.world.run(None)
    (newest, *_) = scene.world.told(SHOP)
    assert newest["state"] == "SYNCING"
    assert scene.world.in_redshift.prices(SHOP)["new"] == 9
    assert "new" not in scene.world.in_opensearch.prices(SHOP)
    assert "SinkUnavailable" in scene.world.story(newest["run"])
    scene.world.arrive(SHOP, 3, True, SECOND, False)
    ends_well(scene)


def test_opensearch_stopped_in_the_middle_of_a_bulk_is_repaired_by_the_next_run(
    scene: Scene,
) -> None:
    loaded_first(scene)
    scene.opensearch.seen.clear()
    scene.opensearch.plan = lambda request, forward: (
        forward() if request.number < 2 else storm(10**9, 503)(request, forward)
    )
    scene.world.arrive(SHOP, 2, True, SECOND, False)
    scene.world.dispatch()
    scene.world.run(None)
    index = scene.world.in_opensearch
    index.client.indices.refresh(index=index.index)
    prices = index.prices(SHOP)
    assert set(prices.values()) & set(range(200, 220)), "something of the feed is in"
    assert set(prices.values()) & set(range(100, 120)), "and something is not"
    ends_well(scene)


class Spoilt:
    """A Data API that fails as scripted, in front of the real one."""

    def __init__(self, real: Any, faults: list[Any]) -> None:
        self._real, self._faults = real, faults

    def run(self, statements: Any, token: str, name: str = "mallfeed") -> Any:
        if not self._faults:
            return self._real.run(statements, token, name)
        fault = self._faults.pop(0)
        if isinstance(fault, str):
            return self._real.run([*statements, fault], token, name)
        if fault is None:
            self._real.run(statements, token, name)
            raise SinkUnavailable("the answer is lost")
        raise fault

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def spoil(scene: Scene, *faults: Any) -> None:
    scene.world.redshift._data = Spoilt(scene.world.redshift._data, list(faults))


def test_a_warehouse_transaction_aborted_at_its_end_leaves_nothing(scene: Scene) -> None:
    loaded_first(scene)
    spoil(scene, "INSERT INTO mall_state (mall_id) SELECT 1 / 0")
    scene.world.arrive(SHOP, 2, False, CHANGES, False)
    scene.world.dispatch()
    scene.world.run(None)
    (newest, *_) = scene.world.told(SHOP)
    assert newest["state"] == "SYNCING"
    assert "division by zero" in scene.world.story(newest["run"])
    assert "new" not in scene.world.in_redshift.prices(SHOP)
    assert scene.world.in_opensearch.prices(SHOP)["new"] == 9
    ends_well(scene)
    loads = scene.world.in_redshift.query("SELECT feed_id FROM feed_loads")
    assert len(loads) == len({row["feed_id"] for row in loads}) == 3


@pytest.mark.faults
def test_a_warehouse_answer_that_is_lost_writes_nothing_twice(scene: Scene) -> None:
    loaded_first(scene)
    spoil(scene, None, None)
    scene.world.arrive(SHOP, 2, False, CHANGES, False)
    ends_well(scene)
    assert len(scene.world.in_redshift.query("SELECT 1 FROM feed_loads")) == 3


@pytest.mark.faults
def test_a_throttled_data_api_is_waited_out(scene: Scene) -> None:
    loaded_first(scene)
    data = scene.world.redshift._data
    real, faults = data._client, ["ThrottlingException", "ActiveStatementsExceededException"] * 2  # type: ignore[attr-defined]

    class Throttled:
        def __getattr__(self, name: str) -> Any:
            def call(**arguments: Any) -> Any:
                if faults:
                    raise ClientError({"Error": {"Code": faults.pop()}}, name)
                return getattr(real, name)(**arguments)

            return call

    scene.world.redshift._data = type(data)(Throttled(), data.warehouse, sleep=lambda _s: None)  # type: ignore[attr-defined,call-arg]
    scene.world.arrive(SHOP, 2, False, CHANGES, False)
    scene.world.dispatch()
    scene.world.run(None)
    assert scene.world.told(SHOP)[0]["state"] == "LOADED"
    assert faults == []
    ends_well(scene)
