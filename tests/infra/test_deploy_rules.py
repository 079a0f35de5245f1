"""What CloudFormation refuses, the local stack refuses: templates that are not ours, each broken in one way."""

from __future__ import annotations

import pytest

from infra.local.cloudformation.errors import Refused
from infra.local.cloudformation.transform import translated
from infra.local.deploy_rules import check_text, unrolled

QUEUE = "Resources: {{{name}: {{Type: AWS::SQS::Queue}}}}\n"
ALIASED = """
Resources:
  One: {Type: AWS::SQS::Queue, Properties: &same {QueueName: one}}
  Two: {Type: AWS::SQS::Queue, Properties: *same}
"""


def test_what_is_whole_is_taken() -> None:
    assert translated(QUEUE.format(name="Jobs"), {})["Resources"]["Jobs"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ALIASED, r"YAML aliases are not allowed in CloudFormation templates \(line 4, column \d+\): write out what"),
        ("Resources: &all {A: {Type: AWS::SQS::Queue}}\nOutputs: {<<: {A: {Value: a}}}\n", "hash merges"),
        ("Description: !!binary aGk=\nResources: {A: {Type: AWS::SQS::Queue}}\n", "the tag binary"),
        ("Resources: {A: {Type: AWS::SQS::Queue, Properties: !!set {a}}}\n", "the tag set"),
        ("Resources:\n  A: {Type: AWS::SQS::Queue\n", r"not well-formed. \(line 3"),
        ("Resources: {}\n", "at least one Resources member"),
        (QUEUE.format(name="my-queue"), "'my-queue' is non alphanumeric"),
        (QUEUE.format(name="Q" * 256), "longer than 255"),
        (f"Description: {'긴' * 400}\n" + QUEUE.format(name="A"), "greater than 1024"),
        (
            "Resources:\n" + "".join(f"  Q{n}: {{Type: AWS::SQS::Queue}}\n" for n in range(501)),
            "exceeds limit of 500: 501",
        ),
        (QUEUE.format(name="A") + "#" * 1024 * 1024, "larger than 1048576 bytes"),
    ],
)  # fmt: skip
def test_what_cloudformation_refuses_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=f"^Template format error: .*{why}"):
        translated(text, {})


def test_what_unrolls_aliases_makes_a_template_that_is_taken() -> None:
    sent = unrolled(ALIASED)
    check_text(sent)
    assert translated(sent, {})["Resources"]["Two"]["Properties"] == {"QueueName": "one"}
