"""What IAM refuses to store: errors with its code and words.

Sources: IAM User Guide, "Grammar of the IAM JSON policy language", the pages of the single elements,
"IAM and AWS STS quotas"; the words are IAM's answers as moto (`moto.iam.policy_validation`) and issues of
Terraform's and CloudFormation's users have recorded them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from infra.local.iam.malformed_arns import LEGACY, resource_fault
from infra.local.iam.operators import moment, operator_of
from infra.local.iam.principals import ACCOUNT_ID, EVERYONE

Json = dict[str, Any]


class PolicyKind(StrEnum):
    """What a policy is attached to; it decides which elements it must and must not have."""

    INLINE = "inline"
    MANAGED = "managed"
    TRUST = "trust"
    RESOURCE = "resource"

    @property
    def of_identity(self) -> bool:
        return self in (PolicyKind.INLINE, PolicyKind.MANAGED)


class PolicyRefused(Exception):
    """IAM stores no such policy.

    Attributes
    ----------
    code : AWS's error code
    """

    def __init__(self, message: str, code: str = "MalformedPolicyDocument") -> None:
        super().__init__(message)
        self.code = code


SYNTAX = "Syntax errors in policy."
VERSIONS = ("2012-10-17", "2008-10-17")
TOP = {"Version", "Id", "Statement"}
PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
ELEMENTS = {"Sid", "Effect", "Condition"} | {one for pair in PAIRS for one in pair}
PRINCIPAL_TYPES = {"AWS", "Service", "Federated", "CanonicalUser"}
# tab, line ends, and U+0020 to U+00FF ("IAM name requirements")
_CHARACTERS = re.compile(r"[\t\n\r\x20-\xff]*")
_SID = re.compile(r"[0-9A-Za-z]*")
_VENDOR = re.compile(r"[a-zA-Z0-9.\-]+|\*")
_NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
# An ARN without wildcards, or the id that IAM puts in place of a role's or user's ARN.
_NAMED = re.compile(
    r"arn:[a-z\-]+:(iam|sts)::(\d{12}|cloudfront):(root|(user|role|assumed-role|federated-user)/[^*?]+)"
    r"|A(RO|ID)A[A-Z0-9]+"
)
_SERVICE = re.compile(r"[a-z0-9.\-]+\.amazonaws\.(com|com\.cn|eu)")


def checked(document: str | Mapping[str, Any], kind: PolicyKind) -> Json:
    """The document as JSON objects, if it may be stored. Raises PolicyRefused."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    if kind is not PolicyKind.RESOURCE and not _CHARACTERS.fullmatch(text):
        raise PolicyRefused(
            "The specified value for policyDocument is invalid. It must contain only printable ASCII characters.",
            "ValidationError",
        )
    found = _read(text)
    statements = _statements(found)
    for statement in statements:
        _check_form(statement)
    version = found.get("Version")
    if kind is PolicyKind.MANAGED and version != VERSIONS[0]:
        raise PolicyRefused("Policy document must be version 2012-10-17 or greater.")
    for statement in statements:
        _check_values(statement)
    if kind is not PolicyKind.RESOURCE:
        _check_sids(statements)
    for statement in statements:
        _check_for_kind(statement, kind)
    return found


def _read(text: str) -> Json:
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except ValueError as problem:
        raise PolicyRefused(SYNTAX) from problem
    _require(isinstance(found, dict) and set(found) <= TOP and "Statement" in found)
    _require(found.get("Version", VERSIONS[1]) in VERSIONS)
    _require(isinstance(found.get("Id", ""), str))
    return found  # type: ignore[no-any-return]


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one element")
    return found


