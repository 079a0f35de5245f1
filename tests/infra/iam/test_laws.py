"""What holds for any policies and requests: properties of the language, tried on random ones."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.iam.evaluate import Decision, Outcome
from infra.local.iam.policy import read
from tests.infra.iam.cases import CARLOS, HERE, ROLE, SESSION, STRANGER, ask, document, of_resource

ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:*", "sqs:*", "*", "s3:Get*"]
RESOURCES = ["*", "arn:aws:s3:::shop/*", "arn:aws:s3:::shop/a", "arn:aws:s3:::other/*"]
CONDITIONS: list[dict[str, Any]] = [
    {},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringLike": {"s3:prefix": ["a*", "${aws:PrincipalTag/team}"]}},
    {"StringNotEqualsIfExists": {"s3:prefix": "a"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}},
    {"Null": {"aws:TagKeys": "true"}},
]
PRINCIPALS: list[Any] = ["*", {"AWS": HERE}, {"AWS": ROLE}, {"AWS": CARLOS.name}]


def _statements(
    effects: list[str], *, of_resources: bool = False
) -> st.SearchStrategy[dict[str, Any]]:
    elements: dict[str, st.SearchStrategy[Any]] = {
        "Effect": st.sampled_from(effects),
        "Action": st.sampled_from(ACTIONS),
        "Resource": st.sampled_from(RESOURCES),
        "Condition": st.sampled_from(CONDITIONS),
    }
    if of_resources:
        elements["Principal"] = st.sampled_from(PRINCIPALS)
    return st.fixed_dictionaries(elements)


BOTH = ["Allow", "Deny"]
LISTS = st.lists(_statements(BOTH), min_size=1, max_size=4)
OF_RESOURCES = st.lists(_statements(BOTH, of_resources=True), min_size=1, max_size=3)
REQUESTS = st.fixed_dictionaries(
    {
        "who": st.sampled_from([SESSION, CARLOS, STRANGER]),
        "action": st.sampled_from(["s3:GetObject", "s3:PutObject", "sqs:SendMessage"]),
        "on": st.sampled_from(["arn:aws:s3:::shop/a", "arn:aws:s3:::other/b", "*"]),
        "owner": st.just(HERE),
        "context": st.fixed_dictionaries(
            {"aws:SecureTransport": st.booleans()},
            optional={
                "s3:prefix": st.sampled_from(["a", "b"]),
                "aws:TagKeys": st.lists(st.sampled_from("abc")),
                "aws:PrincipalTag/team": st.sampled_from(["a", "b"]),
            },
        ),
    }
)


def _decide(own: list[Any], theirs: list[Any], request: dict[str, Any]) -> Decision:
    return ask(read(document(*own)), resource=of_resource(*theirs), **request)


@settings(max_examples=100, deadline=None)
@given(LISTS, OF_RESOURCES, REQUESTS)
def test_a_deny_of_everything_always_wins(own: Any, theirs: Any, request: Any) -> None:
    everything = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    assert _decide([*own, everything], theirs, request).outcome is Outcome.EXPLICIT_DENY
    of_all = {**everything, "Principal": "*"}
    assert _decide(own, [of_all, *theirs], request).outcome is Outcome.EXPLICIT_DENY


@settings(max_examples=100, deadline=None)
@given(LISTS, OF_RESOURCES, REQUESTS, _statements(["Deny"]))
def test_one_more_deny_allows_nothing(own: Any, theirs: Any, request: Any, deny: Any) -> None:
    before = _decide(own, theirs, request)
    assert before.allowed or not _decide([*own, deny], theirs, request).allowed


@settings(max_examples=100, deadline=None)
@given(LISTS, OF_RESOURCES, REQUESTS, _statements(["Allow"]))
def test_one_more_allow_denies_nothing(own: Any, theirs: Any, request: Any, allow: Any) -> None:
    before = _decide(own, theirs, request)
    assert not before.allowed or _decide([*own, allow], theirs, request).allowed


@settings(max_examples=100, deadline=None)
@given(LISTS, OF_RESOURCES, REQUESTS, st.randoms())
def test_the_order_of_statements_plays_no_part(
    own: Any, theirs: Any, request: Any, random: Any
) -> None:
    before = _decide(own, theirs, request)
    mixed = random.sample(own, len(own)), random.sample(theirs, len(theirs))
    assert _decide(*mixed, request).outcome is before.outcome


@settings(max_examples=100, deadline=None)
@given(LISTS, OF_RESOURCES, REQUESTS)
def test_a_boundary_only_takes_away(own: Any, theirs: Any, request: Any) -> None:
    without = _decide(own, theirs, request)
    within = ask(
        read(document(*own)),
        resource=of_resource(*theirs),
        boundary=read(document(*own[:1])),
        **request,
    )
    assert without.allowed or not within.allowed


@settings(max_examples=100, deadline=None)
@given(LISTS, REQUESTS)
def test_one_policy_or_one_for_each_statement_is_the_same(own: Any, request: Any) -> None:
    together = ask(read(document(*own)), **request)
    apart = ask(*(read(document(one)) for one in own), **request)
    assert together.outcome is apart.outcome
