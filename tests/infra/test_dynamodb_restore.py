"""Point-in-time recovery of a local stack: the items of that time, in a new table, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from infra.local.deploy import Clients


class Source:
    """A table with recovery, TTL, a tag and a stream."""

    def __init__(self, dynamodb: Any, **sort_key: str) -> None:
        self.dynamodb, self.name = dynamodb, f"source-{uuid4().hex[:8]}"
        names = {"pk": "HASH", **sort_key}
        made = dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in names.items()],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
            Tags=[{"Key": "owner", "Value": "shop"}],
        )
        self.tags = dynamodb.list_tags_of_resource(ResourceArn=made["TableDescription"]["TableArn"])
        ttl = {"Enabled": True, "AttributeName": "until"}
        dynamodb.update_time_to_live(TableName=self.name, TimeToLiveSpecification=ttl)
        self.recover(True)

    def recover(self, enabled: bool) -> None:
        spec = {"PointInTimeRecoveryEnabled": enabled}
        self.dynamodb.update_continuous_backups(
            TableName=self.name, PointInTimeRecoverySpecification=spec
        )

    def put(self, key: str, value: str, **more: str) -> None:
        item = {"pk": key, "value": value, **more}
        self.dynamodb.put_item(
            TableName=self.name, Item={name: {"S": text} for name, text in item.items()}
        )

    def update(self, key: str, value: str) -> dict[str, Any]:
        return {
            "TableName": self.name,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET #v = :v",
            "ExpressionAttributeNames": {"#v": "value"},
            "ExpressionAttributeValues": {":v": {"S": value}},
        }

    def restored(self, at: datetime | None = None) -> str:
        """The name of a new table with the items of that time, or of now."""
        name = f"restored-{uuid4().hex[:8]}"
        when = {"RestoreDateTime": at} if at else {"UseLatestRestorableTime": True}
        self.dynamodb.restore_table_to_point_in_time(
            SourceTableName=self.name, TargetTableName=name, **when
        )
        return name

    def items(self, table: str) -> dict[str, str]:
        found = self.dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]
        return {
            "".join(item[name]["S"] for name in ("pk", "sk") if name in item): item["value"]["S"]
            for item in found
        }


@pytest.fixture
def source(clients: Clients) -> Iterator[Source]:
    made = Source(clients("dynamodb"))
    yield made
    clients("dynamodb").delete_table(TableName=made.name)


def _now() -> datetime:
    """A moment between two writes: the API has milliseconds at best."""
    at = datetime.now(UTC)
    while datetime.now(UTC) - at < timedelta(milliseconds=5):
        pass
    return at + timedelta(milliseconds=3)


def test_items_are_as_they_were_then_and_the_source_stays_as_it_is(source: Source) -> None:
    for key in ("put", "updated", "deleted"):
        source.put(key, "old")
    then = _now()
    source.put("put", "new")
    source.put("put", "newest")
    source.dynamodb.update_item(**source.update("updated", "new"))
    source.dynamodb.update_item(**source.update("made by an update", "new"))
    source.dynamodb.delete_item(TableName=source.name, Key={"pk": {"S": "deleted"}})
    source.put("made", "new")
    now = {"put": "newest", "updated": "new", "made by an update": "new", "made": "new"}
    assert source.items(source.restored(then)) == dict.fromkeys(
        ("put", "updated", "deleted"), "old"
    )
    assert source.items(source.name) == now
    assert source.items(source.restored()) == now


def test_a_table_with_a_sort_key_is_restored_too(clients: Clients) -> None:
    source = Source(clients("dynamodb"), sk="RANGE")
    source.put("a", "old", sk="1")
    then = _now()
    source.put("a", "new", sk="1")
    source.put("a", "new", sk="2")
    assert source.items(source.restored(then)) == {"a1": "old"}


def test_a_cancelled_transaction_has_written_nothing(source: Source) -> None:
    source.put("a", "1")
    then = _now()
    put = {"TableName": source.name, "Item": {"pk": {"S": "a"}, "value": {"S": "never"}}}
    check = {"TableName": source.name, "Key": {"pk": {"S": "b"}}}
    check["ConditionExpression"] = "attribute_exists(pk)"
    with pytest.raises(ClientError, match="TransactionCanceled"):
        source.dynamodb.transact_write_items(
            TransactItems=[{"Put": put}, {"ConditionCheck": check}]
        )
    source.put("a", "2")
    assert source.items(source.restored(then)) == {"a": "1"}


def test_the_new_table_has_neither_ttl_nor_tags_nor_stream_nor_recovery(source: Source) -> None:
    """DynamoDB API Reference, RestoreTableToPointInTime: "You must manually set up the following on the restored table"."""
    dynamodb, name = source.dynamodb, source.restored()
    assert source.tags["Tags"], "the source has a tag"
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert "LatestStreamArn" not in table
    assert dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == []
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "DISABLED"}
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"


def test_only_a_new_table_within_the_time_of_recovery_is_made(source: Source) -> None:
    dynamodb = source.dynamodb

    def refused(code: str, **given: Any) -> None:
        asked = {"SourceTableName": source.name, "TargetTableName": "restored-never", **given}
        with pytest.raises(ClientError) as error:
            dynamodb.restore_table_to_point_in_time(**asked)
        assert error.value.response["Error"]["Code"] == code

    latest, day = {"UseLatestRestorableTime": True}, timedelta(days=1)
    refused("TableAlreadyExistsException", **latest | {"TargetTableName": source.name})
    refused("InvalidRestoreTimeException", RestoreDateTime=datetime.now(UTC) - day)
    refused("InvalidRestoreTimeException", RestoreDateTime=datetime.now(UTC) + day)
    refused("ValidationException")
    source.recover(False)
    refused("PointInTimeRecoveryUnavailableException", **latest)
