"""What becomes of an arrived object: the ledger's entry, its state, code and message."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from mallfeed.arrival import folder
from mallfeed.arrival.event import ObjectCreated
from mallfeed.code_version import code_version
from mallfeed.errors import Transient
from mallfeed.ledger import moves
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit
from tests.unit.arrival.conftest import CATALOG, Mall
from tests.unit.ledger.records import at


def load(mall: Mall, record: FeedRecord, finished: datetime | None = None) -> FeedRecord:
    ledger = mall.ledger
    record = ledger.update(record, moves.moved(record, at(2), State.RUNNING, "test"))
    record = ledger.update(record, moves.synced(record, Commit("t", 1, 1), Counts(), at(3)))
    return ledger.update(record, moves.loaded(record, finished or at(4), code_version()))


def outcome(record: FeedRecord) -> tuple[str, str | None]:
    return str(record.state), record.code


def test_a_feed_is_entered_with_all_that_the_job_needs(mall: Mall) -> None:
    event = mall.put("feeds/mall_a/full_1.csv", b"id,name\n1,a\n")
    record = mall.arrivals.take(event)
    assert outcome(record) == ("WAITING", None)
    assert record.feed_id.startswith("mall_a-")
    assert (record.feed_name, record.format, record.mode) == ("full", "csv", "full")
    assert (record.catalog_version, record.catalog_named) == (1, False)
    assert (record.priority, record.window, record.zone) == (3, "02:00-05:00", "Asia/Seoul")
    assert (record.size_bytes, len(record.etag)) == (12, 32)
    assert [part.key for part in record.parts] == ["feeds/mall_a/full_1.csv"]
    assert record.version_id == record.parts[0].version_id == event.version_id
    assert record.feed_time == record.last_modified
    assert mall.ledger.feed(record.feed_id) == record


def test_the_same_event_again_enters_nothing(mall: Mall) -> None:
    event = mall.put("feeds/mall_a/full_1.csv")
    assert mall.arrivals.take(event) == mall.fresh_arrivals().take(event)
    assert len(mall.ledger.recent()) == 1


def test_an_event_without_version_is_the_same_feed(mall: Mall) -> None:
    event = mall.put("feeds/mall_a/full_1.csv")
    nameless = ObjectCreated(event.bucket, event.key, None, None, event.at)
    assert mall.arrivals.take(nameless) == mall.arrivals.take(event)


def test_overwriting_a_key_makes_a_new_feed_later_in_the_order(mall: Mall) -> None:
    events = [mall.put("feeds/mall_a/full_1.csv", b"%d\n" % n) for n in range(3)]
    second, third, first = (mall.arrivals.take(events[n]) for n in (1, 2, 0))
    assert len({first.feed_id, second.feed_id, third.feed_id}) == 3
    assert first.order < second.order < third.order


@pytest.mark.parametrize(
    "key",
    [
        "feeds/mall_a/full_1,한글 이름+&=?#%.csv",
        "feeds/mall_a/full_%2F%20.csv",
        "feeds/mall_a/full_" + "가" * 300,
    ],
)
def test_any_key_is_taken_as_it_is(mall: Mall, key: str) -> None:
    record = mall.arrive(key)
    assert (record.key, record.state) == (key, State.WAITING)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("other/mall_a/full_1.csv", "outside_feeds"),
        ("feeds/", "folder_marker"),
        ("feeds/mall_a/", "folder_marker"),
        ("feeds/mall_a/daily/", "folder_marker"),
        ("feeds/mall_a/daily_$folder$", "folder_marker"),
        ("feeds/mall_a/daily/_temporary/0/part-0", "temporary_file"),
        ("feeds/mall_a/.full_1.csv.swp", "hidden_file"),
        ("feeds/mall_a/full_1.csv.crc", "bookkeeping_file"),
        ("feeds/mall_a/daily/_committed_123", "bookkeeping_file"),
        ("feeds/mall_a/daily/1/part-0.parquet", "part_of_folder"),
        ("feeds/mall_a/listed/a.csv", "part_of_folder"),
        ("feeds/mall_a/_SUCCESS", "signal_without_folder"),
        ("feeds/mall_a/full_1/_SUCCESS", "signal_without_folder"),
    ],
)
def test_what_is_no_feed_is_ignored_with_a_code(mall: Mall, key: str, code: str) -> None:
    record = mall.arrive(key)
    assert outcome(record) == ("IGNORED", code)
    assert record.message
    assert mall.ledger.open_malls() == set()


@pytest.mark.parametrize(
    ("key", "mall_id", "code"),
    [
        ("feeds/nobody/full_1.csv", "nobody", "unknown_mall"),
        ("feeds/full_1.csv", "_unknown", "unknown_mall"),
        ("feeds/Mall-A/full_1.csv", "_unknown", "unknown_mall"),
        ("feeds/a/full_1.csv", "_unknown", "unknown_mall"),
        ("feeds/mall_a/readme.txt", "mall_a", "no_feed_for_key"),
    ],
)
def test_an_unreadable_file_is_held(mall: Mall, key: str, mall_id: str, code: str) -> None:
    record = mall.arrive(key)
    assert outcome(record) == ("HELD", code)
    assert record.mall_id == mall_id
    assert record.message


def test_an_empty_object_is_held(mall: Mall) -> None:
    record = mall.arrive("feeds/mall_a/full_1.csv", b"")
    assert outcome(record) == ("HELD", "empty_object")
    assert "feeds/mall_a/full_1.csv has no content" in (record.message or "")


def test_a_version_deleted_before_it_is_read_is_held(mall: Mall) -> None:
    event = mall.put("feeds/mall_a/full_1.csv")
    mall.s3.delete_object(Bucket=mall.feeds, Key=event.key, VersionId=event.version_id)
    record = mall.arrivals.take(event)
    assert outcome(record) == ("HELD", "object_gone")
    assert record.version_id == event.version_id


def test_a_delete_marker_takes_nothing_from_the_version(mall: Mall) -> None:
    event = mall.put("feeds/mall_a/full_1.csv")
    mall.s3.delete_object(Bucket=mall.feeds, Key=event.key)
    assert outcome(mall.arrivals.take(event)) == ("WAITING", None)


def test_an_object_of_another_bucket_is_ignored(mall: Mall) -> None:
    event = ObjectCreated("elsewhere", "feeds/mall_a/full_1.csv", "v1", 5, at(0))
    assert outcome(mall.arrivals.take(event)) == ("IGNORED", "other_bucket")


V2 = CATALOG.replace("version: 1", "version: 2").replace("2020-01-01", "2026-06-01")


@pytest.mark.parametrize(
    ("feed_time", "version"),
    [
        ("2026-05-31T23:59:59+09:00", 1),
        ("2026-06-01T00:00:00+09:00", 2),
        ("2026-05-31T15:00:00Z", 2),
        ("2026-05-31T23:59:59", 1),
        ("20260601", 2),
    ],
)
def test_feed_time_chooses_the_catalog_version(mall: Mall, feed_time: str, version: int) -> None:
    mall.publish(V2, version=2)
    record = mall.arrive("feeds/mall_a/full_1.csv", feed_time=feed_time)
    assert (record.state, record.catalog_version) == (State.WAITING, version)


def test_the_time_that_an_upload_names_is_that_of_its_data_unless_it_lies_ahead(mall: Mall) -> None:
    none = mall.arrive("feeds/mall_a/full_1.csv")
    assert none.exported_at is None
    uploaded = none.last_modified
    for minutes, is_taken in ((-300, True), (0, True), (4, True), (7, False), (600, False)):
        told = uploaded + timedelta(minutes=minutes)
        record = mall.arrive("feeds/mall_a/full_1.csv", feed_time=told.isoformat())
        assert record.exported_at == (told if is_taken else None)
        assert record.feed_time == (told if is_taken else record.last_modified)
        note = record.events[0].note
        assert ("counts as none" in note) == (not is_taken), note


@pytest.mark.parametrize("text", ["1", "v1"])
def test_a_version_named_in_the_metadata_is_taken(mall: Mall, text: str) -> None:
    mall.publish(V2, version=2)
    record = mall.arrive("feeds/mall_a/full_1.csv", catalog_version=text)
    assert (record.catalog_version, record.catalog_named) == (1, True)


@pytest.mark.parametrize(
    ("metadata", "code", "text"),
    [
        ({"feed_time": "yesterday"}, "feed_time_invalid", "'yesterday'; expected ISO 8601"),
        ({"feed_time": ""}, "feed_time_invalid", "expected ISO 8601"),
        (
            {"feed_time": "2099-01-01T00:00:00+09:00"},
            "feed_time_in_future",
            "2099-01-01T00:00:00+09:00, more than a day ahead of",
        ),
        ({"catalog_version": "new"}, "catalog_version_invalid", "'new'; expected"),
        ({"catalog_version": "7"}, "no_catalog", "version 7 of mall mall_a is not published"),
        (
            {"feed_time": "2019-12-31T00:00:00Z"},
            "no_catalog",
            "the first one is in force from 2020-01-01",
        ),
    ],
)
def test_metadata_that_lead_nowhere_hold_the_feed(
    mall: Mall, metadata: dict[str, str], code: str, text: str
) -> None:
    record = mall.arrive("feeds/mall_a/full_1.csv", **metadata)
    assert outcome(record) == ("HELD", code)
    assert text in (record.message or "")


def test_a_folder_is_a_feed_of_the_parts_that_were_there(mall: Mall) -> None:
    for name in ("part-1.parquet", "part-0.parquet", "_committed_1", "notes.txt"):
        mall.put(f"feeds/mall_a/daily/1/{name}", name.encode())
    mall.put("feeds/mall_a/daily/1/part-2.parquet", b"")
    gone = mall.put("feeds/mall_a/daily/1/part-3.parquet")
    mall.s3.delete_object(Bucket=mall.feeds, Key=gone.key)
    mall.put("feeds/mall_a/daily/2/part-0.parquet")
    record = mall.arrive("feeds/mall_a/daily/1/_SUCCESS", b"")
    assert outcome(record) == ("WAITING", None)
    assert (record.feed_name, record.format) == ("daily", "parquet")
    names = [part.key.removeprefix("feeds/mall_a/daily/1/") for part in record.parts]
    assert names == ["part-0.parquet", "part-1.parquet"]
    assert record.size_bytes == 28
    assert len(record.etag) == 64


@pytest.mark.parametrize(
    ("bound", "text"),
    [("MAX_PARTS", "holds 2 files, at most 1 are"), ("MAX_PARTS_BYTES", "at most 1 can be stored")],
)
def test_a_folder_that_the_ledger_has_no_room_for_is_held(
    mall: Mall, monkeypatch: pytest.MonkeyPatch, bound: str, text: str
) -> None:
    monkeypatch.setattr(folder, bound, 1)
    for name in ("part-0.parquet", "part-1.parquet"):
        mall.put(f"feeds/mall_a/daily/1/{name}")
    record = mall.arrive("feeds/mall_a/daily/1/_SUCCESS", b"")
    assert outcome(record) == ("HELD", "too_many_parts")
    assert text in (record.message or "")
    assert "Write fewer, larger" in (record.message or "")


def test_the_same_names_next_day_are_another_feed_of_other_versions(mall: Mall) -> None:
    mall.put("feeds/mall_a/daily/x/part-0", b"one")
    first = mall.arrive("feeds/mall_a/daily/x/_SUCCESS", b"")
    mall.put("feeds/mall_a/daily/x/part-0", b"two!")
    second = mall.arrive("feeds/mall_a/daily/x/_SUCCESS", b"")
    assert first.feed_id != second.feed_id
    assert first.etag != second.etag
    assert first.order < second.order
    assert [part.size_bytes for part in second.parts] == [4]


def test_a_repeated_signal_over_the_same_parts_is_the_same_feed(mall: Mall) -> None:
    mall.put("feeds/mall_a/daily/x/part-0", b"one")
    first = mall.arrive("feeds/mall_a/daily/x/_SUCCESS", b"")
    again = mall.arrive("feeds/mall_a/daily/x/_SUCCESS", b"")
    assert outcome(again) == ("IGNORED", "same_parts")
    assert first.feed_id in (again.message or "")


def test_a_signal_without_parts_is_held(mall: Mall) -> None:
    mall.put("feeds/mall_a/daily/x/part-0", b"")
    record = mall.arrive("feeds/mall_a/daily/x/_SUCCESS", b"")
    assert outcome(record) == ("HELD", "empty_object")


def test_a_manifest_names_the_parts_and_their_order(mall: Mall) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        mall.put(f"feeds/mall_a/listed/{name}")
    body = json.dumps({"files": ["c.csv", "feeds/mall_a/listed/a.csv", "c.csv"]}).encode()
    record = mall.arrive("feeds/mall_a/listed/manifest.json", body)
    assert outcome(record) == ("WAITING", None)
    assert [part.key[-5:] for part in record.parts] == ["c.csv", "a.csv"]


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (b"{", "manifest_invalid", '{"files"'),
        (b"[]", "manifest_invalid", '{"files"'),
        (b'{"files": [1]}', "manifest_invalid", "not a list of names"),
        (b"\xff\xfe\xff", "manifest_invalid", "UTF-8"),
        (b'{"files": ["a.csv", "z.csv"]}', "manifest_part_missing", "z.csv"),
        (b'{"files": []}', "empty_object", "no file with content"),
    ],
)
def test_a_manifest_that_does_not_hold_holds_the_feed(
    mall: Mall, body: bytes, code: str, text: str
) -> None:
    mall.put("feeds/mall_a/listed/a.csv")
    record = mall.arrive("feeds/mall_a/listed/manifest.json", body)
    assert outcome(record) == ("HELD", code)
    assert text in (record.message or "")


def test_the_same_bytes_as_the_published_full_feed_need_no_run(mall: Mall) -> None:
    published = load(mall, mall.arrive("feeds/mall_a/full_1.csv", b"same"))
    again = mall.arrive("feeds/mall_a/full_2.csv", b"same")
    assert outcome(again) == ("IGNORED", "unchanged_bytes")
    assert published.feed_id in (again.message or "")
    once_more = mall.arrive("feeds/mall_a/full_3.csv", b"same")
    assert outcome(once_more) == ("IGNORED", "unchanged_bytes")


def test_other_bytes_are_loaded(mall: Mall) -> None:
    load(mall, mall.arrive("feeds/mall_a/full_1.csv", b"same"))
    assert outcome(mall.arrive("feeds/mall_a/full_2.csv", b"diff")) == ("WAITING", None)


def test_the_same_bytes_under_another_catalog_are_loaded(mall: Mall) -> None:
    load(mall, mall.arrive("feeds/mall_a/full_1.csv", b"same"))
    mall.publish(V2, version=2)
    mall.arrivals = mall.fresh_arrivals()
    assert outcome(mall.arrive("feeds/mall_a/full_2.csv", b"same")) == ("WAITING", None)


def test_the_same_bytes_are_loaded_when_a_delta_has_been_or_waits(mall: Mall) -> None:
    load(mall, mall.arrive("feeds/mall_a/full_1.csv", b"same"))
    waiting = mall.arrive("feeds/mall_a/update/1.json")
    second = mall.arrive("feeds/mall_a/full_2.csv", b"same")
    assert outcome(second) == ("WAITING", None)
    mall.ledger.update(second, moves.moved(second, at(5), State.DROPPED, "test"))
    load(mall, waiting)
    assert outcome(mall.arrive("feeds/mall_a/full_3.csv", b"same")) == ("WAITING", None)


def test_a_full_feed_older_than_the_published_one_is_held(mall: Mall) -> None:
    load(mall, mall.arrive("feeds/mall_a/full_1.csv", feed_time="2026-11-20T00:00:00Z"))
    older = mall.arrive("feeds/mall_a/full_2.csv", b"x", feed_time="2026-11-19T00:00:00Z")
    assert outcome(older) == ("HELD", "older_than_published")
    assert "2026-11-20" in (older.message or "")
    delta = mall.arrive("feeds/mall_a/update/1.json", feed_time="2026-11-19T00:00:00Z")
    assert delta.state is State.WAITING


def test_a_late_feed_that_would_be_held_is_superseded_by_the_loaded_full(mall: Mall) -> None:
    late = mall.put("feeds/mall_a/full_0.csv", b"")
    head = mall.s3.head_object(Bucket=mall.feeds, Key=late.key, VersionId=late.version_id)
    after = head["LastModified"] + timedelta(seconds=1)
    full = mall.arrive("feeds/mall_a/full_1.csv")
    full = mall.ledger.update(
        full, full.model_copy(update={"order": f"{after:%Y-%m-%dT%H:%M:%S}!"})
    )
    load(mall, full, finished=datetime(2020, 1, 1, tzinfo=UTC))
    record = mall.arrivals.take(late)
    assert outcome(record) == ("SUPERSEDED", "late_behind_full")


def test_a_fault_of_s3_that_may_pass_is_no_outcome(mall: Mall, aws: str) -> None:
    event = mall.put("feeds/mall_a/full_1.csv")
    mall.s3.meta.events.register("before-send.s3.HeadObject", _unavailable)
    with pytest.raises(Transient, match="HeadObject feeds/mall_a/full_1"):
        mall.arrivals.take(event)
    assert mall.ledger.recent() == []
    mall.s3.meta.events.unregister("before-send.s3.HeadObject", _unavailable)
    assert mall.arrivals.take(event).state is State.WAITING


def _unavailable(**kwargs: object) -> object:
    from botocore.exceptions import EndpointConnectionError

    raise EndpointConnectionError(endpoint_url="http://s3")
