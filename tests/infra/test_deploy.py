"""The template deployed to a real moto, twice: what exists afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local import clock
from infra.local.deploy import Clients, deploy, deployed


class Bare:
    """What `deploy` needs of a stack that has an AWS and no sinks."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        self._environment = environment

    def environment(self) -> dict[str, str]:
        return dict(self._environment)


@pytest.fixture(scope="module")
def stack(aws_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Bare:
    return Bare(tmp_path_factory.mktemp("stack"), aws_environment)


@pytest.fixture(scope="module")
def outputs(stack: Bare) -> dict[str, str]:
    return deploy(stack.environment(), stack.directory)


def received(clients: Clients, url: str) -> list[dict[str, Any]]:
    answer = clients("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_a_put_by_any_client_reaches_the_arrivals_queue(
    clients: Clients, outputs: dict[str, str]
) -> None:
    put = clients("s3").put_object(
        Bucket=outputs["MALLFEED_FEEDS_BUCKET"], Key="elsewhere/가 격.csv", Body=b"x"
    )
    (event,) = received(clients, outputs["MALLFEED_ARRIVALS_QUEUE_URL"])
    assert event["detail-type"] == "Object Created"
    assert event["detail"]["object"]["key"] == "elsewhere/가 격.csv"
    assert event["detail"]["object"]["version-id"] == put["VersionId"]


def test_a_put_into_the_lake_does_not(clients: Clients, outputs: dict[str, str]) -> None:
    clients("s3").put_object(Bucket=outputs["MALLFEED_LAKE_BUCKET"], Key="feeds/x", Body=b"x")
    assert received(clients, outputs["MALLFEED_ARRIVALS_QUEUE_URL"]) == []


def test_the_job_in_glue_is_the_templates(clients: Clients, outputs: dict[str, str]) -> None:
    job = clients("glue").get_job(JobName=outputs["LoadFeedsJobName"])["Job"]
    assert job["MaxRetries"] == 0
    bucket, key = job["Command"]["ScriptLocation"].removeprefix("s3://").split("/", 1)
    script = clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert script == Path("glue_jobs/load_feeds.py").read_bytes()


def test_endpoints_and_limits_are_parameters(clients: Clients, outputs: dict[str, str]) -> None:
    prefix = outputs["MALLFEED_PARAMETER_PREFIX"]
    found = clients("ssm").get_parameters_by_path(Path=prefix, Recursive=True, MaxResults=10)
    values = {p["Name"].removeprefix(prefix + "/"): p["Value"] for p in found["Parameters"]}
    more = clients("ssm").get_parameters_by_path(
        Path=prefix, Recursive=True, NextToken=found["NextToken"]
    )
    values |= {p["Name"].removeprefix(prefix + "/"): p["Value"] for p in more["Parameters"]}
    assert values["opensearch/auth"] == "none"
    assert values["limits/max_runs"] == "1"
    assert values["limits/priorities"] == "none"
    assert values["limits/work"] == "none"
    assert values["sinks"] == "opensearch,redshift"
    assert len(values) == 14


def test_the_ledgers_indexes_are_those_of_the_template(
    clients: Clients, outputs: dict[str, str]
) -> None:
    table = clients("dynamodb").describe_table(TableName=outputs["MALLFEED_LEDGER_TABLE"])["Table"]
    assert [i["IndexName"] for i in table["LocalSecondaryIndexes"]] == ["by_order"]
    assert {i["IndexName"] for i in table["GlobalSecondaryIndexes"]} == {"open", "recent"}


def test_the_ledger_has_the_templates_recovery_and_time_to_live(
    clients: Clients, outputs: dict[str, str]
) -> None:
    name = outputs["MALLFEED_LEDGER_TABLE"]
    backups = clients("dynamodb").describe_continuous_backups(TableName=name)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    ttl = clients("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")


def test_alarms_and_database_are_there(clients: Clients, outputs: dict[str, str]) -> None:
    assert outputs["MALLFEED_DATABASE"] in {
        database["Name"] for database in clients("glue").get_databases()["DatabaseList"]
    }
    names = {a["AlarmName"] for a in clients("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert "mallfeed-arrivals-dead-letters" in names


def test_deploying_again_keeps_what_is_there(
    clients: Clients, outputs: dict[str, str], stack: Bare
) -> None:
    bucket = outputs["MALLFEED_FEEDS_BUCKET"]
    before = clients("s3").list_object_versions(Bucket=bucket).get("Versions")
    assert deploy(stack.environment(), stack.directory) == outputs
    assert clients("s3").list_object_versions(Bucket=bucket).get("Versions") == before


def test_the_pump_reads_functions_and_schedules_from_what_was_deployed(
    outputs: dict[str, str], stack: Bare
) -> None:
    plain = deployed(stack.directory)
    names = {f["FunctionName"] for f in plain.of("AWS::Lambda::Function").values()}
    functions = ("FeedArrivedFunction", "DispatchRunsFunction", "SearchApiFunction")
    assert names == {outputs[function] for function in functions}
    (timer,) = clock.schedules(plain)
    assert (timer.rule, timer.function) == ("mallfeed-dispatch-timer", "mallfeed-dispatch-runs")


def test_sparks_local_settings_hold_endpoints_and_no_setting_of_the_template(
    outputs: dict[str, str], stack: Bare
) -> None:
    text = (stack.directory / "data" / "spark-conf" / "spark-defaults.conf").read_text()
    local = dict(line.split("=", 1) for line in text.splitlines())
    assert local["spark.sql.catalog.lake.s3.endpoint"].startswith("http://127.0.0.1:")
    job = deployed(stack.directory).resources["LoadFeeds"]["Properties"]
    everywhere = job["DefaultArguments"]["--conf"].split(" --conf ")
    assert not {pair.split("=", 1)[0] for pair in everywhere} & set(local)


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 5.0), ("rate(2 hours)", 5.0), ("cron(0 18 * * ? *)", None)],
)
def test_rates_are_shortened_and_cron_keeps_its_minutes(
    expression: str, seconds: float | None
) -> None:
    assert clock.period_s(expression) == seconds
