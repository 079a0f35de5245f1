"""What SQS messages contain: EventBridge events, direct S3 notifications, test events, and nonsense."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.arrival.event import EventUnreadable, parse_events

MOTO_SEQUENCER = "0055AED6DCD90281E5"  # the same constant in every event


def eventbridge(key: str, **changes: object) -> dict[str, object]:
    told = {"key": key, "size": 5, "eTag": "e", "version-id": "v1", "sequencer": MOTO_SEQUENCER}
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-11-23T09:00:00Z",
        "region": "ap-northeast-2",
        "resources": ["arn:aws:s3:::feeds"],
        "detail": {
            "version": "0",
            "bucket": {"name": "feeds"},
            "object": told,
            "reason": "PutObject",
        },
        **changes,
    }


def notification(*keys: str, name: str = "ObjectCreated:Put") -> dict[str, object]:
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "ap-northeast-2",
                "eventTime": "2026-11-23T09:00:00.000Z",
                "eventName": name,
                "s3": {
                    "bucket": {"name": "feeds"},
                    "object": {"key": quote_plus(key, safe="/"), "size": 5, "versionId": "v1"},
                },
            }
            for key in keys
        ]
    }


KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(KEYS)
def test_both_shapes_give_the_key_as_it_was_uploaded(key: str) -> None:
    for body in (eventbridge(key), notification(key)):
        (created,) = parse_events(json.dumps(body))
        assert (created.bucket, created.key, created.version_id) == ("feeds", key, "v1")
        assert created.at == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_every_record_of_a_notification_is_taken() -> None:
    created = parse_events(json.dumps(notification("feeds/a/1", "feeds/b/2", "feeds/c/3")))
    assert [one.key for one in created] == ["feeds/a/1", "feeds/b/2", "feeds/c/3"]


def test_an_event_without_version_has_none() -> None:
    body = notification("feeds/a/1")
    del body["Records"][0]["s3"]["object"]["versionId"]  # type: ignore[index]
    assert parse_events(json.dumps(body))[0].version_id is None


@pytest.mark.parametrize(
    "body",
    [
        {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "feeds"},
        notification("feeds/a/1", name="ObjectRemoved:Delete"),
        eventbridge("feeds/a/1", **{"detail-type": "Object Deleted"}),
        {"Records": []},
    ],
)
def test_an_event_about_no_new_object_gives_none(body: dict[str, object]) -> None:
    assert parse_events(json.dumps(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "{}",
        '{"Records": [{}]}',
        '{"Records": ["x"]}',
        '{"source": "aws.s3", "detail-type": "Object Created"}',
        '{"source": "aws.ec2", "detail-type": "Object Created", "detail": {}}',
    ],
)
def test_anything_else_is_refused_with_its_text(body: str) -> None:
    with pytest.raises(EventUnreadable):
        parse_events(body)
