"""The calls that are recorded of each role (`tests/infra/role_calls.py`), as boto3 makes them: IAM is asked what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.infra.calls.captured import Facts, asked
from tests.infra.role_calls import Call, calls
from tests.infra.template_policies import VARIANTS

Made = tuple[str, str, dict[str, Any]]
ITEM = {"pk": {"S": "feed#1"}}
KEYS = {"KeyConditionExpression": "pk = :p"}
STATEMENT = {"Id": "5b1c0f6e-7f57-4f3c-9f0e-6f2d6c1d7a10"}


def _object(call: Call) -> dict[str, Any]:
    bucket, _, key = call.resources[0].rpartition(":")[2].partition("/")
    return {"Bucket": bucket, "Key": key} if key else {"Bucket": bucket}


def _prefix(call: Call) -> dict[str, Any]:
    prefix = call.context.get("s3:prefix")
    return _object(call) | ({} if prefix is None else {"Prefix": prefix})


def _table(call: Call) -> dict[str, Any]:
    table, _, index = call.resources[0].partition("table/")[2].partition("/index/")
    return {"TableName": table, "IndexName": index} if index else {"TableName": table}


def _name(call: Call) -> str:
    return call.resources[-1].rpartition("/")[2]


def _log(call: Call) -> dict[str, Any]:
    group, _, stream = call.resources[0].partition(":log-group:")[2].partition(":log-stream:")
    return {"logGroupName": group, "logStreamName": stream}


VERSION = {"VersionId": "1"}
SQL = {"WorkgroupName": "shop", "Database": "d"}
MADE: dict[str, Callable[[Call], Made]] = {
    "s3:GetObject": lambda one: ("s3", "get_object", _object(one)),
    "s3:GetObjectVersion": lambda one: ("s3", "head_object", _object(one) | VERSION),
    "s3:GetObjectTagging": lambda one: ("s3", "get_object_tagging", _object(one)),
    "s3:GetObjectVersionTagging": lambda one: ("s3", "get_object_tagging", _object(one) | VERSION),
    "s3:PutObject": lambda one: ("s3", "put_object", _object(one)),
    "s3:PutObjectTagging": lambda one: ("s3", "create_multipart_upload", _object(one) | {"Tagging": "a=b"}),
    "s3:DeleteObject": lambda one: ("s3", "delete_objects", {"Bucket": _object(one)["Bucket"], "Delete": {"Objects": [{"Key": _object(one)["Key"]}]}}),
    "s3:AbortMultipartUpload": lambda one: ("s3", "abort_multipart_upload", _object(one) | {"UploadId": "u"}),
    "s3:ListBucket": lambda one: ("s3", "list_objects_v2", _prefix(one)),
    "s3:ListBucketVersions": lambda one: ("s3", "list_object_versions", _prefix(one)),
    "s3:GetBucketLocation": lambda one: ("s3", "get_bucket_location", _object(one)),
    "dynamodb:GetItem": lambda one: ("dynamodb", "get_item", _table(one) | {"Key": ITEM}),
    "dynamodb:BatchGetItem": lambda one: ("dynamodb", "batch_get_item", {"RequestItems": {_table(one)["TableName"]: {"Keys": [ITEM]}}}),
    "dynamodb:Query": lambda one: ("dynamodb", "query", _table(one) | KEYS),
    "dynamodb:PutItem": lambda one: ("dynamodb", "put_item", _table(one) | {"Item": ITEM}),
    "dynamodb:DeleteItem": lambda one: ("dynamodb", "delete_item", _table(one) | {"Key": ITEM}),
    "dynamodb:ConditionCheckItem": lambda one: ("dynamodb", "transact_write_items", {"TransactItems": [{"ConditionCheck": _table(one) | {"Key": ITEM, "ConditionExpression": "a = b"}}]}),
    "glue:StartJobRun": lambda one: ("glue", "start_job_run", {"JobName": _name(one)}),
    "glue:GetJobRun": lambda one: ("glue", "get_job_run", {"JobName": _name(one), "RunId": "jr"}),
    "glue:GetJobRuns": lambda one: ("glue", "get_job_runs", {"JobName": _name(one)}),
    "glue:BatchStopJobRun": lambda one: ("glue", "batch_stop_job_run", {"JobName": _name(one), "JobRunIds": ["jr"]}),
    "glue:GetDatabase": lambda one: ("glue", "get_database", {"Name": _name(one)}),
    "glue:GetTable": lambda one: ("glue", "get_table", {"DatabaseName": "mallfeed", "Name": _name(one)}),
    "glue:CreateTable": lambda one: ("glue", "create_table", {"DatabaseName": "mallfeed", "TableInput": {"Name": _name(one)}}),
    "glue:UpdateTable": lambda one: ("glue", "update_table", {"DatabaseName": "mallfeed", "TableInput": {"Name": _name(one)}}),
    "glue:GetConnection": lambda one: ("glue", "get_connection", {"Name": _name(one)}),
    "events:PutEvents": lambda one: ("events", "put_events", {"Entries": [{"Source": "mallfeed", "EventBusName": _name(one)}]}),
    "ssm:GetParametersByPath": lambda one: ("ssm", "get_parameters_by_path", {"Path": one.resources[0].partition(":parameter")[2]}),
    "sqs:ReceiveMessage": lambda one: ("sqs", "receive_message", {"QueueUrl": _url(one)}),
    "sqs:DeleteMessage": lambda one: ("sqs", "delete_message_batch", {"QueueUrl": _url(one), "Entries": [{"Id": "1", "ReceiptHandle": "r"}]}),
    "sqs:GetQueueAttributes": lambda one: ("sqs", "get_queue_attributes", {"QueueUrl": _url(one)}),
    "secretsmanager:GetSecretValue": lambda one: ("secretsmanager", "get_secret_value", {"SecretId": one.resources[0]}),
    "cloudwatch:PutMetricData": lambda one: ("cloudwatch", "put_metric_data", {"Namespace": one.context["cloudwatch:namespace"], "MetricData": []}),
    "logs:CreateLogStream": lambda one: ("logs", "create_log_stream", _log(one)),
    "logs:PutLogEvents": lambda one: ("logs", "put_log_events", _log(one) | {"logEvents": [{"timestamp": 1, "message": "x"}]}),
    "xray:PutTraceSegments": lambda _: ("xray", "put_trace_segments", {"TraceSegmentDocuments": []}),
    "xray:PutTelemetryRecords": lambda _: ("xray", "put_telemetry_records", {"TelemetryRecords": []}),
    "redshift-data:ExecuteStatement": lambda _: ("redshift-data", "execute_statement", SQL | {"Sql": "select 1"}),
    "redshift-data:BatchExecuteStatement": lambda _: ("redshift-data", "batch_execute_statement", SQL | {"Sqls": ["select 1"]}),
    "redshift-serverless:GetCredentials": lambda _: ("redshift-data", "execute_statement", SQL | {"Sql": "select 1"}),
    "redshift-data:DescribeStatement": lambda _: ("redshift-data", "describe_statement", STATEMENT),
    "redshift-data:GetStatementResult": lambda _: ("redshift-data", "get_statement_result", STATEMENT),
    "redshift-data:CancelStatement": lambda _: ("redshift-data", "cancel_statement", STATEMENT),
}  # fmt: skip
NOT_CALLED = ("es:ESHttp", "ec2:")
"""OpenSearch is no API of AWS's and has no model; network interfaces are made by Lambda and Glue themselves."""
NOT_IN_THE_CALL = "redshift-data:statement-owner-iam-userid"
"""Whose statement it is, only who keeps the statements knows (`infra/local/redshift_data/callers.py`)."""


