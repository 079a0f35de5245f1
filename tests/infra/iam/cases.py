"""What the tests of the judge share: short policies, and who asks."""

from __future__ import annotations

from typing import Any

from infra.local.iam.evaluate import Decision, Policies, Request, judge
from infra.local.iam.malformed import PolicyKind
from infra.local.iam.policy import Policy, read
from infra.local.iam.principals import Principal, principal_of, session

HERE, ELSEWHERE = "111122223333", "999999999999"
ROLE = f"arn:aws:iam::{HERE}:role/loader"
SESSION = session(ROLE, "run-1")
CARLOS = principal_of(f"arn:aws:iam::{HERE}:user/carlos")
STRANGER = principal_of(f"arn:aws:iam::{ELSEWHERE}:user/eve")
BUCKET, OBJECT = "arn:aws:s3:::shop", "arn:aws:s3:::shop/feeds/a.csv"


def statement(effect: str = "Allow", **others: Any) -> dict[str, Any]:
    """A statement about `s3:GetObject` on everything, unless told otherwise."""
    own = {"Action": "s3:GetObject", "Resource": "*"}
    for element in ("Action", "Resource"):
        if f"Not{element}" in others:
            del own[element]
    return {"Effect": effect, **own, **others}


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def inline(*statements: dict[str, Any], version: str = "2012-10-17") -> Policy:
    return read(document(*statements, version=version), name="inline")


def of_resource(*statements: dict[str, Any]) -> Policy:
    return read(document(*statements), PolicyKind.RESOURCE, "bucket")


def trust(*statements: dict[str, Any]) -> Policy:
    return read(document(*statements), PolicyKind.TRUST, "trust")


def ask(
    *identity: Policy,
    who: Principal = SESSION,
    action: str = "s3:GetObject",
    on: str = OBJECT,
    context: dict[str, Any] | None = None,
    owner: str | None = None,
    **others: Any,
) -> Decision:
    """The decision about one resource under these identity policies; `others` as `Policies` names them."""
    asked = Request(who, action, (on,), context or {}, owner)
    return judge(asked, Policies(identity=identity, **others))
