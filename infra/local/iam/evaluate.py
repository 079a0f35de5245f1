"""AWS's decision about one request.

Sources: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic" and
"Troubleshooting access denied error messages". Not judged: policies of an organization (SCPs, RCPs), of VPC
endpoints, ACLs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from infra.local.iam.arns import arn_of
from infra.local.iam.context import Context, Value
from infra.local.iam.policy import Policy, Statement
from infra.local.iam.principals import Kind, Meant, Principal


class Outcome(StrEnum):
    """As IAM's `SimulatePrincipalPolicy` writes it."""

    ALLOWED = "allowed"
    IMPLICIT_DENY = "implicitDeny"
    EXPLICIT_DENY = "explicitDeny"


class Source(StrEnum):
    """Types of policies, in the words of AWS's messages, article and all."""

    IDENTITY = "an identity-based policy"
    BOUNDARY = "a permissions boundary"
    SESSION = "a session policy"
    RESOURCE = "a resource-based policy"
    TRUST = "the role trust policy"

    @property
    def missing(self) -> str:
        """The type after "because no"."""
        return self.split(" ", 1)[1]


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes
    ----------
    principal : who asks
    action : such as `s3:GetObject`
    resources : each must be allowed; `*` for an action that names none
    context : condition keys; those that follow from the principal and the owner are added
    owner : account of the resources; None takes it from each ARN, and the principal's where the ARN has none
        (S3's have none)
    """

    principal: Principal
    action: str
    resources: tuple[str, ...] = ("*",)
    context: Mapping[str, Value] = field(default_factory=dict)
    owner: str | None = None


@dataclass(frozen=True)
class Policies:
    """What is judged by.

    Attributes
    ----------
    identity : inline and managed policies of the user, or of the session's role
    boundary : the permissions boundary of the user or role, if it has one
    session : the policies that the session was opened with; None for none
    resource : the resource's policy, the role's trust policy for `sts:AssumeRole`; None for none
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None


class Match(NamedTuple):
    """A statement that applied.

    Attributes
    ----------
    source : type of its policy
    policy : name of its policy
    sid : its `Sid`, "" without one
    position : its place in the policy, from 0
    """

    source: Source
    policy: str
    sid: str
    position: int


@dataclass(frozen=True)
class Decision:
    """What AWS decides.

    Attributes
    ----------
    resource : the one that decided
    match : the statement that denied, or the first that allowed; None where nothing did
    message : as AWS writes it into AccessDenied; "" if allowed
    """

    outcome: Outcome
    resource: str
    match: Match | None
    message: str

    @property
    def allowed(self) -> bool:
        return self.outcome is Outcome.ALLOWED


def judge(request: Request, policies: Policies) -> Decision:
    """The decision: an explicit deny of one resource before an implicit one, that before an allow."""
    each = [_Case(request, policies, resource).decide() for resource in request.resources]
    order = [Outcome.EXPLICIT_DENY, Outcome.IMPLICIT_DENY, Outcome.ALLOWED]
    return min(each, key=lambda decision: order.index(decision.outcome))


class _Case:
    """One request about one resource."""

    def __init__(self, request: Request, policies: Policies, resource: str) -> None:
        self._asks, self._action, self._resource = request.principal, request.action, resource
        read = arn_of(resource)
        self._owner = request.owner or (read and read.account) or request.principal.account
        given = {**self._asks.context, **request.context}
        if self._owner:
            given.setdefault("aws:ResourceAccount", self._owner)
        self._context = Context(given)
        self._policies = policies
        # The trust policy answers for `sts:AssumeRole`, `…WithSAML` and `…WithWebIdentity`, also by being absent.
        is_trust = request.action.lower().startswith("sts:assumerole")
        self._resource_source = Source.TRUST if is_trust else Source.RESOURCE
        # Role trust policies and key policies must allow themselves; others need not exist.
        self._must_be_named = is_trust or bool(read and read.service == "kms")

    def decide(self) -> Decision:
        for source, found in self._by_source().items():
            denied = self._matching(source, found, allows=False)
            if denied:
                return self._denied(source, denied[0][0])
        granted = self._matching(self._resource_source, self._of_resource(), allows=True)
        match, directness = max(granted, key=lambda one: one[1], default=(None, Meant.NOT))
        lacking, by_identity = self._lacking(directness)
        if lacking:
            return self._denied(lacking, None)
        return Decision(Outcome.ALLOWED, self._resource, by_identity or match, "")

    def _lacking(self, granted: Meant) -> tuple[Source | None, Match | None]:
        """The type of policy that does not allow it, or None and what the identity's policies allow it by."""
        if self._asks.account is None:  # services and strangers have no policies of their own
            return (None if granted else self._resource_source), None
        is_at_home = self._asks.account == self._owner
        if not granted and (self._must_be_named or not is_at_home):
            return self._resource_source, None
        if self._asks.kind is Kind.ROOT or (is_at_home and granted is Meant.DIRECTLY):
            return None, None
        by_identity = self._first(Source.IDENTITY, self._policies.identity)
        if by_identity is None and not (is_at_home and granted is Meant.BY_ROLE):
            return Source.IDENTITY, None
        boundary, session = self._policies.boundary, self._policies.session
        if boundary and not self._first(Source.BOUNDARY, (boundary,)):
            return Source.BOUNDARY, None
        # A federated user without session policies may do nothing.
        if session is None and self._asks.kind is Kind.FEDERATED_USER:
            return Source.SESSION, None
        if session is not None and not self._first(Source.SESSION, session):
            return Source.SESSION, None
        return None, by_identity

    def _by_source(self) -> dict[Source, Iterable[Policy]]:
        boundary = self._policies.boundary
        return {
            Source.IDENTITY: self._policies.identity,
            Source.BOUNDARY: (boundary,) if boundary else (),
            Source.SESSION: self._policies.session or (),
            self._resource_source: self._of_resource(),
        }

    def _of_resource(self) -> tuple[Policy, ...]:
        return (self._policies.resource,) if self._policies.resource else ()

    def _first(self, source: Source, policies: Iterable[Policy]) -> Match | None:
        found = self._matching(source, policies, allows=True)
        return found[0][0] if found else None

    def _matching(
        self, source: Source, policies: Iterable[Policy], *, allows: bool
    ) -> list[tuple[Match, Meant]]:
        return [
            (Match(source, policy.name, statement.sid, statement.position), directness)
            for policy in policies
            for statement in policy.statements
            if statement.allows is allows
            and (directness := statement.means(self._asks))
            and self._applies(statement)
        ]

    def _applies(self, statement: Statement) -> bool:
        return statement.covers(self._action, self._resource, self._context)

    def _denied(self, source: Source, match: Match | None) -> Decision:
        on = "" if self._resource == "*" else f" on resource: {self._resource}"
        why = (
            f"with an explicit deny in {source}"
            if match
            else f"because no {source.missing} allows the {self._action} action"
        )
        outcome = Outcome.EXPLICIT_DENY if match else Outcome.IMPLICIT_DENY
        message = f"User: {self._asks.name} is not authorized to perform: {self._action}{on} {why}"
        return Decision(outcome, self._resource, match, message)
