"""Examples that AWS's own guide works through, with the outcomes that it states."""

from __future__ import annotations

import pytest

from infra.local.iam.evaluate import Outcome
from infra.local.iam.principals import principal_of
from tests.infra.iam.cases import CARLOS, HERE, ROLE, ask, inline, of_resource, statement

TRUSTED, TRUSTING = "111111111111", "222222222222"


@pytest.mark.parametrize(
    ("on", "action", "outcome"),
    [
        ("Production/a", "s3:PutObject", Outcome.ALLOWED),
        ("Production/a", "s3:GetObject", Outcome.ALLOWED),
        ("Production/a", "s3:DeleteObject", Outcome.IMPLICIT_DENY),  # by the bucket's account
        ("Production-logs/a", "s3:PutObject", Outcome.EXPLICIT_DENY),
    ],
)
def test_a_user_saves_into_another_accounts_bucket(on: str, action: str, outcome: Outcome) -> None:
    """From "Cross-account policy evaluation logic", example."""
    who = principal_of(f"arn:aws:iam::{TRUSTED}:user/carlossalazar")
    own = inline(
        statement(Action="s3:ListAllMyBuckets"),
        statement(Action="s3:*Object*", Resource="arn:aws:s3:::Production/*"),
        statement("Deny", Action="s3:*", Resource=["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"]),
    )
    bucket = of_resource(
        statement(
            Action=["s3:GetObject*", "s3:PutObject*", "s3:ReplicateObject", "s3:RestoreObject"],
            Principal={"AWS": who.name},
            Resource="arn:aws:s3:::Production/*",
        )
    )
    resource = bucket if on.startswith("Production/") else None
    decision = ask(
        own, who=who, action=action, on=f"arn:aws:s3:::{on}", owner=TRUSTING, resource=resource
    )
    assert decision.outcome is outcome


@pytest.mark.parametrize(
    ("operator", "instance", "image"),
    [("StringLike", True, False), ("StringLikeIfExists", True, True)],
)
def test_an_instance_type_is_asked_of_instances_only(
    operator: str, instance: bool, image: bool
) -> None:
    """From "Condition operators", `IfExists`: an image has no instance type."""
    policy = inline(
        statement(
            Action="ec2:RunInstances", Condition={operator: {"ec2:InstanceType": ["t1.*", "t2.*"]}}
        )
    )
    run = {"action": "ec2:RunInstances", "on": f"arn:aws:ec2:eu-west-1:{HERE}:instance/*"}
    assert ask(policy, context={"ec2:InstanceType": "t2.micro"}, **run).allowed is instance
    assert not ask(policy, context={"ec2:InstanceType": "m5.large"}, **run).allowed
    assert ask(policy, action=run["action"], on="arn:aws:ec2:eu-west-1::image/1").allowed is image


THREAD = f"arn:aws:dynamodb:eu-west-1:{HERE}:table/Thread"


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (["PostDateTime", "Message"], True),
        (["PostDateTime", "UserName"], False),
        ([], True),
    ],
)
def test_a_user_may_read_some_attributes(asked: list[str], allowed: bool) -> None:
    """From "Creating a condition with multiple keys or values", ForAllValues."""
    names = {"dynamodb:Attributes": ["PostDateTime", "Message", "Tags"]}
    policy = inline(
        statement(
            Action="dynamodb:GetItem",
            Resource="arn:aws:dynamodb:*:*:table/Thread",
            Condition={"ForAllValues:StringEquals": names},
        )
    )
    context = {"dynamodb:Attributes": asked}
    assert ask(policy, action="dynamodb:GetItem", on=THREAD, context=context).allowed is allowed


@pytest.mark.parametrize(
    ("asked", "denied"), [(["UserName", "PostDateTime"], True), (["UserName"], False)]
)
def test_a_user_may_not_write_some_attributes(asked: list[str], denied: bool) -> None:
    """From "Creating a condition with multiple keys or values", ForAnyValue."""
    policy = inline(
        statement(Action="dynamodb:*"),
        statement(
            "Deny",
            Action="dynamodb:PutItem",
            Condition={"ForAnyValue:StringEquals": {"dynamodb:Attributes": ["ID", "PostDateTime"]}},
        ),
    )
    context = {"dynamodb:Attributes": asked}
    decision = ask(policy, action="dynamodb:PutItem", on=THREAD, context=context)
    assert decision.allowed is not denied


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        ("1/test/object.jpg", True),
        ("1/2/test/3/object.jpg", True),
        ("1///test///object.jpg", True),
        ("/test/object.jpg", True),
        ("1/test/", True),
        ("1-test/object.jpg", False),
        ("test/object.jpg", False),
        ("1/2/test.jpg", False),
    ],
)
def test_a_wildcard_of_a_resource_goes_through_slashes(key: str, fits: bool) -> None:
    """From "IAM JSON policy elements: Resource", wildcards."""
    policy = inline(statement(Resource="arn:aws:s3:::amzn/*/test/*"))
    assert ask(policy, on=f"arn:aws:s3:::amzn/{key}").allowed is fits


@pytest.mark.parametrize(
    ("operator", "fits"), [("StringLike", True), ("ArnLike", False), ("ArnEquals", False)]
)
def test_an_arn_operator_does_not_cross_colons(operator: str, fits: bool) -> None:
    """From "Condition operators", ARN operators."""
    pattern = "arn:aws:someservice:*:111122223333:finance/*"
    value = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
    policy = inline(statement(Condition={operator: {"aws:SourceArn": pattern}}))
    assert ask(policy, context={"aws:SourceArn": value}).allowed is fits


def test_a_tag_without_a_value_has_its_default() -> None:
    """From "Variables and tags", default values."""
    policy = inline(
        statement(Resource="arn:aws:s3:::amzn-${aws:PrincipalTag/team, 'company-wide'}")
    )
    yellow = {"aws:PrincipalTag/team": "yellow"}
    assert ask(policy, on="arn:aws:s3:::amzn-yellow", context=yellow).allowed
    assert not ask(policy, on="arn:aws:s3:::amzn-company-wide", context=yellow).allowed
    assert ask(policy, on="arn:aws:s3:::amzn-company-wide").allowed


def test_long_term_credentials_have_no_time_of_issue() -> None:
    """From "Condition operators", Null: only temporary credentials have `aws:TokenIssueTime`."""
    policy = inline(statement(Action="ec2:*", Condition={"Null": {"aws:TokenIssueTime": "true"}}))
    assert ask(policy, who=CARLOS, action="ec2:RunInstances").allowed
    issued = {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}
    assert not ask(policy, action="ec2:RunInstances", context=issued).allowed


def test_everyone_by_the_arn_of_the_role_is_not_limited_by_a_boundary() -> None:
    """From "Principal", IAM role principals: `aws:PrincipalArn` beside `*`, where the role's ARN would be limited."""
    of_role = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
    nothing = inline(statement(Action="sqs:*"))
    assert ask(
        boundary=nothing, resource=of_resource(statement(Principal="*", Condition=of_role))
    ).allowed
    assert not ask(
        boundary=nothing, resource=of_resource(statement(Principal={"AWS": ROLE}))
    ).allowed
