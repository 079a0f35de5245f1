"""What the published models say of a request, in the words of AWS."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
import pytest

from infra.local.limits import published
from infra.local.limits.errors import Refusal
from infra.local.limits.refusals import check


@cache
def _service(name: str) -> Any:
    return botocore.session.get_session().get_service_model(name)


def _faults(service: str, operation: str, **parameters: Any) -> list[str]:
    return published.faults(_service(service).operation_model(operation), parameters)


def test_a_request_within_the_model_has_no_faults() -> None:
    assert _faults("glue", "StartJobRun", JobName="load 상품", Arguments={"--a": "x"}) == []
    entry = {"Source": "a", "EventBusName": "own.bus", "Resources": []}
    assert _faults("events", "PutEvents", Entries=[entry]) == []


def test_what_is_missing_or_out_of_range_is_named_as_aws_names_it() -> None:
    (missing,) = _faults("glue", "StartJobRun")
    assert missing == (
        "Value null at 'jobName' failed to satisfy constraint: Member must not be null"
    )
    (bus,) = _faults("events", "PutEvents", Entries=[{"EventBusName": "own bus"}])
    assert "'own bus' at 'entries.1.member.eventBusName'" in bus
    assert "regular expression pattern" in bus
    (word,) = _faults("glue", "StartJobRun", JobName="j", ExecutionClass="FAST")
    assert word.endswith("Member must satisfy enum value set: [FLEX, STANDARD]")
    (seconds,) = _faults("redshift-data", "ExecuteStatement", Sql="x", WaitTimeSeconds=31)
    assert seconds.endswith("value less than or equal to 30")


def test_lists_and_maps_are_measured_by_their_members() -> None:
    tags = {str(number): "x" for number in range(51)}
    command = {"Name": "glueetl"}
    (many,) = _faults("glue", "CreateJob", Name="j", Role="r", Command=command, Tags=tags)
    assert many.startswith("Value '[51 members]' at 'tags'")


def test_a_long_value_is_told_in_short() -> None:
    (long,) = _faults("events", "PutRule", Name="r", EventPattern="x" * 5000)
    assert len(long) < 400


def test_a_pattern_for_javas_utf_16_takes_characters_beyond_it() -> None:
    assert _faults("glue", "StartJobRun", JobName="\U0001f600") == []
    assert _faults("glue", "StartJobRun", JobName="a\nb")


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [("iam", "GetRole", "ValidationError"), ("glue", "GetJob", "ValidationException")],
)
def test_the_code_is_that_of_the_services_protocol(service: str, operation: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check(_service(service), operation, {})
    assert refused.value.code == code
    assert str(refused.value).startswith("1 validation error detected: Value null at")
