"""Which actions and resources a statement covers, and what stands for a variable."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.iam.principals import principal_of
from tests.infra.iam.cases import HERE, OBJECT, ask, inline, statement

TABLE = f"arn:aws:dynamodb:ap-northeast-2:{HERE}:table/ledger"


@pytest.mark.parametrize(
    ("written", "asked", "fits"),
    [
        ("s3:GetObject", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObjectVersion", True),
        ("s3:Get*", "s3:PutObject", False),
        ("s3:*", "s3:PutObject", True),
        ("s3:GetObjec?", "s3:GetObject", True),
        ("s3:GetObject?", "s3:GetObject", False),
        ("s3:GetObject", "s3:GetObjectVersion", False),
        ("iam:*AccessKey*", "iam:ListAccessKeys", True),
        ("*", "sqs:SendMessage", True),
        ("s3-object-lambda:*", "s3:GetObject", False),
        (["sqs:*", "s3:GetObject"], "s3:GetObject", True),
    ],
)
def test_an_action_fits_without_regard_to_case_and_with_wildcards(
    written: Any, asked: str, fits: bool
) -> None:
    assert ask(inline(statement(Action=written)), action=asked).allowed is fits
    assert ask(inline(statement(NotAction=written)), action=asked).allowed is not fits


@pytest.mark.parametrize(
    ("written", "asked", "fits"),
    [
        ("*", TABLE, True),
        ("*", "*", True),
        (OBJECT, "*", False),
        ("arn:aws:s3:::shop/*", OBJECT, True),
        ("arn:aws:s3:::shop/*", "arn:aws:s3:::shop", False),
        ("arn:aws:s3:::shop/*", "arn:aws:s3:::shop/two\nlines", True),
        ("arn:aws:s3:::shop*", "arn:aws:s3:::shop-other/a", True),
        ("arn:aws:s3:::shop/*/a.csv", "arn:aws:s3:::shop/x/y/a.csv", True),
        ("arn:aws:s3:::shop/feeds/?.csv", OBJECT, True),
        ("arn:aws:s3:::shop/feeds/??.csv", OBJECT, False),
        ("arn:aws:s3:::Shop/*", OBJECT, False),
        ("arn:aws:s3:::shop/feeds/a+csv", "arn:aws:s3:::shop/feeds/aacsv", False),
        ("arn:aws:dynamodb:*:*:table/ledger", TABLE, True),
        (TABLE, f"{TABLE}/index/open", False),
        (["arn:aws:s3:::other/*", OBJECT], OBJECT, True),
        # a `*` of `Resource` reaches over colons, unlike one of ArnLike
        ("arn:aws:dynamodb:*/ledger", TABLE, True),
    ],
)
def test_a_resource_fits_by_its_whole_text(written: Any, asked: str, fits: bool) -> None:
    assert ask(inline(statement(Resource=written)), on=asked).allowed is fits
    assert ask(inline(statement(NotResource=written)), on=asked).allowed is not fits


TAGGED = {"aws:PrincipalTag/team": "yellow"}


@pytest.mark.parametrize(
    ("written", "context", "version", "fits"),
    [
        ("${aws:PrincipalTag/team}", TAGGED, "2012-10-17", "yellow"),
        ("${AWS:principaltag/TEAM}", TAGGED, "2012-10-17", "yellow"),
        ("${aws:PrincipalTag/team, 'none'}", TAGGED, "2012-10-17", "yellow"),
        ("${aws:PrincipalTag/team, 'none'}", {}, "2012-10-17", "none"),
        ("a${aws:PrincipalTag/team}b*", TAGGED, "2012-10-17", "ayellowbc"),
        ("${aws:PrincipalTag/team}", {"aws:PrincipalTag/team": "*"}, "2012-10-17", "*"),
        ("${*}", {}, "2012-10-17", "*"),
        ("${?}", {}, "2012-10-17", "?"),
        ("${$}{aws:PrincipalTag/team}", TAGGED, "2012-10-17", "${aws:PrincipalTag/team}"),
        ("${aws:PrincipalTag/team}", TAGGED, "2008-10-17", "${aws:PrincipalTag/team}"),
    ],
)
def test_a_variable_stands_for_what_the_request_brings(
    written: str, context: dict[str, Any], version: str, fits: str
) -> None:
    for in_condition in (False, True):
        resource = "*" if in_condition else f"arn:aws:s3:::shop/{written}"
        condition = {"StringLike": {"s3:prefix": written}} if in_condition else {}
        policy = inline(statement(Resource=resource, Condition=condition), version=version)

        def allowed(value: str, policy: Any = policy) -> bool:
            given = {**context, "s3:prefix": value}
            return ask(policy, on=f"arn:aws:s3:::shop/{value}", context=given).allowed

        assert allowed(fits)
        assert not allowed("red")


@pytest.mark.parametrize(
    "resource",
    ["arn:aws:s3:::shop/${aws:PrincipalTag/team}", "arn:aws:s3:::shop/${aws:TagKeys}"],
)
def test_a_variable_without_one_value_fits_nothing_and_rules_nothing_out(resource: str) -> None:
    context = {"aws:TagKeys": ["feeds/a.csv"]}
    assert not ask(inline(statement(Resource=resource)), context=context).allowed
    assert not ask(inline(statement(NotResource=resource)), context=context).allowed
    assert ask(inline(statement(Resource=[resource, OBJECT])), context=context).allowed


def test_no_variable_counts_before_the_fifth_colon() -> None:
    policy = inline(statement(Resource="arn:aws:sqs:${aws:RequestedRegion}:1:q"))
    context = {"aws:RequestedRegion": "eu-west-1"}
    assert not ask(policy, on="arn:aws:sqs:eu-west-1:1:q", context=context).allowed


def test_the_name_of_a_user_follows_from_who_asks() -> None:
    policy = inline(statement(Resource="arn:aws:s3:::shop/home/${aws:username}/*"))
    who = principal_of(f"arn:aws:iam::{HERE}:user/sales/carlos")
    assert ask(policy, who=who, on="arn:aws:s3:::shop/home/carlos/a").allowed
    assert not ask(policy, who=who, on="arn:aws:s3:::shop/home/eve/a").allowed
    assert not ask(policy, on="arn:aws:s3:::shop/home/run-1/a").allowed  # a session has none
