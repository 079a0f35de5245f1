"""What a change set shows: what is added, changed in place, replaced or removed, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.local.cloudformation import Change, Refused, Template, change_set

STACK = """
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    DeletionPolicy: Retain
    Properties: {GroupDescription: one, Tags: [{Key: a, Value: b}]}
  Entry:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Group.GroupId, IpProtocol: tcp, CidrIp: 10.0.0.0/8, FromPort: 1, ToPort: 2}
  Photos:
    Type: AWS::S3::Bucket
    Properties: {BucketName: photos}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Photos, PolicyDocument: {Version: "2012-10-17", Statement: []}}
  Dead: {Type: AWS::SQS::Queue}
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {DelaySeconds: 5, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}
  Watched: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref Dead}}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
"""


@pytest.fixture
def changed(worked_out: Callable[..., Template]) -> Callable[[str, str], dict[str, Change]]:
    """What replacing a part of the stack's text would do."""

    def change(part: str, other: str) -> dict[str, Change]:
        assert part in STACK
        return change_set(worked_out(STACK), worked_out(STACK.replace(part, other)))

    return change


def shown(changes: dict[str, Change]) -> dict[str, tuple[str, str | None]]:
    return {name: (change.action, change.replacement) for name, change in changes.items()}


@pytest.mark.parametrize(
    ("part", "other", "changes"),
    [
        ("DelaySeconds: 5", 'DelaySeconds: "5"', {}),  # the same to CloudFormation
        ("DelaySeconds: 5", "DelaySeconds: 6", {"Jobs": ("Modify", "False")}),
        ("DelaySeconds: 5, ", "", {"Jobs": ("Modify", "False")}),
        # Set once only, and the policy follows by its name, which is known.
        ("BucketName: photos", "BucketName: films", {"Photos": ("Modify", "True"), "Policy": ("Modify", "True")}),
        # Set once only, and the rule follows by an id that only the new group has.
        ("GroupDescription: one", "GroupDescription: two", {"Group": ("Modify", "True"), "Entry": ("Modify", "Conditional")}),
        # Of a group that is changed in place an attribute may change, as CloudFormation sees it.
        ("Tags: [{Key: a, Value: b}]", "Tags: [{Key: a, Value: c}]", {"Group": ("Modify", "False"), "Entry": ("Modify", "Conditional")}),
        # An id stays where the resource does; an attribute may not.
        ("Dead: {Type: AWS::SQS::Queue}", "Dead: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}", {"Dead": ("Modify", "False"), "Jobs": ("Modify", "False")}),
        ("Dead: {Type: AWS::SQS::Queue}", "Dead: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}", {"Dead": ("Modify", "True"), "Jobs": ("Modify", "False"), "Watched": ("Modify", "False")}),
        ("KeySchema: [{AttributeName: id, KeyType: HASH}]", "KeySchema: [{AttributeName: id, KeyType: RANGE}]", {"Orders": ("Modify", "Conditional")}),
        ("DeletionPolicy: Retain", "DeletionPolicy: RetainExceptOnCreate", {"Group": ("Modify", "False")}),
        ("  Dead:", "  Post: {Type: AWS::SNS::Topic}\n  Dead:", {"Post": ("Add", None)}),
        ("  Orders:", "  Sales:", {"Sales": ("Add", None), "Orders": ("Remove", None)}),
    ],
)  # fmt: skip
def test_a_change_is_shown_with_what_follows_from_it(
    changed: Callable[[str, str], dict[str, Change]],
    part: str,
    other: str,
    changes: dict[str, tuple[str, str | None]],
) -> None:
    assert shown(changed(part, other)) == changes


def test_the_cause_of_a_replacement_is_named(
    changed: Callable[[str, str], dict[str, Change]],
) -> None:
    changes = changed("GroupDescription: one", "GroupDescription: two")
    (own,) = changes["Group"].details
    (followed,) = changes["Entry"].details
    assert (own.path, own.evaluation, own.requires_recreation, own.cause) == (
        ("GroupDescription",),
        "Static",
        "Always",
        None,
    )
    assert (followed.path, followed.evaluation, followed.cause) == (
        ("GroupId",),
        "Dynamic",
        "Group.GroupId",
    )


def test_a_change_of_tags_alone_is_told_from_others(
    changed: Callable[[str, str], dict[str, Change]],
) -> None:
    assert changed("Tags: [{Key: a, Value: b}]", "Tags: [{Key: a, Value: c}]")["Group"].only_tags
    assert not changed("DelaySeconds: 5", "DelaySeconds: 6")["Jobs"].only_tags


ENCRYPTED = "EncryptionAtRestOptions: {Enabled: true}"
OPEN = "EncryptionAtRestOptions: {Enabled: false}"
BETWEEN = "NodeToNodeEncryptionOptions: {Enabled: true}"


@pytest.mark.parametrize(
    ("before", "after", "replacement"),
    [
        (OPEN, f"{OPEN}, {BETWEEN}", "False"),
        (f"{OPEN}, {BETWEEN}", OPEN, "False"),
        (OPEN, ENCRYPTED, "Conditional"),
        (BETWEEN, f"{ENCRYPTED}, {BETWEEN}", "Conditional"),  # the whole object comes
        (f"{ENCRYPTED}, {BETWEEN}", BETWEEN, "Conditional"),
    ],
)
def test_only_a_nested_property_that_is_set_once_replaces(
    worked_out: Callable[..., Template], before: str, after: str, replacement: str
) -> None:
    text = "Resources: {Search: {Type: AWS::OpenSearchService::Domain, Properties: {%s}}}"
    changes = change_set(worked_out(text % before), worked_out(text % after))
    assert changes["Search"].replacement == replacement


def test_a_resource_cannot_become_one_of_another_type(
    changed: Callable[[str, str], dict[str, Change]],
) -> None:
    with pytest.raises(
        Refused, match=r"Update of resource type is not permitted. .* resources: \[Dead\]"
    ):
        changed(
            "Dead: {Type: AWS::SQS::Queue}",
            "Dead: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}",
        )


def test_everything_of_a_new_stack_is_added(worked_out: Callable[..., Template]) -> None:
    assert set(shown(change_set(None, worked_out(STACK))).values()) == {("Add", None)}


def test_nothing_changes_between_a_template_and_itself(worked_out: Callable[..., Template]) -> None:
    assert change_set(worked_out(STACK), worked_out(STACK)) == {}
