"""CloudFormation's functions as the local deployment works them out."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.deploy_intrinsics import Intrinsics, Unresolvable

TEMPLATE: dict[str, Any] = {
    "Parameters": {"Subnets": {"Type": "CommaDelimitedList"}, "Word": {"Type": "String"}},
    "Conditions": {
        "HasWord": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Word"}, ""]}]},
        "Never": {"Fn::And": [{"Condition": "HasWord"}, {"Fn::Equals": ["a", "b"]}]},
    },
    "Resources": {
        "Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${Word}-q"}}},
        "Skipped": {"Type": "AWS::S3::Bucket", "Condition": "Never", "Properties": {}},
        "Odd": {"Type": "AWS::Odd::Thing", "Properties": {}},
    },
}


@pytest.fixture
def functions() -> Intrinsics:
    pseudo = {"AWS::Region": "ap-northeast-2", "AWS::AccountId": "1", "AWS::StackName": "s"}
    return Intrinsics(TEMPLATE, {"Subnets": "a,b", "Word": "w"}, pseudo, "http://local")


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Word"}, "w"),
        ({"Ref": "Subnets"}, ["a", "b"]),
        ({"Ref": "AWS::StackName"}, "s"),
        ({"Ref": "Q"}, "http://local/1/w-q"),
        ({"Fn::GetAtt": ["Q", "Arn"]}, "arn:aws:sqs:ap-northeast-2:1:w-q"),
        ({"Fn::GetAtt": "Q.QueueName"}, "w-q"),
        ({"Fn::Sub": "${Q.Arn}/${!kept}/${Word}"}, "arn:aws:sqs:ap-northeast-2:1:w-q/${kept}/w"),
        ({"Fn::Sub": ["${Own}-${Word}", {"Own": {"Ref": "Word"}}]}, "w-w"),
        ({"Fn::Sub": "${aws:userid}"}, "${aws:userid}"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Word"}]]}, "a-w"),
        ({"Fn::Select": [1, {"Ref": "Subnets"}]}, "b"),
        ({"Fn::Split": ["-", "x-y"]}, ["x", "y"]),
        ({"Fn::If": ["HasWord", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Never", "yes", {"Fn::Or": [False, True]}]}, True),
        ({"kept": 1, "gone": {"Ref": "AWS::NoValue"}}, {"kept": 1}),
        ([1, {"Fn::If": ["Never", 2, {"Ref": "AWS::NoValue"}]}], [1]),
        (
            {"Effect": "Deny", "Condition": {"Bool": {"x": {"Ref": "Word"}}}},
            {"Effect": "Deny", "Condition": {"Bool": {"x": "w"}}},
        ),
    ],
)
def test_a_function_gives_what_cloudformation_gives(
    functions: Intrinsics, node: Any, value: Any
) -> None:
    assert functions.value(node) == value


def test_a_resource_whose_condition_is_false_is_left_out(functions: Intrinsics) -> None:
    assert set(functions.resources()) == {"Q", "Odd"}


@pytest.mark.parametrize(
    ("node", "why"),
    [
        ({"Ref": "Nobody"}, "nothing in the template is called Nobody"),
        ({"Ref": "Odd"}, r"Odd \(AWS::Odd::Thing\) needs an explicit name"),
        ({"Fn::GetAtt": ["Q", "Colour"]}, "Q.Colour"),
        ({"Fn::Transform": {}}, "does not know Fn::Transform"),
    ],
)
def test_what_cannot_be_worked_out_is_an_error(functions: Intrinsics, node: Any, why: str) -> None:
    with pytest.raises(Unresolvable, match=why):
        functions.value(node)
