"""Feeds and clients not shown elsewhere, from a plain put_object to both sinks, over three days."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from mallfeed.arrival.sqs import waiting
from mallfeed.ledger.identity import feed_id
from mallfeed.ledger.model import FeedRecord
from mallfeed.progress.store import DynamoProgress
from tests.local.walk import Products, Way, csv, until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(2400)]

FRUIT: dict[str, tuple[object, ...]] = {"a": ("사과", 1000), "b": ("배", 2000), "c": ("감", 3000)}
FIVE = {f"p{n}": (f"상품 {n}", 100 + n) for n in range(5)}
ODD_NAME = "새 폴더/상품 목록 100%+새것 (1).csv"


@dataclass
class Day:
    """What became of a day's feeds, by the test's name for each, and what both sinks held then."""

    feeds: dict[str, FeedRecord] = field(default_factory=dict)
    products: dict[str, Products] = field(default_factory=dict)


def _end(way: Way, runs: dict[str, str], malls: tuple[str, ...]) -> Day:
    closed = way.closed(list(runs.values()))
    products = {mall: way.both(mall) for mall in malls}
    return Day({name: closed[run] for name, run in runs.items()}, products)


@pytest.fixture(scope="module")
def first_day(way: Way) -> Day:
    """One feed per mall; every kind of refused file; all the good ones in one run."""
    runs: dict[str, str] = {}
    with way.gathered(MALLS_THAT_LOAD) as told:
        for name, (mall, key, body, metadata) in FIRST_DAY.items():
            runs[name] = way.put(mall, key, body, **metadata)
            told(runs[name])
        version = way.s3.list_object_versions(Bucket=way.bucket, Prefix="feeds/brief_shop/")
        for one in version["Versions"]:
            way.s3.delete_object(Bucket=way.bucket, Key=one["Key"], VersionId=one["VersionId"])
        way.s3.put_object(Bucket=way.bucket, Key="elsewhere/a.csv", Body=b"x")
        for one in way.s3.list_object_versions(Bucket=way.bucket, Prefix="elsewhere/")["Versions"]:
            runs["outside"] = feed_id("_unknown", way.bucket, one["Key"], one["VersionId"])
        way.in_state(runs["fleeting"], "WAITING")
        gone = way.ledger.feed(runs["fleeting"])
        assert gone is not None
        way.s3.delete_object(Bucket=way.bucket, Key=gone.key, VersionId=gone.version_id)
        _tell_again(way, runs["daily"])
    return _end(way, runs, MALLS_THAT_LOAD)


MALLS_THAT_LOAD = (
    "daily_shop", "delta_shop", "folder_shop", "hasty_shop", "guarded_shop", "renamed_shop",
    "latin_shop", "json_shop", "parquet_shop", "fleeting_shop", "future_shop", "costly_shop",
)  # fmt: skip

FIRST_DAY: dict[str, tuple[str, str, bytes, dict[str, str]]] = {
    "brief": ("brief_shop", "a.csv", csv(FRUIT), {}),
    "fleeting": ("fleeting_shop", "a.csv", csv(FRUIT), {}),
    "daily": ("daily_shop", ODD_NAME, csv({**FRUIT, "d": ("귤", ""), "e": ("", 5)}), {}),
    "delta full": ("delta_shop", "full_1.csv", csv(FRUIT), {}),
    "part 0": ("folder_shop", "daily/new/part-0.csv", csv({"a": ("사과", 1)}), {}),
    "part 1": ("folder_shop", "daily/new/part-1.csv", csv({"b": ("배", 2)}), {}),
    "folder": ("folder_shop", "daily/new/_SUCCESS", b"", {}),
    "hasty 1": ("hasty_shop", "list.csv", csv({"a": ("사과", 1)}), {}),
    "hasty 2": ("hasty_shop", "list.csv", csv({"b": ("배", 2)}), {}),
    "hasty 3": ("hasty_shop", "list.csv", csv({"c": ("감", 3)}), {}),
    "guarded": ("guarded_shop", "a.csv", csv(FIVE), {}),
    "old": ("renamed_shop", "a.csv", csv(FRUIT), {"feed_time": "2026-03-01T09:00:00+09:00"}),
    "cp949": ("latin_shop", "a.csv", csv(FRUIT).decode().encode("cp949"), {}),
    "no json": ("json_shop", "a.json", b"<html>502 Bad Gateway</html>", {}),
    "empty": ("json_shop", "b.json", b"", {}),
    "no parquet": ("parquet_shop", "a.parquet", b"surely not Parquet", {}),
    "unknown": ("nobody_shop", "a.csv", csv(FRUIT), {}),
    "future": ("future_shop", "a.csv", csv(FRUIT), {}),
    "costly": (
        "costly_shop", "a.csv.gz",
        gzip.compress(csv(FRUIT)) + gzip.compress(b"", mtime=0) * 25_000, {},
    ),
}  # fmt: skip


def _tell_again(way: Way, run: str) -> None:
    """The same event twice more, as EventBridge may send it."""
    event = _event(way, way.in_state(run, "WAITING"))
    for _ in range(2):
        way.sqs.send_message(QueueUrl=way.env["MALLFEED_ARRIVALS_QUEUE_URL"], MessageBody=event)


def _event(way: Way, feed: FeedRecord) -> str:
    """What EventBridge says of the feed's object."""
    detail = {
        "bucket": {"name": way.bucket},
        "object": {"key": feed.key, "version-id": feed.version_id, "size": feed.size_bytes},
    }
    event = {
        "source": "aws.s3",
        "detail-type": "Object Created",
        "time": "2026-11-23T00:00:00Z",
        "detail": detail,
    }
    return json.dumps(event)