def _statements(found: Json) -> list[Json]:
    statements = found["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    _require(statements and all(isinstance(one, dict) for one in statements))
    return statements


def _require(condition: object, message: str = SYNTAX) -> None:
    if not condition:
        raise PolicyRefused(message)


def listed(value: Any) -> list[Any]:
    """One or several, as a list."""
    return value if isinstance(value, list) else [value]


def _check_form(statement: Json) -> None:
    _require(set(statement) <= ELEMENTS)
    _require(not any(one in statement and other in statement for one, other in PAIRS))
    _require(str(statement.get("Effect")).lower() in ("allow", "deny"))
    _require(isinstance(statement.get("Sid", ""), str))
    for element in ("Action", "NotAction", "Resource", "NotResource"):
        _require(all(isinstance(one, str) for one in listed(statement.get(element, []))))
    for element in PAIRS[2]:
        if element in statement:
            _check_principal_form(statement[element])
    condition = statement.get("Condition", {})
    _require(isinstance(condition, dict))
    for written, keys in condition.items():
        _require(isinstance(keys, dict) and (operator_of(written) or not keys))
        for value in keys.values():
            _require(all(isinstance(one, str | bool | int | float) for one in listed(value)))


def _check_principal_form(principal: Any) -> None:
    if principal != EVERYONE:
        _require(isinstance(principal, dict) and principal and set(principal) <= PRINCIPAL_TYPES)
        _require(all(isinstance(one, str) for value in principal.values() for one in listed(value)))


def _check_values(statement: Json) -> None:
    _require(statement["Effect"] in ("Allow", "Deny"), LEGACY)
    for written, key, value in _conditions(statement):
        asked = operator_of(written)
        if asked and asked.name.startswith("Date"):
            try:
                moment(value)
            except (ValueError, OverflowError) as problem:
                raise PolicyRefused(LEGACY) from problem
        vendor, colon, name = key.partition(":")
        _require(colon and vendor and name, _NO_VENDOR)


def _conditions(statement: Json) -> Iterator[tuple[str, str, str]]:
    """Operator, key and value, each value by itself."""
    for written, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            for value in listed(values):
                yield written, key, str(value)


def _check_sids(statements: list[Json]) -> None:
    sids = [sid for statement in statements if (sid := statement.get("Sid"))]
    _require(
        all(_SID.fullmatch(sid) for sid in sids),
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    )
    _require(len(set(sids)) == len(sids), "Statement IDs (SID) in a single policy must be unique.")


def _check_for_kind(statement: Json, kind: PolicyKind) -> None:
    has_principal = "Principal" in statement or "NotPrincipal" in statement
    resources = [one for name in PAIRS[1] for one in listed(statement.get(name, []))]
    actions = [one for name in PAIRS[0] for one in listed(statement.get(name, []))]
    _require(actions, "Policy statement must contain actions.")
    for action in actions:
        _check_action(action)
    if kind.of_identity:
        _require(not has_principal, "Policy document should not specify a principal.")
        _require(resources, "Policy statement must contain resources.")
    else:
        _require(has_principal, "Missing required field Principal")
        _check_principals(statement)
    if kind is PolicyKind.TRUST:
        _require("NotPrincipal" not in statement, "Has prohibited field NotPrincipal")
        _require(not set(PAIRS[1]) & set(statement), "Has prohibited field Resource")
        _require(
            "NotAction" not in statement and all(one.lower().startswith("sts:") for one in actions),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        )
    if kind is PolicyKind.RESOURCE and not all(one.startswith("ecr:") for one in actions):
        # a repository's policy is the one that names no resource (cfn-lint, schemas of resource policies)
        _require(resources, "Missing required field Resource")
    for resource in resources:
        fault = resource_fault(resource)
        _require(fault is None, fault or "")


def _check_action(action: str) -> None:
    if action == "*":
        return
    _require(":" in action, _NO_VENDOR)
    _require(action.count(":") == 1, "Actions/Condition can contain only one colon.")
    vendor = action.split(":")[0]
    _require(_VENDOR.fullmatch(vendor), f"Vendor {vendor} is not valid")


def _check_principals(statement: Json) -> None:
    """A wildcard stands for everyone, never for a part of a name or ARN."""
    for element in PAIRS[2]:
        written = statement.get(element, {})
        for name in listed(written["AWS"]) if "AWS" in written else []:
            right = name == EVERYONE or ACCOUNT_ID.fullmatch(name) or _NAMED.fullmatch(name)
            _require(right, f'Invalid principal in policy: "AWS":"{name}"')
        for name in listed(written["Service"]) if "Service" in written else []:
            right = _SERVICE.fullmatch(name)
            _require(right, f'Invalid principal in policy: "SERVICE":"{name}"')
