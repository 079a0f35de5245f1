"""The local AWS refuses what AWS refuses: each rule is tried just within it and just beyond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.deploy import Clients
from tests.infra.limits.cases import CASES, Call, Case, Do


@pytest.fixture(scope="module")
def do(clients: Clients) -> Iterator[Do]:
    """Calls AWS, where there are a table, a queue, a rule and a job called `limits`."""
    keys = [{"AttributeName": "pk", "KeyType": "HASH"}]
    clients("dynamodb").create_table(
        TableName="limits",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    queue = clients("sqs").create_queue(QueueName="limits")["QueueUrl"]
    clients("events").put_rule(Name="limits", EventPattern='{"source": ["nobody"]}')
    command = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"}
    clients("glue").create_job(
        Name="limits",
        Role="r",
        Command=command,
        DefaultArguments={"--own": "1"},
        ExecutionProperty={"MaxConcurrentRuns": 100},
    )

    def call(service: str, operation: str, given: Call) -> Any:
        if "QueueUrl" in given:
            given = {**given, "QueueUrl": queue}
        return getattr(clients(service), operation)(**given)

    yield call
    clients("dynamodb").delete_table(TableName="limits")
    clients("sqs").delete_queue(QueueUrl=queue)
    for run in clients("glue").get_job_runs(JobName="limits")["JobRuns"]:
        clients("glue").batch_stop_job_run(JobName="limits", JobRunIds=[run["Id"]])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.service}, {case.name}")
def test_what_is_within_a_limit_is_done_and_what_is_beyond_it_is_refused(
    case: Case, do: Do
) -> None:
    if case.within is not None:
        do(case.service, case.operation, case.within)
    with pytest.raises(ClientError) as refused:
        do(case.service, case.operation, case.beyond)
    assert refused.value.response["Error"]["Code"] == case.code, case.source
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_an_update_that_makes_an_item_too_large_leaves_it_as_it_was(
    do: Do, clients: Clients
) -> None:
    items = clients("dynamodb")
    update = {
        "TableName": "limits",
        "UpdateExpression": "SET x.y = :y, z = :y",
        "ExpressionAttributeValues": {":y": {"S": "y" * 300_000}},
    }
    there = {"pk": {"S": "there"}, "x": {"M": {"y": {"S": "1"}}}}
    items.put_item(TableName="limits", Item=there)
    with pytest.raises(ClientError, match="Item size to update"):
        items.update_item(Key={"pk": {"S": "there"}}, **update)
    assert items.get_item(TableName="limits", Key={"pk": {"S": "there"}})["Item"] == there
    update["UpdateExpression"] = "SET x = :y, z = :y"
    with pytest.raises(ClientError, match="Item size to update"):
        items.update_item(Key={"pk": {"S": "absent"}}, **update)
    assert "Item" not in items.get_item(TableName="limits", Key={"pk": {"S": "absent"}})


def test_a_queue_may_allow_less_than_sqs(clients: Clients) -> None:
    sqs = clients("sqs")
    url = sqs.create_queue(QueueName="small", Attributes={"MaximumMessageSize": "1024"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x" * 1024)
    with pytest.raises(ClientError, match="shorter than 1024"):
        sqs.send_message(QueueUrl=url, MessageBody="x" * 1025)
    with pytest.raises(ClientError, match="longer than 1024"):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "x" * 1025}])


def test_an_argument_that_is_no_text_is_refused(clients: Clients, do: Do) -> None:
    """boto3 does not send one; whoever writes JSON by hand does."""
    import boto3
    from botocore.config import Config

    endpoint = clients("glue").meta.endpoint_url
    unchecked = boto3.client(
        "glue",
        endpoint_url=endpoint,
        region_name="ap-northeast-2",
        aws_access_key_id="local",
        aws_secret_access_key="x",
        config=Config(parameter_validation=False),
    )
    given: Any = {"--rows": 1}
    with pytest.raises(ClientError, match="SerializationException"):
        unchecked.start_job_run(JobName="limits", Arguments=given)


def test_every_rule_is_tried_at_a_call_that_exists(clients: Clients) -> None:
    for case in CASES:
        assert hasattr(clients(case.service), case.operation), case.name
        assert case.source