def test_a_plain_put_is_searchable_and_in_the_warehouse(way: Way, first_day: Day) -> None:
    feed = first_day.feeds["daily"]
    assert (feed.state, feed.key) == ("LOADED", f"feeds/daily_shop/{ODD_NAME}")
    assert first_day.products["daily_shop"] == FRUIT
    query = "select product_id from products where mall_id = 'daily_shop' order by 1"
    assert json.loads(way.mallfeed("sql", query, "--json")) == [{"product_id": p} for p in "abc"]
    query = (
        "select object_key, rows_read, loaded, changed, rejected, vanished from feed_loads "
        "where feed_id = %s"
    )
    assert way.sql(query, feed.feed_id) == [(feed.key, 5, 3, 3, 2, 0)]


def test_a_run_has_reported_how_far_it_is_while_it_worked(way: Way, first_day: Day) -> None:
    daily, folder = first_day.feeds["daily"], first_day.feeds["folder"]
    store = DynamoProgress(way.parts.client("dynamodb"), way.env["MALLFEED_LEDGER_TABLE"])
    told = store.of([daily, folder])
    assert {one.job_run_id for one in told.values()} == {daily.job_run_id, folder.job_run_id}
    assert (told[daily.feed_id].rows_read, told[daily.feed_id].committed) == (5, 3)
    assert {(one.sent, one.of) for one in told[folder.feed_id].sinks.values()} == {(2, 2)}
    assert {"prepare", "compare", "commit", "redshift"} <= set(daily.steps)
    assert [(pace.format, pace.mode) for pace in daily.paces] == [("csv", "full")]


def test_its_profile_has_spark_s_stages_within_the_steps(way: Way, first_day: Day) -> None:
    feed = first_day.feeds["daily"]
    told = json.loads(way.mallfeed("run", feed.feed_id, "--profile", "--json"))
    spark, steps = told["spark"], {one["step"] for one in told["steps"]}
    assert spark["spark_version"]
    assert {one["step"] for one in spark["stages"]} <= steps
    found = {(one["step"].partition("/")[0], one["what"]) for one in spark["stages"]}
    assert any(step == "commit" and what.endswith(" → table") for step, what in found)
    assert ("opensearch", "parquet → driver") in found
    assert all(one["ended"] and one["tasks"] for one in spark["stages"])
    assert 0 < spark["stage_s"] < told["until_s"]
    assert spark["cpu_s"] > 0
    shown = way.mallfeed("run", feed.feed_id, "--profile")
    assert "Spark's stages" in shown
    assert "the driver alone in" in shown