def _url(call: Call) -> str:
    return f"http://127.0.0.1:9/123456789012/{call.resources[0].rpartition(':')[2]}"


class _WithWorkgroup(Facts):
    def __init__(self, arn: str) -> None:
        super().__init__()
        self._arn = arn

    def workgroup_arn(self, name: str, region: str) -> str:
        return self._arn


def every() -> Iterator[tuple[str, Call]]:
    for variant, given in VARIANTS.items():
        for role, made in calls(given).items():
            for one in made:
                if not one.action.startswith(NOT_CALLED):
                    yield f"{variant}, {role}", one


def test_iam_is_asked_what_is_recorded() -> None:
    wrong = []
    for where, one in every():
        service, operation, members = MADE[one.action](one)
        asks = asked(service, operation, _WithWorkgroup(one.resources[0]), **members)
        context = {key: value for key, value in one.context.items() if key != NOT_IN_THE_CALL}
        if not any(
            (ask.action, set(ask.resources)) == (one.action, set(one.resources))
            and context.items() <= dict(ask.context).items()
            for ask in asks
        ):
            wrong.append((where, one.action, one.resources, context, asks))
    assert wrong == []


@pytest.mark.parametrize("action", MADE)
def test_no_action_is_made_that_is_not_recorded(action: str) -> None:
    assert action in {one.action for _, one in every()}
