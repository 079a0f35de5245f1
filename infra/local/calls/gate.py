"""IAM's answer to a call: who asks, what is asked, what the policies say."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from infra.local.calls.account import OPERATOR, Account, Caller
from infra.local.calls.call import Operation
from infra.local.calls.expressions import Evaluator
from infra.local.calls.operation import Unknown
from infra.local.calls.record import Record
from infra.local.calls.rules import Ask, NoRule, rules
from infra.local.calls.signature import Signed
from infra.local.iam.context import Value
from infra.local.iam.evaluate import Decision, Policies, Request, judge
from infra.local.ports import LOOPBACK

NOBODY = "-"
"""In the record: who asked without credentials, or with credentials that nobody has."""


@dataclass(frozen=True)
class Refusal:
    """Why a call is refused.

    Attributes
    ----------
    code : `AccessDenied`, or what AWS answers to unknown credentials
    """

    code: str
    message: str


UNSIGNED = Refusal("MissingAuthenticationToken", "Missing Authentication Token")
INVALID = Refusal("InvalidClientTokenId", "The security token included in the request is invalid.")


class Gate:
    """Judges the calls of one account."""

    def __init__(self, account: Account, record: Record) -> None:
        self._account = account
        self._record = record
        self._evaluator = Evaluator(account)

    def who(self, who: Signed | None) -> Caller | Refusal | None:
        """The caller; None for the operator, who may do everything."""
        if who is None:
            return self._refused(NOBODY, "a request without signature", UNSIGNED)
        if who.key == OPERATOR:
            return None
        caller = self._account.caller(who.key)
        if caller is None:
            unknown = replace(
                INVALID, message=f"{INVALID.message} No session has the key {who.key}."
            )
            return self._refused(NOBODY, f"a request to {who.service}", unknown)
        if who.token != caller.token:
            return self._refused(caller.role, f"a request to {who.service}", INVALID)
        return caller

    def decisions(self, caller: Caller, call: Operation) -> list[tuple[Ask, Decision]]:
        """What IAM answers to each ask; raises Unknown where it is not known what is asked, or what policies mean."""
        try:
            asks = rules().asks(call, self._evaluator)
        except NoRule as none:
            raise Unknown(str(none)) from none
        context, policies = self._context(caller, call), self._account.policies(caller)
        name = f"{call.service}:{call.name}"
        found = []
        for ask in asks:
            decision = self._judged(caller, policies, ask, context)
            if self._record.note(caller.role, name, ask.action, decision):
                _say(f"refused {name}: {decision.message}")
            found.append((ask, decision))
        return found

    def refusal(self, caller: Caller, call: Operation) -> Refusal | None:
        """Why the whole call is refused, None if it is allowed: the first ask that is not allowed, or not known, decides."""
        try:
            decisions = self.decisions(caller, call)
        except Unknown as unknown:
            return self.unknown(caller, unknown)
        for _, decision in decisions:
            if not decision.allowed:
                return Refusal("AccessDenied", decision.message)
        return None

    def unknown(self, caller: Caller, unknown: Unknown) -> Refusal:
        """The refusal of a call about which it is not known what IAM is asked."""
        message = (
            f"The local stack does not know what IAM is asked about this call, so it is refused: {unknown}. "
            "infra/local/calls/services/README.md says how a rule is added."
        )
        return self._refused(caller.role, "unknown", Refusal("AccessDenied", message))

    def hides(self, caller: Caller, call: Operation) -> Refusal | None:
        """Why the caller may not know that an object does not exist; None if they may."""
        context, policies = self._context(caller, call), self._account.policies(caller)
        for ask in rules().missing(call, self._evaluator):
            bare = replace(ask, context={})  # no prefix is listed
            decision = self._judged(caller, policies, bare, context)
            if not decision.allowed and self._account.has_bucket(call.members["Bucket"]):
                self._record.hide(caller.role, f"{call.service}:{call.name}")
                return Refusal("AccessDenied", decision.message)
        return None

    def report(self) -> dict[str, Any]:
        """Role → what it was granted and did not use, and what it was refused; `-` has who is no role."""
        found = {
            role: self._record.report(role, self._account.identity(role))
            for role in self._account.roles()
        }
        found[NOBODY] = self._record.report(NOBODY, ())
        return found

    def _judged(
        self, caller: Caller, policies: Policies, ask: Ask, context: Mapping[str, Value]
    ) -> Decision:
        found = []
        for resource in ask.resources:
            of_resource = self._account.resource_policy(resource)
            by = replace(policies, resource=of_resource) if of_resource else policies
            _check_conditions(ask.action, by)
            asked = Request(caller.principal, ask.action, (resource,), {**context, **ask.context})
            found.append(judge(asked, by))
        denied = [one for one in found if not one.allowed]
        explicit = [one for one in denied if one.match]
        return (explicit or denied or found)[0]

    def _context(self, caller: Caller, call: Operation) -> dict[str, Value]:
        """Keys that every request has ("AWS global condition context keys"). Loopback counts as TLS."""
        now = time.time()
        return {
            "aws:SecureTransport": True,
            "aws:SourceIp": LOOPBACK,
            "aws:userid": caller.userid,
            "aws:RequestedRegion": call.region,
            "aws:CurrentTime": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "aws:EpochTime": int(now),
        }

    def _refused(self, role: str, operation: str, refusal: Refusal) -> Refusal:
        if self._record.refuse(role, operation, refusal.message):
            _say(f"refused {operation}: {refusal.message}")
        return refusal


def _check_conditions(action: str, policies: Policies) -> None:
    """Raises Unknown for a condition on a key that no call brings here: absent, it could also allow or not deny."""
    others = (policies.boundary, policies.resource)
    for policy in (*policies.identity, *(policies.session or ()), *(one for one in others if one)):
        for statement in policy.statements:
            for clause in statement.conditions:
                if not rules().brings(clause.key) and statement.names(action):
                    raise Unknown(
                        f"the policy {policy.name} has a condition on {clause.key}, which no call has here"
                    )


def _say(line: str) -> None:
    print(f"iam: {line}", file=sys.stderr, flush=True)
