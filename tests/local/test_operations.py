"""An operator's night: sinks damaged by hand and repaired, a mall set back, an index rebuilt.

`make test` has the nights; moves that need several loads each are longer proofs (`make operations-test`), whose parts
tests/table and tests/contract/test_indices.py try without a stack.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.clock import NEVER
from mallfeed.aws.clients import client
from mallfeed.maintain.report import key_of
from mallfeed.plan.overdue_feeds import TURNS, in_turn
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from tests.local.walk import MALLS, Way, csv, until
from tests.local_parts import Parts

pytestmark = [pytest.mark.stack, pytest.mark.timeout(2400)]
SHOP, OTHER = "night_shop", "night_delta_shop"
FIRST = {f"p{n}": (f"상품 {n}", 1000 + n) for n in range(12)}
SECOND = {
    **{f"p{n}": (f"상품 {n}", 1000 + n) for n in range(2, 10)},
    "p10": ("바뀐 상품", 7),
    "new": ("새 상품", 8),
}


@pytest.fixture(scope="module")
def way(stack: Parts) -> Iterator[Way]:
    """The stack with the first feeds of both malls loaded."""
    way = Way(stack)
    way.mallfeed("catalog", "publish", "--folder", str(MALLS))
    with way.impatient():
        with way.gathered((SHOP, OTHER)) as told:
            runs = [way.put(mall, "full_1.csv", csv(FIRST)) for mall in (SHOP, OTHER)]
            for run in runs:
                told(run)
        assert {feed.state for feed in way.closed(runs).values()} == {"LOADED"}
        yield way


def first_of(way: Way, mall: str) -> str:
    return str(way.runs(mall)[-1]["run"])


def opensearch(way: Way) -> Any:
    return connect(ConnectionSpec(way.env["OPENSEARCH_URL"]))


def night(way: Way, *more: str) -> dict[str, Any]:
    done: dict[str, Any] = json.loads(
        way.mallfeed("maintain", "--why", "test", "--yes", "--json", *more)
    )
    return done


def scheduled_night(way: Way) -> dict[str, Any]:
    """What the nightly workflow's job reports, its trigger rung as the clock would."""
    rung = tick(way, "nightly", "--at", "2199-12-31T09:00+09:00")
    (run,) = [one["job_run_id"] for one in rung]
    glue, job = way.parts.client("glue"), way.env["MALLFEED_MAINTAIN_JOB_NAME"]

    def state() -> str:
        found: str = glue.get_job_run(JobName=job, RunId=run)["JobRun"]["JobRunState"]
        return found

    until(lambda: state() not in ("STARTING", "RUNNING"), "the end of the night")
    assert state() == "SUCCEEDED"
    body = way.s3.get_object(Bucket=way.lake, Key=key_of(run))["Body"].read()
    told: dict[str, Any] = json.loads(body)
    return told


def test_sinks_spoilt_by_hand_are_repaired_by_the_nightly_workflow(way: Way) -> None:
    index = opensearch(way)
    index.delete(index="products", id=f"{SHOP}:p1")
    index.update(index="products", id=f"{SHOP}:p2", body={"doc": {"content_hash": "0" * 64}})
    index.indices.refresh(index="products")
    parts = way.sql(
        "delete from products where mall_id = %s and product_id = 'p3' returning 1", OTHER
    )
    assert parts == [(1,)]
    report = scheduled_night(way)
    assert (report["who"], report["why"], report["failed"]) == ("nightly", "scheduled", {})
    assert report["compared"] >= 4
    mended = {(one["sink"].split("/")[0], one["mall_id"]): one for one in report["mended"]}
    assert mended[("opensearch", SHOP)]["missing"] == 1
    assert mended[("opensearch", SHOP)]["different"] == 1
    assert mended[("redshift", OTHER)]["missing"] == 1
    assert set(mended) == {("opensearch", SHOP), ("redshift", OTHER)}
    assert way.both(SHOP) == FIRST == way.both(OTHER)
    assert {"products", "rejects"} == set(report["tables"])
    assert night(way, "--mall", SHOP)["mended"] == []


