"""What IAM stores in silence though it has no effect."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.iam.advice import Finding, advice
from infra.local.iam.malformed import PolicyKind
from tests.infra.iam.cases import document, statement


def _when(operator: str, key: str, value: Any = "a", **others: Any) -> dict[str, Any]:
    return statement(Condition={operator: {key: value}}, **others)


@pytest.mark.parametrize(
    ("written", "checks"),
    [
        (statement(), []),
        (statement(Action=["S3:getobject", "s3:Get*", "*"]), []),
        (statement(Action="s4:GetObject"), ["Invalid service in action"]),
        (statement(NotAction="s4:*"), ["Invalid service in action"]),
        (statement(Action="s3:ReadObject"), ["Invalid action"]),
        (statement(Action="s3:Read*"), ["Invalid action"]),
        (_when("StringLike", "s3:prefix", "a*"), []),
        (_when("StringLike", "S3:Prefix", "a*"), []),
        (_when("StringEquals", "s3:prefix", "a*"), ["Wildcard without like operator"]),
        (_when("StringEquals", "s3:prefix", "${*}"), []),
        (_when("Bool", "aws:SecureTransport", "true"), []),
        (_when("Bool", "aws:SecureTransprt", "true"), ["Invalid global condition key"]),
        (_when("StringEquals", "aws:username/x"), ["Invalid global condition key"]),
        (_when("StringEquals", "aws:PrincipalTag/team"), []),
        (_when("StringEquals", "aws:PrincipalTag"), ["Missing tag key in condition"]),
        (_when("StringEquals", "aws:RequestTag/"), ["Missing tag key in condition"]),
        (_when("StringEquals", "sqs:prefix"), ["Unsupported action for condition key"]),
        (_when("StringEquals", "sqs:prefix", Action="*"), []),
        (_when("StringEquals", "s4:prefix"), ["Invalid service condition key"]),
        (_when("StringEquals", "accounts.google.com:aud"), []),
        (_when("StringEquals", "aws:TagKeys"), ["Missing qualifier"]),
        (_when("ForAnyValue:StringEquals", "aws:TagKeys"), []),
        (_when("Null", "aws:TagKeys", "true"), []),
        (
            _when("ForAllValues:StringEquals", "aws:username"),
            ["ForAllValues with single valued key"],
        ),
        (_when("ForAllValues:StringEquals", "aws:TagKeys"), []),
        (statement(Resource="arn:aws:s3:::${aws:username"), ["Missing brace in variable"]),
        (statement(Resource="arn:aws:s3:::${}"), ["Empty variable"]),
        (statement(Resource="arn:aws:s3:::${aws:username}"), []),
    ],
)
def test_a_statement_without_the_effect_that_it_seems_to_have_is_told(
    written: dict[str, Any], checks: list[str]
) -> None:
    found = advice(document(statement(), written))
    assert [(one.check, one.position) for one in found] == [(check, 1) for check in checks]


def test_a_finding_says_what_is_wrong() -> None:
    (found,) = advice(document(_when("Bool", "aws:SecureTransprt", "true")))
    text = "The condition key aws:SecureTransprt does not exist. Use a valid condition key."
    assert found == Finding("Invalid global condition key", 0, text)


def test_variables_of_an_earlier_version_are_told_apart_as_text() -> None:
    older = document(statement(Resource="arn:aws:s3:::${aws:username}"), version="2008-10-17")
    assert [one.check for one in advice(older)] == ["Variable unsupported in version"]


def test_policies_of_resources_are_looked_at_likewise() -> None:
    policy = document(_when("Bool", "aws:Secure", "false", Principal="*", Action="s3:*"))
    (found,) = advice(policy, PolicyKind.RESOURCE)
    assert found.check == "Invalid global condition key"
