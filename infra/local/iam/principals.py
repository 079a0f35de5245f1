"""Who asks, and whether a policy's `Principal` means them.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" and "AWS JSON policy elements: NotPrincipal".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from infra.local.iam.arns import Arn, arn_of
from infra.local.iam.context import Value

EVERYONE = "*"
ACCOUNT_ID = re.compile(r"\d{12}")


class Kind(StrEnum):
    """What asks. The value is what `aws:PrincipalType` says, where the key exists."""

    ROOT = "Account"
    USER = "User"
    SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    ANONYMOUS = "Anonymous"
    SERVICE = "Service"
    PROVIDER = "Provider"


class Meant(IntEnum):
    """How directly a `Principal` means someone: what it grants in their own account rests on it."""

    NOT = 0
    BY_ACCOUNT = 1
    """The account is named: it may pass the permission on by identity policies, and grants nothing itself."""
    BY_ROLE = 2
    """The role of the session is named: limits of boundary and session policy stay."""
    DIRECTLY = 3
    """The user, the session, the service or everyone: implicit denies elsewhere do not count."""


@dataclass(frozen=True)
class Principal:
    """Who asks.

    Attributes
    ----------
    kind : what asks
    name : its ARN; `lambda.amazonaws.com` of a service; the provider of a web identity or SAML
    account : 12 digits; None for services, providers and anonymous
    role : the ARN of a session's role, of a federated user's IAM user; else None
    """

    kind: Kind
    name: str
    account: str | None = None
    role: str | None = None

    @property
    def context(self) -> dict[str, Value]:
        """The condition keys that follow from who asks ("AWS global condition context keys")."""
        found: dict[str, Value] = {"aws:ViaAWSService": False}
        if self.kind is not Kind.ANONYMOUS:  # only signed requests say so
            found["aws:PrincipalIsAWSService"] = self.kind is Kind.SERVICE
        if self.kind is Kind.SERVICE:
            found |= {
                "aws:PrincipalServiceName": self.name,
                "aws:PrincipalServiceNamesList": [self.name],
            }
        if self.kind not in (Kind.SERVICE, Kind.PROVIDER):
            found["aws:PrincipalType"] = self.kind.value
        if self.account:
            is_session = self.kind is Kind.SESSION and self.role
            found["aws:PrincipalArn"] = (self.role or self.name) if is_session else self.name
            found["aws:PrincipalAccount"] = self.account
        if self.kind is Kind.USER:
            found["aws:username"] = self.name.rsplit("/", 1)[-1]
        return found

    @property
    def layers(self) -> tuple[str, ...]:
        """What it is validated by, one after the other: account, role, itself."""
        if self.account is None:
            return () if self.kind is Kind.ANONYMOUS else (self.name,)
        named = (self.account, self.role, self.name)
        return tuple(dict.fromkeys(_plain(one) for one in named if one))


ANONYMOUS = Principal(Kind.ANONYMOUS, "anonymous")


def principal_of(arn: str) -> Principal:
    """The principal of that ARN: a user, a session of a role or of a user, an account's root.

    Of an assumed role's ARN the role's path cannot be known: where it has one, use `session`. A role is no
    principal by itself. Raises ValueError for any other ARN.
    """
    read = arn_of(arn)
    if read and ACCOUNT_ID.fullmatch(read.account):
        kind, _, rest = read.resource.partition("/")
        of = (read.service, kind)
        if of == ("iam", "root") and not rest:
            return Principal(Kind.ROOT, arn, read.account)
        if of == ("iam", "user") and rest:
            return Principal(Kind.USER, arn, read.account)
        if of == ("sts", "assumed-role") and rest.count("/") == 1:
            role = _iam(read, f"role/{rest.split('/')[0]}")
            return Principal(Kind.SESSION, arn, read.account, role)
        if of == ("sts", "federated-user") and rest:
            return Principal(Kind.FEDERATED_USER, arn, read.account, _iam(read, f"user/{rest}"))
    raise ValueError(f"{arn} is the ARN of no user, session or root; of a role, name a session")


def session(role: str, name: str) -> Principal:
    """A session of the role of that ARN, under that name. Raises ValueError for what is no role's ARN."""
    read = arn_of(role)
    if read is None or read.service != "iam" or not read.resource.startswith("role/"):
        raise ValueError(f"{role} is no ARN of a role")
    short = read.resource.rsplit("/", 1)[-1]
    arn = f"arn:{read.partition}:sts::{read.account}:assumed-role/{short}/{name}"
    return Principal(Kind.SESSION, arn, read.account, role)


def service(name: str) -> Principal:
    """A service that asks for itself, such as `lambda.amazonaws.com`."""
    return Principal(Kind.SERVICE, name)


def _iam(read: Arn, resource: str) -> str:
    return f"arn:{read.partition}:iam::{read.account}:{resource}"


def _plain(written: str) -> str:
    """An account's ARN and its number mean the same."""
    read = arn_of(written)
    return read.account if read and (read.service, read.resource) == ("iam", "root") else written


Written = Mapping[str, tuple[str, ...]]
"""`AWS`, `Service`, `Federated`, `CanonicalUser` → names. `"*"` is read as {"AWS": ("*",)}, its equal."""


def meant(written: Written, principal: Principal) -> Meant:
    """How directly a `Principal` element means that principal.

    Canonical user ids are known to S3 alone; here they mean nobody.
    """
    entry = {Kind.SERVICE: "Service", Kind.PROVIDER: "Federated"}.get(principal.kind, "AWS")
    names = {_plain(name) for name in written.get(entry, ())}
    if EVERYONE in written.get("AWS", ()) or _plain(principal.name) in names:
        return Meant.DIRECTLY
    if principal.role in names:
        return Meant.BY_ROLE
    return Meant.BY_ACCOUNT if principal.account in names else Meant.NOT


def excepted(written: Written, principal: Principal, is_deny: bool) -> bool:
    """Whether a `NotPrincipal` element leaves that principal out.

    Under Deny every layer has to be listed, account, role and session, since AWS validates one after the
    other; under Allow one is enough to be left out.
    """
    names = {_plain(name) for entry in written.values() for name in entry}
    if EVERYONE in names:
        return True
    listed = [layer in names for layer in principal.layers]
    return bool(listed) and (all(listed) if is_deny else any(listed))
