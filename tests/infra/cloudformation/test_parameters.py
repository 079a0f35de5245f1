"""Values of parameters, taken and refused as CreateStack does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.cloudformation import Refused, Template

USED = """
Parameters:
  Given: {%s}
Resources:
  Setting: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !If [AsList, !Join ["+", !Ref Given], !Ref Given]}}
Conditions:
  AsList: !Equals ["%s", "list"]
"""
IMAGE = "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        ("Type: String", "a b", "a b"),
        ("Type: String, Default: ''", None, ""),
        ("Type: Number, Default: 5", None, "5"),
        ("Type: Number, MinValue: 0, MaxValue: 1", "0.5", "0.5"),
        ("Type: String, AllowedValues: [true, 7]", "true", "true"),
        ("Type: String, AllowedPattern: '[a-z]{3}'", "abc", "abc"),
        ("Type: CommaDelimitedList, AllowedPattern: '[a-z]'", "a, b,c", "a+b+c"),
        ("Type: List<Number>", "1,2", "1+2"),
        ("Type: AWS::EC2::VPC::Id", "vpc-0a1b2c3d", "vpc-0a1b2c3d"),
        (
            "Type: List<AWS::EC2::Subnet::Id>",
            "subnet-0a1b2c3d,subnet-0a1b2c3e",
            "subnet-0a1b2c3d+subnet-0a1b2c3e",
        ),
        (f"Type: '{IMAGE}', Default: /images/newest", None, "ami-0a1b2c3d"),
        ("Type: AWS::SSM::Parameter::Value<List<String>>", "/zones", "a+b"),
    ],
)
def test_a_value_that_fits_is_taken(
    worked_out: Callable[..., Template], declared: str, given: str | None, value: str
) -> None:
    text = USED % (declared, "list" if "+" in value else "text")
    stored = {"/images/newest": "ami-0a1b2c3d", "/zones": "a,b"}
    template = worked_out(text, stored=stored, **({} if given is None else {"Given": given}))
    assert template.resources["Setting"].properties["Value"] == value


@pytest.mark.parametrize(
    ("declared", "given", "why"),
    [
        ("Type: String", {}, "Parameters: [Given] must have values"),
        ("Type: String", {"Given": "a", "Taken": "b"}, "Parameters: [Taken] do not exist in the template"),
        ("Type: String, AllowedValues: [a, b]", {"Given": "c"}, "Parameter 'Given' must be one of AllowedValues"),
        ("Type: String, AllowedPattern: '[a-z]+'", {"Given": "abc1"}, "Parameter 'Given' must match pattern [a-z]+"),
        ("Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: small letters", {"Given": "A"}, "Parameter 'Given' failed to satisfy constraint: small letters"),
        ("Type: CommaDelimitedList, AllowedPattern: '[a-z]'", {"Given": "a,bc"}, "Parameter 'Given' must match pattern [a-z]"),
        ("Type: CommaDelimitedList, AllowedValues: [a, b]", {"Given": "a,c"}, "Parameter 'Given' must be one of AllowedValues"),
        ("Type: String, MinLength: 2", {"Given": "a"}, "Parameter 'Given' must contain at least 2 characters"),
        ("Type: String, MaxLength: 2", {"Given": "abc"}, "Parameter 'Given' must contain at most 2 characters"),
        ("Type: Number", {"Given": "many"}, "Parameter 'Given' must be a number"),
        ("Type: Number, MinValue: 2", {"Given": "1"}, "Parameter 'Given' must be a number not less than 2"),
        ("Type: Number, MaxValue: 2", {"Given": "2.5"}, "Parameter 'Given' must be a number not greater than 2"),
        ("Type: Number, Default: 1, MinValue: 2", {}, "Parameter 'Given' must be a number not less than 2"),
        ("Type: List<Number>", {"Given": "1,b"}, "Parameter 'Given' must be a list of numbers"),
        ("Type: String", {"Given": "x" * 4097}, "Parameter 'Given' exceeds the maximum length of 4096 bytes"),
        ("Type: AWS::EC2::VPC::Id", {"Given": "my-vpc"}, "Parameter validation failed: parameter value my-vpc for parameter name Given does not exist"),
        ("Type: List<AWS::EC2::Subnet::Id>", {"Given": "subnet-0a1b2c3d,b"}, "Parameter validation failed: parameter value subnet-0a1b2c3d,b for"),
        (f"Type: '{IMAGE}'", {"Given": "/images/old"}, "Unable to fetch parameters [/images/old] from parameter store for this account."),
        ("Type: String, MinLength: few", {"Given": "a"}, "Template format error: Every MinLength value of a parameter must be a number."),
        ("Type: String, AllowedValues: a", {"Given": "a"}, "Template format error: Every AllowedValues value of a parameter must be a list."),
        ("Type: String, Default: [a]", {}, "Template format error: Every Default member must be a string."),
        ("Type: Text", {"Given": "a"}, "Template format error: Unrecognized parameter type: Text"),
        ("Type: List<Text>", {"Given": "a"}, "Template format error: Unrecognized parameter type: List<Text>"),
        ("Default: a", {}, "Template format error: Every Parameters object must contain a Type member."),
        ("Type: String, Pattern: a", {"Given": "a"}, "Template format error: Invalid template parameter property 'Pattern'"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused(
    worked_out: Callable[..., Template], declared: str, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=f"^{re.escape(why)}"):
        worked_out(USED % (declared, "text"), stored={}, **given)


RULED = """
Parameters:
  Stage: {Type: String}
  Sizes: {Type: CommaDelimitedList, Default: "s,m"}
Rules:
  Bigger:
    RuleCondition: !Equals [!Ref Stage, live]
    Assertions:
      - {Assert: {Fn::EachMemberIn: [!Ref Sizes, [m, l]]}, AssertDescription: live has no small ones}
Resources:
  Jobs: {Type: AWS::SQS::Queue}
"""


@pytest.mark.parametrize("given", [{"Stage": "test"}, {"Stage": "live", "Sizes": "l,m"}])
def test_a_rule_that_holds_or_does_not_apply_lets_the_template_through(
    worked_out: Callable[..., Template], given: dict[str, str]
) -> None:
    assert worked_out(RULED, **given).resources


def test_a_rule_that_does_not_hold_refuses_it_in_its_own_words(
    worked_out: Callable[..., Template],
) -> None:
    with pytest.raises(Refused, match=r"^live has no small ones$"):
        worked_out(RULED, Stage="live")
