"""Calls at a limit of AWS's: what is just within it, what is just beyond, and where AWS says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Call = dict[str, Any]
MIB = 1_048_576


@dataclass(frozen=True)
class Case:
    """One rule; `beyond` is refused with `code`, `within` (None: nothing) is done."""

    name: str
    service: str
    operation: str
    within: Call | None
    beyond: Call
    code: str
    source: str


QUOTAS = "DynamoDB Developer Guide, Quotas in Amazon DynamoDB"
SIZES = "DynamoDB Developer Guide, DynamoDB item sizes and formats"
CONSTRAINTS = "DynamoDB Developer Guide, Constraints in Amazon DynamoDB"
SQS = "SQS Developer Guide, Amazon SQS message quotas"
SQS_QUEUE = "SQS API Reference, CreateQueue"
MODEL = "the API model that AWS publishes"
EVENTS = "EventBridge API Reference, PutEvents; User Guide, Calculating PutEvents event entry size"
GLUE = "Glue Developer Guide, Using job parameters in AWS Glue jobs"
GLUE_JOBS = "Glue API Reference, Jobs"
ALARM = "CloudWatch API Reference, PutMetricAlarm"
METRICS = "CloudWatch API Reference, PutMetricData"
TIERS = "Systems Manager User Guide, Managing parameter tiers"


def _put(**attributes: Any) -> Call:
    return {"TableName": "limits", "Item": {"pk": {"S": "k"}, **attributes}}


def _text(bytes_of_item: int) -> Mapping[str, str]:
    """The attribute `x` that gives an item of that size with `pk` = `k`."""
    return {"S": "x" * (bytes_of_item - len("pk") - len("k") - len("x"))}


def _nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(levels):
        value = {"M": {"a": value}}
    return value


def _transaction(items: int, size: int = 1) -> Call:
    puts = [{"pk": {"S": f"{n}"}, "x": {"S": "x" * size}} for n in range(items)]
    return {"TransactItems": [{"Put": {"TableName": "limits", "Item": item}} for item in puts]}


def _batch(items: int) -> Call:
    puts = [{"PutRequest": {"Item": {"pk": {"S": f"{n}"}}}} for n in range(items)]
    return {"RequestItems": {"limits": puts}}


def _update(text: str) -> Call:
    return {
        "TableName": "limits",
        "Key": {"pk": {"S": "grown"}},
        "UpdateExpression": "SET x = :x",
        "ExpressionAttributeValues": {":x": {"S": text}},
    }


def _condition(length: int) -> Call:
    condition = "attribute_not_exists(p)"
    return {**_put(), "ConditionExpression": condition + " " * (length - len(condition))}


def _message(body: str, attributes: int = 0, value: str = "x") -> Call:
    given = {f"a{n}": {"DataType": "String", "StringValue": value} for n in range(attributes)}
    return {"QueueUrl": "{queue}", "MessageBody": body, "MessageAttributes": given}


def _messages(count: int, size: int) -> Call:
    entries = [{"Id": f"{n}", "MessageBody": "x" * size} for n in range(count)]
    return {"QueueUrl": "{queue}", "Entries": entries}


def _queue(name: str, value: int) -> Call:
    return {"QueueName": f"limits-{name}"[:40], "Attributes": {name: str(value)}}


def _events(entries: int, size: int) -> Call:
    """Entries of that size in all as EventBridge counts (`s` and `t` are source and type)."""
    detail = '{"x":"' + "x" * (size // entries - len('st{"x":""}')) + '"}'
    return {"Entries": [{"Source": "s", "DetailType": "t", "Detail": detail}] * entries}


def _rule(schedule: str) -> Call:
    return {"Name": "limits-schedule", "ScheduleExpression": schedule}


def _targets(count: int) -> Call:
    queue = "arn:aws:sqs:ap-northeast-2:123456789012:q"
    targets = [{"Id": f"{n}", "Arn": f"{queue}{n}"} for n in range(count)]
    return {"Rule": "limits", "Targets": targets}


def _run(**given: Any) -> Call:
    return {"JobName": "limits", **given}


def _job(**given: Any) -> Call:
    command = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py"}
    return {"Name": "limits-other", "Role": "r", "Command": command, **given}


def _of_bytes(size: int) -> dict[str, str]:
    """Arguments of that size with the job's own (`--own` = `1`)."""
    return {"--a": "x" * (size - len("--a") - len("--own1"))}


def _alarm(**given: Any) -> Call:
    usual = {"Period": 60, "EvaluationPeriods": 3, "Statistic": "Sum", "Threshold": 1}
    names = {"AlarmName": "limits", "Namespace": "n", "MetricName": "m"}
    return {**names, **usual, "ComparisonOperator": "GreaterThanThreshold", **given}


