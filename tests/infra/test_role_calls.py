"""Every role may call what it calls, and each of its statements is needed for that."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from infra.local.iam.advice import advice
from infra.local.iam.evaluate import Policies
from infra.local.iam.malformed import PolicyKind
from infra.local.iam.policy import read
from infra.local.iam.quotas import check_size
from infra.paths import CHECKOUT
from tests.infra.role_calls import Call, calls
from tests.infra.template_policies import VARIANTS, decide, identity, template

ROLES = [(variant, role) for variant, given in VARIANTS.items() for role in calls(given)]


def _refused(role: str, documents: list[dict[str, Any]], made: list[Call]) -> list[str]:
    """AWS's words about each call that is refused; a policy without statements grants nothing."""
    left = Policies(identity(role, [one for one in documents if one["Statement"]]))
    decisions = [decide(role, left, one.action, one.resources, one.context) for one in made]
    return [one.message for one in decisions if not one.allowed]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_calls_of_every_role_are_recorded(variant: str) -> None:
    assert set(template(variant).of("AWS::IAM::Role")) == set(calls(VARIANTS[variant]))


@pytest.mark.parametrize(("variant", "role"), ROLES)
def test_a_role_may_call_what_it_calls(variant: str, role: str) -> None:
    assert _refused(role, template(variant).inline(role), calls(VARIANTS[variant])[role]) == []


@pytest.mark.parametrize(("variant", "role"), ROLES)
def test_a_role_without_any_one_of_its_statements_is_refused_a_call(
    variant: str, role: str
) -> None:
    whole, made = template(variant).inline(role), calls(VARIANTS[variant])[role]
    unneeded = []
    for number, document in enumerate(whole):
        for index, statement in enumerate(document["Statement"]):
            without = copy.deepcopy(whole)
            del without[number]["Statement"][index]
            if not _refused(role, without, made):
                unneeded.append(statement.get("Sid", index))
    assert unneeded == []


def test_the_recorded_calls_stand_in_the_code() -> None:
    for given in VARIANTS.values():
        for made in calls(given).values():
            for one in made:
                assert not one.words or one.words in (CHECKOUT / one.by).read_text("utf-8"), one


@pytest.mark.parametrize(("variant", "role"), ROLES)
def test_iam_stores_the_policies_of_a_role_and_each_does_what_it_says(
    variant: str, role: str
) -> None:
    inline, trust = template(variant).inline(role), template(variant).trust(role)
    assert read(trust, PolicyKind.TRUST).statements
    check_size(inline, PolicyKind.INLINE, role)
    check_size([trust], PolicyKind.TRUST)
    assert [advice(one) for one in inline] == [[]] * len(inline)


def test_a_condition_counts_in_what_a_role_may() -> None:
    """A listing elsewhere in the lake, a metric in another namespace, another's statement."""
    for role, action, resource, context in (
        ("FeedArrivedRole", "s3:ListBucket", "arn:aws:s3:::{lake}", {"s3:prefix": "warehouse/"}),
        ("FeedArrivedRole", "s3:ListBucket", "arn:aws:s3:::{lake}", {}),
        ("LoadFeedsRole", "cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/S3"}),
        (
            "LoadFeedsRole",
            "redshift-data:DescribeStatement",
            "*",
            {"redshift-data:statement-owner-iam-userid": "AROAOTHER:run-2"},
        ),
    ):
        lake = template("brought").arn("LakeBucket").rpartition(":")[2]
        policies = Policies(identity(role, template("brought").inline(role)))
        asked = decide(role, policies, action, (resource.format(lake=lake),), context)
        assert not asked.allowed, (action, context)
