"""A policy that IAM would store, and whether a statement of it applies to a request.

Sources: IAM User Guide, "IAM JSON policy elements reference" and its pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.iam.conditions import Clause, clauses, holds
from infra.local.iam.context import Context, text
from infra.local.iam.malformed import VERSIONS, PolicyKind, checked, listed
from infra.local.iam.principals import EVERYONE, Meant, Principal, Written, excepted, meant
from infra.local.iam.words import Unresolved, action_fits, like, parts

VARIABLES_FROM_FIELD = 5


@dataclass(frozen=True)
class Statement:
    """One statement; of `actions` and `not_actions`, and of each other pair, one is None.

    Attributes
    ----------
    position : its place in the policy, from 0
    sid : its `Sid`, "" without one
    allows : true for Allow, false for Deny
    version : of its policy; only "2012-10-17" knows variables
    """

    position: int
    sid: str
    allows: bool
    version: str
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principals: Written | None
    not_principals: Written | None
    conditions: tuple[Clause, ...]

    def covers(self, action: str, resource: str, context: Context) -> bool:
        """Whether action, resource and conditions fit, whoever asks."""
        return (
            self.names(action)
            and self._names_resource(resource, context)
            and all(holds(clause, self.version, context) for clause in self.conditions)
        )

    def means(self, principal: Principal) -> Meant:
        """How directly it means the principal; a statement without a principal means whom it is attached to."""
        if self.principals is not None:
            return meant(self.principals, principal)
        if self.not_principals is not None:
            left_out = excepted(self.not_principals, principal, not self.allows)
            return Meant.NOT if left_out else Meant.DIRECTLY
        return Meant.DIRECTLY

    def names(self, action: str) -> bool:
        """Whether it is about that action, on whatever resource."""
        if self.not_actions is not None:
            return not any(action_fits(one, action) for one in self.not_actions)
        return any(action_fits(one, action) for one in self.actions or ())

    def _names_resource(self, resource: str, context: Context) -> bool:
        """A trust policy names none: it is about its own role.

        A resource with a variable that cannot be resolved fits nothing, and rules out nothing either.
        """
        if self.not_resources is not None:
            try:
                return not any(self._fits(one, resource, context) for one in self.not_resources)
            except Unresolved:
                return False
        for one in self.resources or ():
            try:
                if self._fits(one, resource, context):
                    return True
            except Unresolved:
                continue
        return self.resources is None

    def _fits(self, written: str, resource: str, context: Context) -> bool:
        """Variables count behind the fifth colon only; before it `${…}` is text."""
        *before, behind = written.split(":", VARIABLES_FROM_FIELD)
        if len(before) < VARIABLES_FROM_FIELD:
            return like(((written, False),), resource)
        head = ((":".join(before) + ":", False),)
        return like((*head, *parts(behind, self.version, context)), resource)


@dataclass(frozen=True)
class Policy:
    """A policy as it is judged.

    Attributes
    ----------
    name : what messages and decisions call it
    kind : what it is attached to
    """

    name: str
    kind: PolicyKind
    statements: tuple[Statement, ...]


def read(
    document: str | Mapping[str, Any], kind: PolicyKind = PolicyKind.INLINE, name: str = "policy"
) -> Policy:
    """The policy of that document. Raises PolicyRefused for what IAM would not store."""
    found = checked(document, kind)
    version = found.get("Version", VERSIONS[1])
    return Policy(
        name,
        kind,
        tuple(_statement(*one, version) for one in enumerate(listed(found["Statement"]))),
    )


def _statement(position: int, written: dict[str, Any], version: str) -> Statement:
    def names(element: str) -> tuple[str, ...] | None:
        return tuple(listed(written[element])) if element in written else None

    def principals(element: str) -> Written | None:
        found = written.get(element)
        found = {"AWS": EVERYONE} if found == EVERYONE else found
        return found and {entry: tuple(listed(one)) for entry, one in found.items()}

    condition = {
        operator: {key: tuple(map(text, listed(values))) for key, values in keys.items()}
        for operator, keys in written.get("Condition", {}).items()
    }
    return Statement(
        position=position,
        sid=written.get("Sid", ""),
        allows=written["Effect"] == "Allow",
        version=version,
        actions=names("Action"),
        not_actions=names("NotAction"),
        resources=names("Resource"),
        not_resources=names("NotResource"),
        principals=principals("Principal"),
        not_principals=principals("NotPrincipal"),
        conditions=clauses(condition),
    )