def test_what_a_run_does_is_measured(way: Way, first_day: Day) -> None:
    cloudwatch = way.parts.client("cloudwatch")
    read = sum(feed.counts.rows_read for feed in first_day.feeds.values())
    found = cloudwatch.get_metric_statistics(
        Namespace="mallfeed", MetricName="RowsRead", Statistics=["Sum"], Period=86_400,
        StartTime=first_day.feeds["daily"].arrived_at - timedelta(days=1),
        EndTime=first_day.feeds["daily"].arrived_at + timedelta(days=1),
    )  # fmt: skip
    assert sum(point["Sum"] for point in found["Datapoints"]) >= read
    metrics = cloudwatch.list_metrics(Namespace="mallfeed")["Metrics"]
    by = {(one["MetricName"], *(d["Value"] for d in one["Dimensions"])) for one in metrics}
    assert {("DocumentsSent", "opensearch"), ("DocumentsSent", "redshift")} <= by
    assert {("StepSeconds", "session"), ("StepSeconds", "commit"), ("RowsCommitted",)} <= by


def test_its_rejects_are_reported_with_row_and_value(way: Way, first_day: Day) -> None:
    feed = first_day.feeds["daily"]
    told = [(one["row"], one["code"], one["field"]) for one in way.report(feed.feed_id)["rejects"]]
    assert told == [("5", "price_missing", "price"), ("6", "title_missing", "title")]
    shown = json.loads(way.mallfeed("rejects", feed.feed_id, "--json"))
    assert [one["row"] for one in shown] == ["5", "6"]


@pytest.mark.parametrize(
    ("name", "state", "code", "message"),
    [
        ("outside", "IGNORED", "outside_feeds", "keys outside feeds/"),
        ("part 0", "IGNORED", "part_of_folder", "read once _SUCCESS arrives"),
        ("unknown", "HELD", "unknown_mall", "no catalog of mall nobody_shop is published"),
        ("future", "HELD", "no_catalog", "future_shop"),
        ("empty", "HELD", "empty_object", "has no content"),
        ("no json", "HELD", "not_the_format", "a.json"),
        ("no parquet", "HELD", "not_the_format", "a.parquet"),
        ("cp949", "HELD", "undecodable", "utf-8"),
        ("brief", "HELD", "object_gone", "was deleted before it could be read"),
        ("fleeting", "HELD", "object_gone", "was deleted before it could be read"),
    ],
)
def test_what_cannot_be_loaded_ends_in_its_state_with_a_message(
    way: Way, first_day: Day, name: str, state: str, code: str, message: str
) -> None:
    feed = first_day.feeds[name]
    assert (feed.state, feed.code) == (state, code)
    told = next(run for run in way.runs(feed.mall_id) if run["run"] == feed.feed_id)
    assert (told["state"], told["code"]) == (state, code)
    assert message in told["message"]


def test_a_repeated_event_makes_no_second_feed(way: Way, first_day: Day) -> None:
    assert [run["run"] for run in way.runs("daily_shop")] == [first_day.feeds["daily"].feed_id]
    assert first_day.feeds["daily"].attempt == 1


def test_a_key_overwritten_quickly_ends_as_its_last_version(first_day: Day) -> None:
    states = [first_day.feeds[f"hasty {n}"].state for n in (1, 2, 3)]
    assert states == ["SUPERSEDED", "SUPERSEDED", "LOADED"]
    assert first_day.products["hasty_shop"] == {"c": ("감", 3)}


def test_a_folder_is_one_feed_once_its_marker_is_there(first_day: Day) -> None:
    assert first_day.feeds["folder"].state == "LOADED"
    assert len(first_day.feeds["folder"].parts) == 2
    assert first_day.products["folder_shop"] == {"a": ("사과", 1), "b": ("배", 2)}


def test_feed_time_chooses_the_catalog_version(first_day: Day) -> None:
    assert first_day.feeds["old"].catalog_version == 1
    assert first_day.products["renamed_shop"] == FRUIT


