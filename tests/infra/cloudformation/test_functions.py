"""The template's functions: worked out as far as is known before anything is made."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloudformation import Refused, Template
from infra.local.cloudformation.later import Later

LETTERS = {"Fn::Split": [",", "a,b,c"]}
WAITING = {"Fn::GetAtt": ["Jobs", "Arn"]}


@pytest.fixture
def value(worked_out: Callable[..., Template]) -> Callable[[Any], Any]:
    """What a function gives as the value of a property."""

    def give(function: Any) -> Any:
        template = {
            "Mappings": {"Sizes": {"123456789012": {"small": "1"}}},
            "Conditions": {
                "Yes": {"Fn::Equals": [True, "true"]},
                "No": {"Fn::Not": [{"Condition": "Yes"}]},
            },
            "Resources": {
                "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
                "Photos": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "photos"}},
                "One": {
                    "Type": "AWS::SSM::Parameter",
                    "Properties": {"Type": "String", "Value": function},
                },
            },
        }
        return worked_out(json.dumps(template)).resources["One"].properties["Value"]

    return give


@pytest.mark.parametrize(
    ("function", "known"),
    [
        ({"Ref": "Photos"}, "photos"),  # the identifier that the template gives
        ({"Fn::GetAtt": ["Jobs", "QueueName"]}, "jobs"),
        ({"Fn::Sub": "${AWS::Region}/${!kept}/${aws:userid}"}, "ap-northeast-2/${kept}/${aws:userid}"),
        ({"Fn::Sub": ["${A}-${Photos}", {"A": {"Fn::Select": ["2", LETTERS]}}]}, "c-photos"),
        ({"Fn::Join": ["+", LETTERS]}, "a+b+c"),
        ({"Fn::If": ["No", 1, {"Fn::FindInMap": ["Sizes", {"Ref": "AWS::AccountId"}, "small"]}]}, "1"),
        ({"Fn::Base64": "hi"}, "aGk="),
        ({"Fn::Select": [1, {"Fn::Cidr": ["10.0.0.0/16", 3, 8]}]}, "10.0.1.0/24"),
    ],
)  # fmt: skip
def test_what_is_known_is_worked_out(
    value: Callable[[Any], Any], function: Any, known: Any
) -> None:
    assert value(function) == known


@pytest.mark.parametrize(
    ("function", "of"),
    [
        (WAITING, {("Jobs", "Arn")}),
        ({"Ref": "Jobs"}, {("Jobs", "")}),  # a URL, though its name is known
        ({"Fn::Sub": "${Jobs}/${Jobs.Arn}/${Photos}"}, {("Jobs", ""), ("Jobs", "Arn")}),
        ({"Fn::Join": ["", ["a", WAITING]]}, {("Jobs", "Arn")}),
        ({"Fn::Select": [5, {"Fn::Split": [":", WAITING]}]}, {("Jobs", "Arn")}),
        ({"Fn::Base64": WAITING}, {("Jobs", "Arn")}),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, set()),
        ({"Fn::ImportValue": "theirs"}, set()),
    ],
)
def test_what_only_a_made_resource_gives_says_of_which_it_is(
    value: Callable[[Any], Any], function: Any, of: set[tuple[str, str]]
) -> None:
    waiting = value(function)
    assert isinstance(waiting, Later)
    assert waiting.of == of
    assert waiting == value(function)


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ({"Fn::Select": [3, LETTERS]}, "Template error: Fn::Select cannot select nonexistent value at index 3"),
        ({"Fn::Join": ["", [["a"]]]}, "Template error: every Fn::Join object requires two parameters"),
        ({"Fn::Join": "a"}, "Template error: Fn::Join is malformed"),
        ({"Fn::Sub": ["${A}", {"A": ["a"]}]}, "Template error: every value of the context object of every Fn::Sub"),
        ({"Fn::Sub": ["a", "b", "c"]}, "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments"),
        ({"Fn::GetAtt": ["Jobs"]}, "Template error: every Fn::GetAtt object requires two non-empty parameters"),
        ({"Fn::ImportValue": {"Ref": "Jobs"}}, "Template error: the attribute in Fn::ImportValue must not depend on any resources"),
        ({"Fn::Cidr": ["ten", 1]}, "Template error: Fn::Cidr is malformed"),
    ],
)  # fmt: skip
def test_a_function_that_is_wrongly_used_is_refused(
    value: Callable[[Any], Any], function: Any, why: str
) -> None:
    with pytest.raises(Refused, match=f"^{re.escape(why)}"):
        value(function)


@pytest.mark.parametrize(
    ("assertion", "holds"),
    [
        ({"Fn::Contains": [["a", "b"], "b"]}, True),
        ({"Fn::Contains": [["a", "b"], "c"]}, False),
        ({"Fn::EachMemberEquals": [["a", "a"], "a"]}, True),
        ({"Fn::EachMemberEquals": [["a", "b"], "a"]}, False),
        ({"Fn::EachMemberIn": [{"Fn::RefAll": "Number"}, ["1", "2"]]}, True),
        ({"Fn::EachMemberIn": [{"Fn::RefAll": "Number"}, ["1"]]}, False),
        ({"Fn::Equals": [{"Fn::ValueOf": ["A", "Tags.team"]}, "b"]}, True),  # nobody can know here
        ({"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": ["a", "a"]}]}, True),
        ({"Fn::And": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": ["a", "a"]}]}, False),
    ],
)
def test_a_rule_is_judged(
    worked_out: Callable[..., Template], assertion: dict[str, Any], holds: bool
) -> None:
    template = {
        "Parameters": {"A": {"Type": "Number", "Default": 1}, "B": {"Type": "Number", "Default": 2}},
        "Rules": {"R": {"Assertions": [{"Assert": assertion, "AssertDescription": "no"}]}},
        "Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}},
    }  # fmt: skip
    if holds:
        assert worked_out(json.dumps(template)).resources
    else:
        with pytest.raises(Refused, match=r"^no$"):
            worked_out(json.dumps(template))
