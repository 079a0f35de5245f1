"""Settings and job arguments: what they are read from, and that no region is made up."""

from __future__ import annotations

import boto3
import pytest

from mallfeed.aws.clients import client, work_in
from mallfeed.errors import SettingsInvalid
from mallfeed.load import arguments as load
from mallfeed.maintain import arguments as maintain
from mallfeed.settings import from_environment
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opensearch.settings import connection_of

STACK = {
    "feeds_bucket": "feeds",
    "lake_bucket": "lake",
    "ledger_table": "ledger",
    "database": "mallfeed",
    "parameter_prefix": "/mallfeed",
    "event_bus": "default",
    "aws_region": "eu-west-1",
}
RUN = {"JOB_NAME": "stack-maintain", "JOB_RUN_ID": "jr_1", "malls": "-", "who": "a", "why": "b"}
KNOWN = {"opensearch/endpoint": "https://search.example.com", "opensearch/auth": "sigv4"}
NAMES = {
    "MALLFEED_FEEDS_BUCKET": "feeds",
    "MALLFEED_LAKE_BUCKET": "lake",
    "MALLFEED_LEDGER_TABLE": "ledger",
}


def test_a_job_signs_for_the_region_that_it_was_started_with() -> None:
    loading = load.parse({**STACK, "plan": "s3://lake/plans/p.json", "JOB_RUN_ID": "jr_1"})
    night = maintain.parse({**STACK, **RUN})
    for settings in (loading.settings, night.settings):
        assert connection_of(SinkContext(settings, KNOWN)).region == "eu-west-1"


def test_a_job_without_a_region_says_so() -> None:
    options = {**STACK, **RUN, "aws_region": ""}
    with pytest.raises(SettingsInvalid, match="job arguments missing: aws_region"):
        maintain.parse(options)
    with pytest.raises(SettingsInvalid, match="job arguments missing: aws_region"):
        load.parse({**options, "plan": "s3://lake/plans/p.json"})


def test_a_jobs_clients_are_of_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    client.cache_clear()
    work_in("eu-west-1")
    assert client("ssm").meta.region_name == "eu-west-1"
    client.cache_clear()


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "us-east-1"}, "us-east-1"),
    ],
)
def test_a_function_is_in_the_region_of_its_environment(given: dict[str, str], region: str) -> None:
    assert from_environment({**NAMES, **given}).region == region


def test_an_environment_without_a_region_or_a_name_says_which() -> None:
    with pytest.raises(SettingsInvalid, match="AWS_REGION: Field required"):
        from_environment(NAMES)
    with pytest.raises(SettingsInvalid, match="MALLFEED_LAKE_BUCKET: Field required"):
        from_environment({**NAMES, "MALLFEED_LAKE_BUCKET": "", "AWS_REGION": "eu-west-1"})
