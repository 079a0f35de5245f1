"""Condition operators, each with values that fit, that do not, and with none."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from infra.local.iam.operators import NEGATED, TESTS
from tests.infra.iam.cases import ask, inline, statement

ABSENT: Any = object()
KEY = "x:key"
ARN = "arn:aws:sns:eu-west-1:111122223333:topic"
TABLE: list[tuple[str, Any, Any, bool]] = [
    ("StringEquals", "a", "a", True),
    ("StringEquals", "a", "A", False),
    ("StringEquals", "a*", "ab", False),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringNotEquals", "a", "b", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringEqualsIgnoreCase", "Straße", "STRASSE", True),
    ("StringEqualsIgnoreCase", "a", "b", False),
    ("StringNotEqualsIgnoreCase", "A", "a", False),
    ("StringNotEqualsIgnoreCase", "A", "b", True),
    ("StringLike", "catalogs/*", "catalogs/", True),
    ("StringLike", "catalogs/*", "catalogs", False),
    ("StringLike", ["", "home/"], "", True),
    ("StringLike", "?b", "ab", True),
    ("StringLike", "A*", "ab", False),
    ("StringNotLike", "a*", "ab", False),
    ("StringNotLike", "a*", "b", True),
    ("NumericEquals", "10", "10.0", True),
    ("NumericEquals", 10, 10, True),
    ("NumericEquals", "10", "ten", False),
    ("NumericNotEquals", "10", "11", True),
    ("NumericNotEquals", "10", "10", False),
    ("NumericLessThan", "10", "9.5", True),
    ("NumericLessThan", "10", "10", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericLessThanEquals", "10", "11", False),
    ("NumericGreaterThan", "9", "10", True),
    ("NumericGreaterThan", "10", "10", False),
    ("NumericGreaterThanEquals", "10", "10", True),
    ("NumericGreaterThanEquals", "10", "9", False),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T09:00:00+09:00", True),
    ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", True),
    ("DateEquals", "2026", "2026-01-01", True),
    ("DateEquals", "2026-01", "2026-01-02", False),
    ("DateNotEquals", "2026-01-01", "2026-01-02", True),
    ("DateNotEquals", "2026-01-01", "2026-01-01", False),
    ("DateLessThan", "2026-01-02", "2026-01-01T23:59:59Z", True),
    ("DateLessThan", "2026-01-02", "2026-01-02", False),
    ("DateLessThanEquals", "2026-01-02", "2026-01-02", True),
    ("DateLessThanEquals", "2026-01-02", "2026-01-03", False),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", True),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", False),
    ("DateGreaterThanEquals", "2020-01-01", "2020-01-01", True),
    ("DateGreaterThanEquals", "2020-01-01", "2019-12-31", False),
    ("Bool", "true", True, True),
    ("Bool", True, "True", True),
    ("Bool", "false", True, False),
    ("Bool", "yes", "yes", False),
    ("BinaryEquals", base64.b64encode(b"\x00a").decode(), b"\x00a", True),
    ("BinaryEquals", base64.b64encode(b"\x00a").decode(), b"\x00b", False),
    ("BinaryEquals", "no base64", b"no base64", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.9", True),
    ("IpAddress", "203.0.113.7/24", "203.0.113.9", True),
    ("IpAddress", "203.0.113.7", "203.0.113.9", False),
    ("IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::1", True),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", True),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.1", False),
    ("ArnEquals", ARN, ARN, True),
    ("ArnEquals", ARN, ARN + "2", False),
    ("ArnEquals", "arn:aws:sns:*:111122223333:t?pic", ARN, True),
    ("ArnLike", "arn:aws:sns:*:*:*", ARN, True),
    ("ArnLike", "arn:aws:sns:*:topic", ARN, False),  # a `*` ends at the colon
    ("ArnLike", "arn:aws:sns:*:111122223333:*", ARN + ":sub", True),  # the last field has colons
    ("ArnLike", "*", "topic", False),
    ("ArnNotEquals", ARN, ARN, False),
    ("ArnNotEquals", ARN, ARN + "2", True),
    ("ArnNotLike", "arn:aws:sns:*:*:*", ARN, False),
    ("ArnNotLike", "arn:aws:sqs:*:*:*", ARN, True),
    ("Null", "true", ABSENT, True),
    ("Null", "false", ABSENT, False),
    ("Null", "false", "a", True),
    ("Null", True, "a", False),
    ("Null", "true", [], True),
    ("StringEqualsIfExists", "a", "b", False),
    ("StringEqualsIfExists", "a", "a", True),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
    ("ForAllValues:StringEquals", "a", ABSENT, True),
    ("ForAllValues:StringEquals", "a", [], True),
    ("ForAllValues:StringEquals", "a", [""], True),
    ("ForAllValues:StringNotEquals", "a", ["b", "c"], True),
    ("ForAllValues:StringNotEquals", "a", ["a", "c"], False),
    ("ForAnyValue:StringEquals", ["a", "b"], ["c", "b"], True),
    ("ForAnyValue:StringEquals", ["a", "b"], ["c"], False),
    ("ForAnyValue:StringEquals", "a", ABSENT, False),
    ("ForAnyValue:StringEquals", "a", [], False),
    ("ForAnyValue:StringNotEquals", "a", ["a", "b"], True),
    ("ForAnyValue:StringNotEquals", "a", ["a"], False),
    ("ForAnyValue:StringNotEquals", "a", ABSENT, False),
    ("ForAnyValue:StringLike", "a*", "ab", True),  # one value is a set of one
    ("StringEquals", "a", ["a"], False),  # a set needs ForAnyValue or ForAllValues
    ("StringEquals", "${aws:PrincipalAccount}", "111122223333", True),
    ("ArnLike", "arn:aws:sns:*:${aws:PrincipalAccount}:*", ARN, True),
    ("Bool", "${x:other, 'true'}", "true", True),
    ("NumericEquals", "${x:other, '1'}", "1", False),  # numbers take no variables
    ("StringEquals", ["${x:missing}", "a"], "a", True),
    ("StringEquals", "${x:missing}", "a", False),
    ("StringNotEquals", "${x:missing}", "a", False),
    ("StringNotEquals", ["${x:missing}", "b"], "a", False),
    ("StringNotEquals", ["${x:missing}", "a"], "a", False),
]


def _holds(operator: str, written: Any, value: Any) -> bool:
    policy = inline(statement(Condition={operator: {KEY: written}}))
    return ask(policy, context={} if value is ABSENT else {KEY: value}).allowed


@pytest.mark.parametrize(("operator", "written", "value", "fulfilled"), TABLE)
def test_a_condition_holds(operator: str, written: Any, value: Any, fulfilled: bool) -> None:
    assert _holds(operator, written, value) is fulfilled


def test_every_operator_is_in_the_table_with_both_outcomes() -> None:
    seen = {(operator, fulfilled) for operator, *_, fulfilled in TABLE}
    assert {(name, outcome) for name in TESTS for outcome in (True, False)} <= seen


@pytest.mark.parametrize("name", sorted(set(TESTS) - {"Null"}))
def test_a_key_that_the_request_lacks_fulfils_negated_operators_only(name: str) -> None:
    value = "2026-01-01" if name.startswith("Date") else "1"
    assert _holds(name, value, ABSENT) is (name in NEGATED)
    assert _holds(f"{name}IfExists", value, ABSENT)
    assert _holds(f"ForAnyValue:{name}IfExists", value, ABSENT)


def test_names_of_keys_have_no_case() -> None:
    policy = inline(statement(Condition={"StringEquals": {"S3:Prefix": "a"}}))
    assert ask(policy, context={"s3:prefix": "a"}).allowed


def test_operators_and_keys_are_joined_by_and() -> None:
    both = {"StringEquals": {"x:a": "1", "x:b": "1"}, "Bool": {"aws:SecureTransport": "true"}}
    policy = inline(statement(Condition=both))
    full = {"x:a": "1", "x:b": "1", "aws:SecureTransport": True}
    assert ask(policy, context=full).allowed
    for key in full:
        assert not ask(policy, context={**full, key: "0"}).allowed


def test_a_wrong_key_for_an_action_is_stored_and_never_fulfilled() -> None:
    policy = inline(statement(Condition={"StringLike": {"s3:prefixes": "*"}}))
    assert not ask(policy, context={"s3:prefix": "a"}).allowed
