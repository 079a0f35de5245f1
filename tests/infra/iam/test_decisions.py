"""How policies of several types come together ("Policy evaluation logic"), and AWS's words for a denial."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.iam.evaluate import Match, Outcome, Policies, Request, Source, judge
from infra.local.iam.passing import judge_passing
from infra.local.iam.policy import Policy, read
from infra.local.iam.principals import (
    ANONYMOUS,
    Kind,
    Principal,
    principal_of,
    service,
    session,
)
from tests.infra.iam.cases import (
    BUCKET,
    CARLOS,
    ELSEWHERE,
    HERE,
    OBJECT,
    ROLE,
    SESSION,
    STRANGER,
    ask,
    document,
    inline,
    of_resource,
    statement,
    trust,
)

ALLOW, DENY = inline(statement()), inline(statement("Deny"))
OTHER = inline(statement(Action="sqs:*"))
ROOT = principal_of(f"arn:aws:iam::{HERE}:root")
FEDERATED = principal_of(f"arn:aws:sts::{HERE}:federated-user/carlos")
LAMBDA = service("lambda.amazonaws.com")


def _by(principal: Any, effect: str = "Allow", **others: Any) -> Policy:
    return of_resource(statement(effect, Principal=principal, **others))


def _aws(name: str) -> dict[str, str]:
    return {"AWS": name}


def test_nothing_is_allowed_that_no_policy_allows() -> None:
    assert ask().outcome is Outcome.IMPLICIT_DENY
    assert ask(OTHER).outcome is Outcome.IMPLICIT_DENY


def test_the_statement_that_decided_is_named() -> None:
    policy = read(
        document(statement(Action="s3:*", Resource=BUCKET), statement(Sid="Read")), name="loader"
    )
    assert ask(policy).match == Match(Source.IDENTITY, "loader", "Read", 1)
    denied = ask(policy, inline(statement("Deny", Sid="Never")))
    assert denied.match == Match(Source.IDENTITY, "inline", "Never", 0)
    assert denied.outcome is Outcome.EXPLICIT_DENY


@pytest.mark.parametrize(
    "others",
    [
        {"boundary": DENY},
        {"session": (DENY,)},
        {"resource": _by("*", "Deny")},
        {"resource": _by(_aws(HERE), "Deny")},
        {"resource": _by(_aws(ROLE), "Deny")},
        {"resource": _by(_aws(SESSION.name), "Deny")},
    ],
)
def test_an_explicit_deny_wins_wherever_it_stands(others: dict[str, Any]) -> None:
    decision = ask(ALLOW, **others)
    assert decision.outcome is Outcome.EXPLICIT_DENY


@pytest.mark.parametrize(
    ("identity", "boundary", "in_session", "allowed"),
    [
        (ALLOW, None, None, True),
        (ALLOW, ALLOW, None, True),
        (ALLOW, OTHER, None, False),
        (OTHER, ALLOW, None, False),  # a boundary grants nothing
        (ALLOW, None, (ALLOW,), True),
        (ALLOW, None, (OTHER,), False),
        (ALLOW, None, (), False),
        (OTHER, None, (ALLOW,), False),
        (ALLOW, ALLOW, (OTHER, ALLOW), True),
    ],
)
def test_boundary_and_session_policies_limit_what_identity_policies_grant(
    identity: Policy, boundary: Policy | None, in_session: Any, allowed: bool
) -> None:
    assert ask(identity, boundary=boundary, session=in_session).allowed is allowed


LIMITS = {"boundary": OTHER, "session": (OTHER,)}


@pytest.mark.parametrize(
    ("who", "principal", "alone", "despite_limits"),
    [
        (SESSION, "*", True, True),
        (SESSION, _aws("*"), True, True),
        (SESSION, _aws(SESSION.name), True, True),
        (SESSION, _aws(ROLE), True, False),
        (SESSION, _aws(HERE), False, False),  # passed on to the account, whose policies decide
        (SESSION, _aws(f"arn:aws:iam::{HERE}:root"), False, False),
        (SESSION, _aws(f"arn:aws:iam::{HERE}:role/other"), False, False),
        (SESSION, _aws(ELSEWHERE), False, False),
        (SESSION, {"Service": "lambda.amazonaws.com"}, False, False),
        (SESSION, {"Federated": SESSION.name}, False, False),
        (SESSION, {"CanonicalUser": HERE}, False, False),
        (CARLOS, _aws(CARLOS.name), True, True),
        (CARLOS, {"AWS": [ROLE, CARLOS.name]}, True, True),
        (CARLOS, _aws(f"arn:aws:iam::{HERE}:user/Carlos"), False, False),
        (FEDERATED, _aws(FEDERATED.name), True, True),
        (FEDERATED, _aws(CARLOS.name), False, False),  # of its user: limited by session policies
    ],
)
def test_within_an_account_a_resource_policy_grants_by_whom_it_names(
    who: Principal, principal: Any, alone: bool, despite_limits: bool
) -> None:
    policy = _by(principal)
    assert ask(who=who, resource=policy).allowed is alone
    assert ask(who=who, resource=policy, **LIMITS).allowed is despite_limits


def test_a_resource_policy_that_names_the_account_lets_its_identity_policies_decide() -> None:
    assert ask(ALLOW, resource=_by(_aws(HERE))).allowed
    assert not ask(OTHER, resource=_by(_aws(HERE))).allowed


def test_a_federated_user_needs_a_session_policy() -> None:
    assert not ask(ALLOW, who=FEDERATED).allowed
    assert ask(ALLOW, who=FEDERATED, session=(ALLOW,)).allowed


@pytest.mark.parametrize("principal", ["*", _aws(ELSEWHERE), _aws(STRANGER.name)])
def test_across_accounts_both_sides_must_allow(principal: Any) -> None:
    across = {"who": STRANGER, "owner": HERE}
    assert ask(ALLOW, resource=_by(principal), **across).allowed
    assert not ask(OTHER, resource=_by(principal), **across).allowed
    assert not ask(ALLOW, resource=_by(_aws(HERE)), **across).allowed
    assert not ask(ALLOW, **across).allowed
    assert not ask(ALLOW, boundary=OTHER, resource=_by(principal), **across).allowed


def test_the_owner_is_read_from_the_arn_where_it_has_an_account() -> None:
    queue = f"arn:aws:sqs:eu-west-1:{ELSEWHERE}:q"
    policy = inline(statement(Action="sqs:*"))
    assert not ask(policy, action="sqs:SendMessage", on=queue).allowed
    assert ask(policy, action="sqs:SendMessage", on=queue.replace(ELSEWHERE, HERE)).allowed


def test_the_root_user_may_everything_in_its_account_but_what_is_denied() -> None:
    assert ask(who=ROOT).allowed
    assert not ask(who=ROOT, resource=_by("*", "Deny")).allowed
    assert not ask(who=ROOT, owner=ELSEWHERE).allowed
    assert ask(who=ROOT, owner=ELSEWHERE, resource=_by(_aws(HERE))).allowed


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [("*", True), (_aws(HERE), False), ({"Service": "lambda.amazonaws.com"}, False)],
)
def test_who_is_not_signed_in_may_what_everyone_may(principal: Any, allowed: bool) -> None:
    assert ask(who=ANONYMOUS, owner=HERE, resource=_by(principal)).allowed is allowed


def test_a_service_may_what_the_resource_lets_it_do_and_on_whose_behalf() -> None:
    rule = f"arn:aws:events:eu-west-1:{HERE}:rule/created"
    policy = _by(
        {"Service": ["events.amazonaws.com"]}, Condition={"ArnEquals": {"aws:SourceArn": rule}}
    )
    events = service("events.amazonaws.com")
    assert ask(who=events, resource=policy, context={"aws:SourceArn": rule}).allowed
    assert not ask(who=events, resource=policy, context={"aws:SourceArn": rule + "2"}).allowed
    assert not ask(who=events, resource=policy).allowed
    assert not ask(who=LAMBDA, resource=policy, context={"aws:SourceArn": rule}).allowed


NOT_CARLOS = [f"arn:aws:iam::{HERE}:root", CARLOS.name]
NOT_SESSION = [HERE, ROLE, SESSION.name]


@pytest.mark.parametrize(
    ("who", "named", "denied"),
    [
        (CARLOS, NOT_CARLOS, False),
        (CARLOS, [CARLOS.name], True),  # his account is not left out
        (SESSION, NOT_SESSION, False),
        (SESSION, NOT_SESSION[:2], True),
        (STRANGER, NOT_CARLOS, True),
        (ANONYMOUS, NOT_CARLOS, True),
    ],
)
def test_a_deny_leaves_out_whom_notprincipal_names_with_account_and_role(
    who: Principal, named: list[str], denied: bool
) -> None:
    policy = of_resource(statement("Deny", NotPrincipal={"AWS": named}))
    outcome = ask(ALLOW, who=who, owner=HERE, resource=policy).outcome
    assert (outcome is Outcome.EXPLICIT_DENY) is denied


def test_an_allow_with_notprincipal_leaves_out_whoever_is_named_at_all() -> None:
    policy = of_resource(statement(NotPrincipal={"AWS": ROLE}))
    assert not ask(resource=policy).allowed
    assert ask(who=CARLOS, resource=policy).allowed


def test_each_resource_of_a_request_must_be_allowed() -> None:
    catalog, table = (f"arn:aws:glue:eu-west-1:{HERE}:{one}" for one in ("catalog", "table/d/t"))
    policies = Policies((inline(statement(Action="glue:*", Resource=table)),))
    assert judge(Request(SESSION, "glue:GetTable", (table,)), policies).allowed
    both = judge(Request(SESSION, "glue:GetTable", (table, catalog)), policies)
    assert (both.allowed, both.resource) == (False, catalog)


def test_a_key_must_be_granted_by_its_own_policy() -> None:
    key = {"action": "kms:Decrypt", "on": f"arn:aws:kms:eu-west-1:{HERE}:key/1"}
    own = inline(statement(Action="kms:*"))
    account = _by(_aws(f"arn:aws:iam::{HERE}:root"), Action="kms:*")
    assert not ask(own, **key).allowed
    assert not ask(own, who=ROOT, **key).allowed
    assert ask(own, resource=account, **key).allowed
    assert not ask(resource=account, **key).allowed
    assert ask(who=ROOT, resource=account, **key).allowed


ASSUME: dict[str, Any] = {"action": "sts:AssumeRole", "on": ROLE}


def _trust(principal: Any, **others: Any) -> Policy:
    return trust({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **others})


def test_a_role_is_assumed_by_whom_its_trust_policy_names() -> None:
    may = inline(statement(Action="sts:AssumeRole", Resource=ROLE))
    assert ask(who=LAMBDA, resource=_trust({"Service": LAMBDA.name}), **ASSUME).allowed
    assert not ask(who=LAMBDA, resource=_trust({"Service": "glue.amazonaws.com"}), **ASSUME).allowed
    assert ask(who=CARLOS, resource=_trust(_aws(CARLOS.name)), **ASSUME).allowed
    assert not ask(who=CARLOS, resource=_trust(_aws(HERE)), **ASSUME).allowed
    assert ask(may, who=CARLOS, resource=_trust(_aws(HERE)), **ASSUME).allowed
    assert not ask(may, who=CARLOS, **ASSUME).allowed
    assert not ask(who=STRANGER, resource=_trust(_aws(STRANGER.name)), **ASSUME).allowed
    assert ask(may, who=STRANGER, resource=_trust(_aws(STRANGER.name)), **ASSUME).allowed


def test_a_trust_policy_asks_for_the_external_id() -> None:
    policy = _trust(_aws(CARLOS.name), Condition={"StringEquals": {"sts:ExternalId": "7"}})
    assert ask(who=CARLOS, resource=policy, context={"sts:ExternalId": "7"}, **ASSUME).allowed
    assert not ask(who=CARLOS, resource=policy, **ASSUME).allowed


def test_a_provider_of_identities_opens_sessions_of_the_roles_that_trust_it() -> None:
    google = Principal(Kind.PROVIDER, "accounts.google.com")
    opening = {"action": "sts:AssumeRoleWithWebIdentity", "on": ROLE}
    policy = _trust(
        {"Federated": google.name},
        Action=opening["action"],
        Condition={"StringEquals": {"accounts.google.com:aud": "app"}},
    )
    app = {"accounts.google.com:aud": "app"}
    assert ask(who=google, resource=policy, context=app, **opening).allowed
    assert not ask(who=google, resource=policy, context={}, **opening).allowed
    other = Principal(Kind.PROVIDER, "www.amazon.com")
    assert not ask(who=other, resource=policy, context=app, **opening).allowed


def test_a_role_is_passed_by_whom_may_to_a_service_that_may_assume_it() -> None:
    to_lambda = {"StringEquals": {"iam:PassedToService": LAMBDA.name}}
    may = Policies((inline(statement(Action="iam:PassRole", Resource=ROLE, Condition=to_lambda)),))
    trusting = _trust({"Service": LAMBDA.name})
    assert judge_passing(CARLOS, ROLE, LAMBDA.name, may, trusting).allowed
    assert not judge_passing(CARLOS, ROLE, LAMBDA.name, Policies(), trusting).allowed
    other = judge_passing(CARLOS, ROLE, "glue.amazonaws.com", may, trusting)
    assert "iam:PassRole" in other.message
    untrusted = judge_passing(
        CARLOS, ROLE, LAMBDA.name, may, _trust({"Service": "glue.amazonaws.com"})
    )
    assert "no role trust policy allows the sts:AssumeRole action" in untrusted.message


WHO = f"User: {SESSION.name} is not authorized to perform: "
GET = f"{WHO}s3:GetObject on resource: {OBJECT} "


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        ({}, GET + "because no identity-based policy allows the s3:GetObject action"),
        ({"identity": (ALLOW, DENY)}, GET + "with an explicit deny in an identity-based policy"),
        (
            {"identity": (ALLOW,), "boundary": OTHER},
            GET + "because no permissions boundary allows the s3:GetObject action",
        ),
        (
            {"identity": (ALLOW,), "boundary": DENY},
            GET + "with an explicit deny in a permissions boundary",
        ),
        (
            {"identity": (ALLOW,), "session": (OTHER,)},
            GET + "because no session policy allows the s3:GetObject action",
        ),
        (
            {"identity": (ALLOW,), "resource": _by("*", "Deny")},
            GET + "with an explicit deny in a resource-based policy",
        ),
    ],
)
def test_a_denial_says_who_what_where_and_which_type_of_policy(
    policies: dict[str, Any], message: str
) -> None:
    decision = judge(Request(SESSION, "s3:GetObject", (OBJECT,)), Policies(**policies))
    assert decision.message == message


def test_a_denial_names_the_resource_policy_across_accounts_and_no_resource_where_there_is_none() -> (
    None
):
    across = ask(ALLOW, owner=ELSEWHERE)
    assert across.message == GET + "because no resource-based policy allows the s3:GetObject action"
    assert ask(on="*").message == WHO + (
        "s3:GetObject because no identity-based policy allows the s3:GetObject action"
    )
    assert ask(ALLOW).message == ""


def test_what_asks_is_read_from_its_arn() -> None:
    assert principal_of(SESSION.name) == SESSION
    assert session(f"arn:aws:iam::{HERE}:role/team/loader", "r").name == (
        f"arn:aws:sts::{HERE}:assumed-role/loader/r"
    )
    assert (ROOT.kind, FEDERATED.role) == (Kind.ROOT, CARLOS.name)
    for wrong in (ROLE, "carlos", f"arn:aws:sts::{HERE}:assumed-role/loader", OBJECT):
        with pytest.raises(ValueError, match="ARN"):
            principal_of(wrong)
    with pytest.raises(ValueError, match="role"):
        session(CARLOS.name, "r")


@pytest.mark.parametrize(
    ("who", "key", "value"),
    [
        (SESSION, "aws:PrincipalArn", ROLE),
        (CARLOS, "aws:PrincipalArn", CARLOS.name),
        (SESSION, "aws:PrincipalType", "AssumedRole"),
        (CARLOS, "aws:PrincipalAccount", HERE),
        (CARLOS, "aws:ResourceAccount", HERE),
        (LAMBDA, "aws:PrincipalIsAWSService", "true"),
        (SESSION, "aws:PrincipalIsAWSService", "false"),
        (LAMBDA, "aws:PrincipalServiceName", LAMBDA.name),
        (CARLOS, "aws:ViaAWSService", "false"),
        (ANONYMOUS, "aws:PrincipalType", "Anonymous"),
    ],
)
def test_keys_follow_from_who_asks(who: Principal, key: str, value: str) -> None:
    for given, allowed in ((value, True), ("other", False)):
        policy = _by("*", Condition={"StringEquals": {key: given}})
        assert ask(who=who, owner=HERE, resource=policy).allowed is allowed