@pytest.fixture(scope="module")
def second_day(way: Way, first_day: Day) -> Day:
    """Changes, a held feed beside good ones, deltas behind a held one, a release with a named version."""
    runs = {name: first_day.feeds[name].feed_id for name in ("future", "costly")}
    with way.gathered(MALLS_THAT_LOAD) as told:
        for name, (mall, key, body, metadata) in SECOND_DAY.items():
            runs[name] = way.put(mall, key, body, **metadata)
            told(runs[name])
        way.mallfeed("release", runs["future"], "--catalog", "1", "--why", "early start", "--yes")
        way.mallfeed("release", runs["costly"], "--why", "a file from a sequencer", "--yes")
    waiting = runs.pop("changes 3")
    day = _end(way, runs, MALLS_THAT_LOAD)
    day.feeds["changes 3"] = way.in_state(waiting, "WAITING")
    return day


NEXT = {"a": ("사과", 1000), "b": ("배", 2500), "f": ("포도", 9000)}
SECOND_DAY: dict[str, tuple[str, str, bytes, dict[str, str]]] = {
    "daily": ("daily_shop", "둘째 날.csv", csv(NEXT), {}),
    "changes 1": (
        "delta_shop", "changes_1.csv",
        csv({"a": ("사과", 1100, "U"), "d": ("귤", 4000, "I"), "b": ("", "", "D")}, op=True), {},
    ),
    "changes 2": ("delta_shop", "changes_2.csv", b"id\n", {"catalog_version": "99"}),
    "changes 3": ("delta_shop", "changes_3.csv", csv({"c": ("단감", 3300, "U")}, op=True), {}),
    "cut": ("guarded_shop", "b.csv", csv({"p0": FIVE["p0"]}), {}),
    "named": ("renamed_shop", "b.csv", csv(FRUIT | {"z": ("자두", 7)}), {"catalog_version": "1"}),
    "part": ("folder_shop", "daily/new/part-1.csv", csv({"b": ("배", 22)}), {}),
    "folder": ("folder_shop", "daily/new/_SUCCESS", b"", {}),
    "utf-8": ("latin_shop", "b.csv", csv(FRUIT), {}),
}  # fmt: skip


def test_the_next_day_changes_and_takes_away(way: Way, second_day: Day) -> None:
    counts = second_day.feeds["daily"].counts
    assert (counts.changed, counts.vanished, counts.products_before) == (2, 1, 3)
    assert second_day.products["daily_shop"] == NEXT
    history = way.sql(
        "select price, valid_to is null from product_price_history "
        "where mall_id = 'daily_shop' and product_id = 'b' order by valid_from"
    )
    assert history == [(2000, False), (2500, True)]


def test_a_delta_inserts_updates_and_deletes(second_day: Day) -> None:
    assert second_day.feeds["changes 1"].state == "LOADED"
    expected = {"a": ("사과", 1100), "c": ("감", 3000), "d": ("귤", 4000)}
    assert second_day.products["delta_shop"] == expected


def test_a_held_full_feed_keeps_the_last_good_data_and_its_neighbours_load(
    second_day: Day,
) -> None:
    cut, daily = second_day.feeds["cut"], second_day.feeds["daily"]
    assert (cut.state, cut.code, daily.state) == ("HELD", "guard_vanished", "LOADED")
    assert "4 of 5 products would vanish" in (cut.message or "")
    assert second_day.products["guarded_shop"] == FIVE


def test_deltas_wait_behind_a_held_one(second_day: Day) -> None:
    held, waiting = second_day.feeds["changes 2"], second_day.feeds["changes 3"]
    assert (held.state, held.code) == ("HELD", "no_catalog")
    assert waiting.attempt == 0


def test_metadata_names_the_catalog_version(second_day: Day) -> None:
    feed = second_day.feeds["named"]
    assert (feed.state, feed.catalog_version) == ("LOADED", 1)
    assert second_day.products["renamed_shop"] == FRUIT | {"z": ("자두", 7)}


def test_the_same_folder_is_a_new_feed_the_next_day(second_day: Day) -> None:
    assert second_day.feeds["folder"].state == "LOADED"
    assert second_day.products["folder_shop"] == {"a": ("사과", 1), "b": ("배", 22)}


def test_a_good_full_feed_supersedes_the_held_one(
    way: Way, first_day: Day, second_day: Day
) -> None:
    assert second_day.products["latin_shop"] == FRUIT
    assert way.in_state(first_day.feeds["cp949"].feed_id, "SUPERSEDED").code == "newer_full_loaded"