def _data(count: int = 1, namespace: str = "n", **given: Any) -> Call:
    datum = {"MetricName": "m", **(given or {"Value": 1.0})}
    return {"Namespace": namespace, "MetricData": [datum] * count}


def _at(age: timedelta) -> Call:
    return _data(Value=1.0, Timestamp=datetime.now(UTC) - age)


def _parameter(size: int, tier: str) -> Call:
    return {"Name": f"/limits/{tier}", "Value": "x" * size, "Type": "String", "Tier": tier}


_400K = 400 * 1024
_INVALID, _WRONG = "ValidationException", "InvalidInputException"
_MANY = "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"
_LONG = "AWS.SimpleQueueService.BatchRequestTooLong"
_VALUE, _ATTRIBUTE = "InvalidParameterValue", "InvalidAttributeValue"
_D, _Q, _E, _G, _C = "dynamodb", "sqs", "events", "glue", "cloudwatch"

CASES = [
    Case("item", _D, "put_item", _put(x=_text(_400K)), _put(x=_text(_400K + 1)), _INVALID, QUOTAS),
    Case("item counts bytes", _D, "put_item", None, _put(x={"S": "가" * 140_000}), _INVALID, SIZES),
    Case("item of lists", _D, "put_item", _put(x={"L": [{"S": "x" * 4092}] * 100}),
         _put(x={"L": [{"S": "x" * 4095}] * 100}), _INVALID, SIZES),
    Case("item in a transaction", _D, "transact_write_items", _transaction(1, 409_000),
         _transaction(1, _400K), _INVALID, QUOTAS),
    Case("updated item", _D, "update_item", _update("x" * 409_592), _update("x" * 409_593), _INVALID, QUOTAS),
    Case("depth", _D, "put_item", _put(x=_nested(32)), _put(x=_nested(33)), _INVALID, QUOTAS),
    Case("digits", _D, "put_item", _put(x={"N": "1" * 38}), _put(x={"N": "1" * 39}), _INVALID, CONSTRAINTS),
    Case("zeros are no digits", _D, "put_item", _put(x={"N": "1" + "0" * 60}), _put(x={"N": "NaN"}), _INVALID,
         CONSTRAINTS),
    Case("magnitude", _D, "put_item", _put(x={"N": "9e125"}), _put(x={"N": "1e126"}), _INVALID, CONSTRAINTS),
    Case("smallness", _D, "put_item", _put(x={"N": "1e-130"}), _put(x={"N": "1e-131"}), _INVALID, CONSTRAINTS),
    Case("set", _D, "put_item", _put(x={"NS": ["1", "2"]}), _put(x={"NS": ["1", "1.0"]}), _INVALID, CONSTRAINTS),
    Case("expression", _D, "put_item", _condition(4096), _condition(4097), _INVALID, QUOTAS),
    Case("transaction", _D, "transact_write_items", _transaction(100), _transaction(101), _INVALID, MODEL),
    Case("bytes of a transaction", _D, "transact_write_items", _transaction(10, 409_000),
         _transaction(11, 409_000), _INVALID, "DynamoDB API Reference, TransactWriteItems"),
    Case("batch", _D, "batch_write_item", _batch(25), _batch(26), _INVALID, MODEL),
    Case("empty key", _D, "put_item", None, {"TableName": "limits", "Item": {"pk": {"S": ""}}}, _INVALID, CONSTRAINTS),
    Case("message", _Q, "send_message", _message("x" * MIB), _message("x" * (MIB + 1)), _VALUE, SQS),
    Case("message counts bytes", _Q, "send_message", _message("가" * 349_525), _message("가" * 349_526), _VALUE, SQS),
    Case("message with attributes", _Q, "send_message", _message("x" * (MIB - 9), 1), _message("x" * (MIB - 8), 1), _VALUE,
         SQS),
    Case("attributes", _Q, "send_message", _message("x", 10), _message("x", 11), _VALUE, SQS),
    Case("characters", _Q, "send_message", _message("\t가\U0001f600"), _message("\x0b"), "InvalidMessageContents", SQS),
    Case("no body", _Q, "send_message", None, _message(""), "MissingParameter", SQS),
    Case("batch of messages", _Q, "send_message_batch", _messages(10, 1), _messages(11, 1), _MANY, SQS),
    Case("bytes of a batch", _Q, "send_message_batch", _messages(8, MIB // 8), _messages(8, MIB // 8 + 1), _LONG, SQS),
    Case("batch to delete", _Q, "delete_message_batch", None,
         {"QueueUrl": "{queue}", "Entries": [{"Id": f"{n}", "ReceiptHandle": "h"} for n in range(11)]}, _MANY, SQS),
    *(
        Case(name, _Q, "create_queue", _queue(name, most), _queue(name, most + 1), _ATTRIBUTE, SQS_QUEUE)
        for name, most in (
            ("DelaySeconds", 900), ("MaximumMessageSize", MIB), ("MessageRetentionPeriod", 1_209_600),
            ("ReceiveMessageWaitTimeSeconds", 20), ("VisibilityTimeout", 43_200),
        )
    ),
    Case("events", _E, "put_events", _events(10, 1000), _events(11, 1000), _INVALID, MODEL),
    Case("bytes of events", _E, "put_events", _events(1, MIB - 1), _events(1, MIB), _INVALID, EVENTS),
    Case("bytes of several events", _E, "put_events", _events(4, MIB - 4), _events(4, MIB), _INVALID, EVENTS),
    Case("rate", _E, "put_rule", _rule("rate(5 minutes)"), _rule("rate(5 minute)"), _INVALID,
         "EventBridge User Guide, Setting a schedule pattern for scheduled rules"),
    Case("rate of one", _E, "put_rule", _rule("rate(1 hour)"), _rule("rate(1 hours)"), _INVALID,
         "EventBridge User Guide, Setting a schedule pattern for scheduled rules"),
    Case("targets", _E, "put_targets", _targets(5), _targets(6), "LimitExceededException",
         "EventBridge User Guide, Amazon EventBridge quotas"),
    Case("arguments", _G, "start_job_run", _run(Arguments=_of_bytes(260 * 1024)),
         _run(Arguments=_of_bytes(260 * 1024 + 1)), _WRONG, GLUE),
    Case("arguments of a job", _G, "create_job", _job(DefaultArguments={"--a": "x" * 266_237}),
         _job(DefaultArguments={"--a": "x" * 266_238}), _WRONG, GLUE),
    *(
        Case(name, _G, "start_job_run", None, _run(Arguments={name: "x"}), _WRONG, GLUE)
        for name in ("--JOB_NAME", "--debug", "--mode")
    ),
    Case("workers", _G, "start_job_run", _run(WorkerType="G.1X", NumberOfWorkers=2),
         _run(WorkerType="G.1X", NumberOfWorkers=1), _WRONG, GLUE_JOBS),
    Case("type without workers", _G, "start_job_run", None, _run(WorkerType="G.1X"), _WRONG, GLUE_JOBS),
    Case("type of workers", _G, "start_job_run", None, _run(WorkerType="G.3X", NumberOfWorkers=2), _INVALID, MODEL),
    Case("workers and capacity", _G, "start_job_run", None,
         _run(WorkerType="G.1X", NumberOfWorkers=2, MaxCapacity=2.0), _WRONG, GLUE_JOBS),
    Case("time of a run", _G, "start_job_run", _run(Timeout=10_080), _run(Timeout=10_081), _WRONG, GLUE_JOBS),
    Case("runs at once", _G, "create_job", None, _job(ExecutionProperty={"MaxConcurrentRuns": 0}), _WRONG, GLUE_JOBS),
    Case("period", _C, "put_metric_alarm", _alarm(Period=30), _alarm(Period=45), "ValidationError", ALARM),
    Case("a day of short periods", _C, "put_metric_alarm", _alarm(EvaluationPeriods=1440),
         _alarm(EvaluationPeriods=1441), "ValidationError", ALARM),
    Case("a week of periods", _C, "put_metric_alarm", _alarm(Period=3600, EvaluationPeriods=168),
         _alarm(Period=3600, EvaluationPeriods=169), "ValidationError", ALARM),
    Case("M of N", _C, "put_metric_alarm", _alarm(DatapointsToAlarm=3), _alarm(DatapointsToAlarm=4), "ValidationError", ALARM),
    Case("missing data", _C, "put_metric_alarm", _alarm(TreatMissingData="ignore"),
         _alarm(TreatMissingData="notbreaching"), "ValidationError", ALARM),
    Case("metrics", _C, "put_metric_data", _data(1000), _data(1001), _VALUE, METRICS),
    Case("values of a metric", _C, "put_metric_data", _data(Values=[1.0] * 150), _data(Values=[1.0] * 151), _VALUE, METRICS),
    Case("old data", _C, "put_metric_data", _at(timedelta(days=13)), _at(timedelta(days=15)), _VALUE, METRICS),
    Case("data to come", _C, "put_metric_data", _at(-timedelta(hours=1)), _at(-timedelta(hours=3)), _VALUE, METRICS),
    Case("namespace", _C, "put_metric_data", _data(namespace="aws"), _data(namespace="AWS/SQS"), _VALUE, METRICS),
    Case("parameter", "ssm", "put_parameter", _parameter(4096, "Standard"), _parameter(4097, "Standard"), _INVALID, TIERS),
    Case("advanced parameter", "ssm", "put_parameter", _parameter(8192, "Advanced"), _parameter(8193, "Advanced"), _INVALID,
         TIERS),
]  # fmt: skip
Do = Callable[[str, str, Call], Any]
