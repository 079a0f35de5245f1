"""Policies that IAM refuses to store, each wrong in one way, with its code and words."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator

from infra.local.iam.malformed import PolicyKind, PolicyRefused, checked
from infra.local.iam.policy import read
from infra.local.iam.quotas import INLINE_OF_ROLE, MANAGED, TRUST, check_size, size
from tests.infra.iam.cases import document, statement

SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
IAM_PATH = (
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/'
)
GONE: Any = object()


def _with(**changed: Any) -> dict[str, Any]:
    one = {**statement(), **changed}
    return document({name: value for name, value in one.items() if value is not GONE})


def _when(operator: str, key: str = "aws:SecureTransport", value: Any = "true") -> dict[str, Any]:
    return _with(Condition={operator: {key: value}})


BROKEN: list[tuple[Any, str]] = [
    ("{", SYNTAX),
    ("[]", SYNTAX),
    ('{"Version": "2012-10-17"}', SYNTAX),
    (document(), SYNTAX),
    ({**document(statement()), "Statements": []}, SYNTAX),
    ({**document(statement()), "Version": "2012-10-18"}, SYNTAX),
    ({**document(statement()), "Id": 1}, SYNTAX),
    ({**document(), "Statement": ["Allow"]}, SYNTAX),
    (_with(Actions="s3:*"), SYNTAX),
    (_with(Effect=GONE), SYNTAX),
    (_with(Effect="Permit"), SYNTAX),
    (_with(Effect="allow"), LEGACY),
    (_with(NotAction="s3:PutObject"), SYNTAX),
    (_with(NotResource="*"), SYNTAX),
    (_with(Action={"a": 1}), SYNTAX),
    (_with(Resource=[1]), SYNTAX),
    (_with(Sid=1), SYNTAX),
    (_with(Condition="x"), SYNTAX),
    (_with(Condition={"aws:SecureTransport": "true"}), SYNTAX),
    (_when("StringMatches"), SYNTAX),
    (_when("stringEquals"), SYNTAX),
    (_when("ForEachValue:StringEquals"), SYNTAX),
    (_when("StringEquals", value={"a": "b"}), SYNTAX),
    (_when("DateLessThan", "aws:CurrentTime", "tomorrow"), LEGACY),
    (_with(Action=GONE), "Policy statement must contain actions."),
    (_with(Action=[]), "Policy statement must contain actions."),
    (_with(Action="GetObject"), VENDOR),
    (_with(Action="s3:Get:Object"), "Actions/Condition can contain only one colon."),
    (_with(Action="s 3:GetObject"), "Vendor s 3 is not valid"),
    (_with(Resource=GONE), "Policy statement must contain resources."),
    (_with(Resource=[]), "Policy statement must contain resources."),
    (_with(Resource="shop"), 'Resource shop must be in ARN format or "*".'),
    (_with(Resource=""), 'Resource  must be in ARN format or "*".'),
    (
        _with(Resource="arn:amazon:s3:::shop"),
        'Partition "amazon" is not valid for resource "arn:amazon:s3:::shop".',
    ),
    (
        _with(Resource="arn:aws"),
        "Resource vendor must be fully qualified and cannot contain regexes.",
    ),
    (
        _with(Resource="arn:aws:iam:eu-west-1:1:role/x"),
        "IAM resource arn:aws:iam:eu-west-1:1:role/x cannot contain region information.",
    ),
    (
        _with(Resource="arn:aws:s3:eu-west-1::shop"),
        "Resource arn:aws:s3:eu-west-1::shop can not contain region information.",
    ),
    (_with(Resource="arn:aws:iam::1:job/x"), IAM_PATH),
    (
        document(statement(Sid="A"), statement("Deny", Sid="A")),
        "Statement IDs (SID) in a single policy must be unique.",
    ),
]
BEYOND_MOTO: list[tuple[Any, str]] = [
    (
        '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}',
        SYNTAX,
    ),
    (_when("NullIfExists"), SYNTAX),
    (_when("StringEquals", "prefix"), VENDOR),
    (_when("StringEquals", ":prefix"), VENDOR),
]
"""What moto stores: it takes the last of two equal keys and looks at no key of a condition."""
RIGHT = [
    document(statement()),
    {**document(statement()), "Statement": statement()},
    {**document(statement()), "Id": "an id"},
    _with(Action="*"),
    _with(Action=["s3:Get*", "S3:PUTOBJECT"]),
    _with(Action=GONE, NotAction="iam:*"),
    _with(Resource=GONE, NotResource="arn:aws:s3:::shop/*"),
    _with(Resource="arn:aws:sns:*"),
    _with(Resource="arn:aws:s3:::${aws:username}"),
    _with(Resource="arn:aws:s3:eu-west-1:1:accesspoint/a"),
    _with(Resource="arn:*:s3:::shop"),
    _with(Condition={}),
    _when("ForAnyValue:StringLikeIfExists", "aws:TagKeys", ["a"]),
    _when("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"),
    _when("StringEquals", "no:such", "x"),  # IAM knows no list of keys
    _with(Sid="Read1"),
]


@pytest.mark.parametrize(("broken", "message"), [*BROKEN, *BEYOND_MOTO])
def test_a_malformed_policy_is_refused_in_iams_words(broken: Any, message: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        read(broken)
    assert refused.value.code == "MalformedPolicyDocument"
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("right", RIGHT)
def test_a_policy_that_iam_stores_is_read(right: Any) -> None:
    for kind in (PolicyKind.INLINE, PolicyKind.MANAGED):
        assert read(right, kind) == read(json.dumps(right), kind)


def _moto_says(written: Any) -> str | None:
    text = written if isinstance(written, str) else json.dumps(written)
    try:
        IAMPolicyDocumentValidator(text).validate()
    except MalformedPolicyDocument as refused:
        return str(refused.message)
    return None


def test_moto_says_the_same_of_what_it_looks_at() -> None:
    assert [_moto_says(right) for right in RIGHT] == [None] * len(RIGHT)
    assert [_moto_says(broken) for broken, _ in BEYOND_MOTO] == [None] * len(BEYOND_MOTO)
    for broken, message in BROKEN:
        assert str(_moto_says(broken)).startswith(message), broken


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_a_policy_of_an_identity_names_no_principal(element: str) -> None:
    with pytest.raises(PolicyRefused, match="should not specify a principal"):
        read(_with(**{element: "*"}))


def test_a_managed_policy_is_of_the_present_version_and_an_inline_one_may_be_older() -> None:
    for older in (document(statement(), version="2008-10-17"), {"Statement": [statement()]}):
        assert read(older, PolicyKind.INLINE).statements[0].version == "2008-10-17"
        with pytest.raises(PolicyRefused, match="must be version 2012-10-17 or greater"):
            read(older, PolicyKind.MANAGED)


def test_a_sid_is_alphanumeric_in_iam_and_anything_in_a_resources_policy() -> None:
    spaced = _with(Sid="Read it")
    with pytest.raises(PolicyRefused, match=r"Statement IDs \(SID\) must be alpha-numeric"):
        read(spaced)
    spaced["Statement"][0]["Principal"] = "*"
    assert read(spaced, PolicyKind.RESOURCE).statements[0].sid == "Read it"


def test_a_service_is_written_out_in_a_resource() -> None:
    with pytest.raises(PolicyRefused, match="cannot contain regexes"):
        read(_with(Resource="arn:aws:*:eu-west-1:1:x"))
    with pytest.raises(PolicyRefused, match=LEGACY):
        read(_with(Resource="arn:aws:sqs::q"))


def test_characters_beyond_latin_1_are_refused() -> None:
    with pytest.raises(PolicyRefused, match="printable ASCII") as refused:
        read(_with(Resource="arn:aws:s3:::shop/상품"))
    assert refused.value.code == "ValidationError"


TRUSTING = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Principal": GONE}, "Missing required field Principal"),
        ({"Resource": "*"}, "Has prohibited field Resource"),
        ({"Principal": GONE, "NotPrincipal": "*"}, "Has prohibited field NotPrincipal"),
        ({"Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
        ({"Principal": {"Services": "x"}}, SYNTAX),
        ({"Principal": {}}, SYNTAX),
        ({"Principal": "lambda.amazonaws.com"}, SYNTAX),
        ({"Principal": {"Service": "lambda"}}, 'Invalid principal in policy: "SERVICE":"lambda"'),
        ({"Principal": {"AWS": "1"}}, 'Invalid principal in policy: "AWS":"1"'),
        (
            {"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}},
            'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/*"',
        ),
        (
            {"Principal": {"AWS": "arn:aws::iam::111122223333:root"}},
            'Invalid principal in policy: "AWS":"arn:aws::iam::111122223333:root"',
        ),
    ],
)
def test_a_trust_policy_names_who_may_assume_the_role_and_nothing_else(
    changed: dict[str, Any], message: str
) -> None:
    assert checked(document(TRUSTING), PolicyKind.TRUST)
    one = {name: value for name, value in {**TRUSTING, **changed}.items() if value is not GONE}
    with pytest.raises(PolicyRefused) as refused:
        read(document(one), PolicyKind.TRUST)
    assert (refused.value.code, str(refused.value)) == ("MalformedPolicyDocument", message)


def test_a_policy_of_a_resource_names_principal_and_resource() -> None:
    whole = _with(Principal="*")
    assert read(whole, PolicyKind.RESOURCE)
    for element in ("Principal", "Resource"):
        lacking = copy.deepcopy(whole)
        del lacking["Statement"][0][element]
        with pytest.raises(PolicyRefused, match=f"Missing required field {element}"):
            read(lacking, PolicyKind.RESOURCE)
    images = _with(Principal="*", Action="ecr:BatchGetImage", Resource=GONE)
    assert read(images, PolicyKind.RESOURCE)


@pytest.mark.parametrize(
    ("kind", "quota", "message"),
    [
        (
            PolicyKind.INLINE,
            INLINE_OF_ROLE,
            "Maximum policy size of 10240 bytes exceeded for role r",
        ),
        (PolicyKind.MANAGED, MANAGED, "Cannot exceed quota for PolicySize: 6144"),
        (PolicyKind.TRUST, TRUST, "Cannot exceed quota for ACLSizePerRole: 2048"),
    ],
)
def test_a_policy_beyond_its_quota_is_refused_white_space_not_counted(
    kind: PolicyKind, quota: int, message: str
) -> None:
    empty = size(_with(Sid=""))
    full = json.dumps(_with(Sid="a" * (quota - empty)), indent=4)
    assert len(full) > quota
    check_size([full], kind, "r")
    with pytest.raises(PolicyRefused) as refused:
        check_size([_with(Sid="a" * (quota - empty + 1))], kind, "r")
    assert (refused.value.code, str(refused.value)) == ("LimitExceeded", message)


def test_the_inline_policies_of_a_role_count_together() -> None:
    half = _with(Sid="a" * (INLINE_OF_ROLE // 2))
    check_size([half], PolicyKind.INLINE)
    with pytest.raises(PolicyRefused, match="exceeded for role"):
        check_size([half, half], PolicyKind.INLINE)