def test_release_reads_by_the_version_that_is_named(way: Way, second_day: Day) -> None:
    assert second_day.feeds["future"].state == "LOADED"
    assert second_day.products["future_shop"] == FRUIT
    story = json.loads(way.mallfeed("run", second_day.feeds["future"].feed_id, "--json"))["events"]
    assert any("early start" in event["note"] for event in story)


def test_a_feed_that_costs_too_much_is_held_and_its_neighbours_load(first_day: Day) -> None:
    costly, daily = first_day.feeds["costly"], first_day.feeds["daily"]
    assert (costly.state, costly.code) == ("HELD", "too_costly")
    assert (costly.message or "").startswith("a.csv.gz: more than 22,0")
    assert daily.state == "LOADED"
    assert _plans(costly)[0] == _plans(daily)[0]


def test_once_released_it_loads_in_a_run_of_its_own(way: Way, second_day: Day) -> None:
    costly = second_day.feeds["costly"]
    assert (costly.state, second_day.products["costly_shop"]) == ("LOADED", FRUIT)
    plan = way.ledger.plan(_plans(costly)[-1])
    assert plan is not None
    assert plan.feed_ids == (costly.feed_id,)


def _plans(feed: FeedRecord) -> list[str]:
    """The plans that the feed was in, by its story."""
    return [
        found[1] for event in feed.events if (found := re.match(r"in plan ([^,]+),", event.note))
    ]


@pytest.fixture(scope="module")
def third_day(way: Way, first_day: Day, second_day: Day) -> Day:
    """An operator decides: release the cut feed, drop the held delta, replay the first day."""
    runs = {"cut": second_day.feeds["cut"].feed_id}
    with way.gathered(MALLS_THAT_LOAD):
        way.mallfeed("release", runs["cut"], "--why", "season's end", "--who", "kim", "--yes")
        runs["changes 2"] = second_day.feeds["changes 2"].feed_id
        way.mallfeed("drop", runs["changes 2"], "--why", "sent again", "--yes")
        runs["changes 3"] = second_day.feeds["changes 3"].feed_id
        way.mallfeed("retry", runs["changes 3"], "--why", "as soon as can be", "--yes")
        first = first_day.feeds["daily"].feed_id
        told = way.mallfeed("replay", first, "--why", "mall asked", "--yes", "--json")
        runs["replay"] = json.loads(told)["run"]
    return _end(way, runs, MALLS_THAT_LOAD)


def test_a_released_feed_loads_though_much_vanishes(third_day: Day) -> None:
    assert third_day.feeds["cut"].state == "LOADED"
    assert third_day.feeds["cut"].events[-1].by == "mallfeed"
    assert "kim" in [event.by for event in third_day.feeds["cut"].events]
    assert third_day.products["guarded_shop"] == {"p0": FIVE["p0"]}


def test_followers_go_on_once_the_held_delta_is_dropped(third_day: Day) -> None:
    assert third_day.feeds["changes 2"].state == "DROPPED"
    assert third_day.feeds["changes 3"].state == "LOADED"
    assert third_day.products["delta_shop"]["c"] == ("단감", 3300)


def test_a_replay_publishes_the_same_bytes_again(third_day: Day) -> None:
    assert third_day.feeds["replay"].state == "LOADED"
    assert third_day.products["daily_shop"] == FRUIT


def test_no_dead_letter_is_left(way: Way, third_day: Day) -> None:
    assert way.dead_letters() == []


def test_a_dead_letter_is_reported_and_put_back(way: Way, third_day: Day) -> None:
    """As if the function had been broken for a while; by now the feed is known."""
    feed = third_day.feeds["replay"]
    way.sqs.send_message(
        QueueUrl=way.parts.stack.outputs["DeadLetterQueueUrl"], MessageBody=_event(way, feed)
    )
    assert [letter["key"] for letter in way.dead_letters()] == [feed.key]
    told = way.mallfeed("dlq", "redrive", "--why", "function mended", "--yes", "--json")
    assert json.loads(told) == {"moved": 1}
    until(lambda: waiting(way.sqs, way.env["MALLFEED_ARRIVALS_QUEUE_URL"]) == 0, "handled", 60)
    assert way.dead_letters() == []
    assert len([run for run in way.runs("daily_shop") if run["key"] == feed.key]) == 2