def test_the_nightly_workflow_has_the_job_at_its_time(way: Way) -> None:
    glue = way.parts.client("glue")
    (workflow,) = [one for one in glue.list_workflows()["Workflows"] if one.endswith("nightly")]
    trigger = glue.get_trigger(Name=workflow)["Trigger"]
    assert (trigger["Type"], trigger["Schedule"]) == ("SCHEDULED", NEVER)
    assert [one["JobName"] for one in trigger["Actions"]] == [way.env["MALLFEED_MAINTAIN_JOB_NAME"]]


def test_the_timer_two_days_on_finds_that_a_mall_has_sent_nothing(way: Way) -> None:
    in_two_days = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=2)
    minutes = (in_two_days + timedelta(minutes=n) for n in range(TURNS))
    (turn,) = [minute for minute in minutes if in_turn([SHOP], minute)]
    (rung,) = tick(way, "dispatch-timer", "--at", turn.isoformat())
    assert rung["starts"] == "mallfeed-dispatch-runs"
    log = way.parts.stack.directory / "logs" / "mallfeed-dispatch-runs.log"
    late = f"{SHOP}: feed `full` is late"
    lines = until(
        lambda: [one for one in _lines(log) if late in one] or None, "told to be late", 60
    )
    assert json.loads(lines[0])["level"] == "WARNING"
    until(lambda: any('"LateFeeds":[1.0]' in one for one in _lines(log)), "measured", 60)


def tick(way: Way, *arguments: str) -> list[dict[str, Any]]:
    """What `mallfeed local tick` sets going on the tests' stack."""
    name = way.parts.stack.name
    rung: list[dict[str, Any]] = json.loads(
        way.mallfeed("local", "tick", "--stack", name, "--json", *arguments)
    )
    return rung


def _lines(log: Path) -> list[str]:
    return log.read_text("utf-8", "replace").splitlines()


@pytest.mark.operations
def test_a_mall_is_set_back_and_goes_on_from_there(way: Way) -> None:
    first = first_of(way, SHOP)
    second = way.put(SHOP, "full_2.csv", csv(SECOND))
    assert way.closed([second])[second].state == "LOADED"
    assert way.both(SHOP) == SECOND
    way.mallfeed("rollback", SHOP, "--to", first, "--why", "wrong prices", "--yes")
    restored = way.runs(SHOP)[0]["run"]
    assert restored not in (first, second)
    assert way.closed([restored])[restored].state == "LOADED"
    assert way.both(SHOP) == FIRST
    story = json.loads(way.mallfeed("run", restored, "--json"))["events"]
    assert "wrong prices" in story[0]["note"]
    held = "select count(*) from product_price_history where mall_id = %s and valid_to is null"
    assert way.sql(held, SHOP) == [(len(FIRST),)]


@pytest.mark.operations
def test_an_index_is_built_again_while_feeds_load_and_the_old_one_is_a_way_back(way: Way) -> None:
    index = opensearch(way)
    (old,) = index.indices.get_alias(name="products")
    changes = {"p0": ("바뀐 상품", 5, "U"), "p1": ("", "", "D")}
    late = way.put(OTHER, "changes_2.csv", csv(changes, op=True))
    done = json.loads(way.mallfeed("reindex", "--why", "test", "--yes", "--json"))
    assert (done["old"], done["malls"] >= 2) == (old, True)
    assert way.closed([late])[late].state == "LOADED"
    wanted = {key: row for key, row in FIRST.items() if key != "p1"} | {"p0": ("바뀐 상품", 5)}
    assert way.both(OTHER) == wanted
    assert list(index.indices.get_alias(name="products")) == [done["new"]]
    newer = way.put(OTHER, "changes_3.csv", csv({"p2": ("다시", 6, "U")}, op=True))
    assert way.closed([newer])[newer].state == "LOADED"
    back = json.loads(way.mallfeed("reindex", "--rollback", "--why", "test", "--yes", "--json"))
    assert (back["old"], back["new"]) == (done["new"], old)
    assert way.both(OTHER) == wanted | {"p2": ("다시", 6)}
    assert way.both(SHOP) == FIRST
    client.cache_clear()
