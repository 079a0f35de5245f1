"""What IAM stores in silence although it has no effect, or another one than meant.

Source of each check and of its words: IAM User Guide, "IAM Access Analyzer policy check reference". IAM itself
refuses none of this: an action that no service has is granted to nobody's use, and a condition on a key that no
request brings is never fulfilled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from infra.local.iam.known import GLOBAL_KEYS, MULTIVALUED, actions
from infra.local.iam.malformed import PolicyKind
from infra.local.iam.operators import ALL, NULL
from infra.local.iam.policy import Statement, read
from infra.local.iam.words import VARIABLES_SINCE, action_fits

_VARIABLE = re.compile(r"\$\{[^}]*\}")


class Finding(NamedTuple):
    """What a statement should not say.

    Attributes
    ----------
    check : title of the check, as the reference has it
    position : that of the statement, from 0
    text : what is wrong, in the reference's words
    """

    check: str
    position: int
    text: str


def advice(
    document: str | Mapping[str, Any], kind: PolicyKind = PolicyKind.INLINE
) -> list[Finding]:
    """Findings in the order of the statements; none for a policy that does what it says.

    Raises PolicyRefused for what IAM would not store.
    """
    return [
        Finding(check, statement.position, text)
        for statement in read(document, kind).statements
        for check, text in (
            *_of_actions(statement),
            *_of_conditions(statement),
            *_of_variables(statement),
        )
    ]


Check = Iterator[tuple[str, str]]


def _of_actions(statement: Statement) -> Check:
    for written in (*(statement.actions or ()), *(statement.not_actions or ())):
        prefix, _, name = written.lower().partition(":")
        if prefix == "*":
            continue
        if prefix not in actions():
            yield (
                "Invalid service in action",
                f"The service {prefix} specified in the action does not exist.",
            )
        elif not any(action_fits(name, one) for one in actions()[prefix]):
            yield "Invalid action", f"The action {written} does not exist."


def _of_conditions(statement: Statement) -> Check:
    prefixes = {one.lower().partition(":")[0] for one in statement.actions or ()}
    for clause in statement.conditions:
        key = clause.key.lower()
        prefix = key.partition(":")[0]
        yield from _of_global_key(clause.key) if prefix == "aws" else ()
        # Keys of web identities are prefixed by their provider, such as `accounts.google.com:aud`.
        if prefix != "aws" and prefix in prefixes | set(actions()):
            if prefix not in prefixes and "*" not in prefixes and statement.actions:
                yield (
                    "Unsupported action for condition key",
                    f"The following actions: {', '.join(statement.actions)} are not supported by the condition "
                    f"key {clause.key}. The condition will not be evaluated for these actions.",
                )
        elif prefix != "aws" and "." not in prefix:
            yield (
                "Invalid service condition key",
                f"The condition key {clause.key} does not exist in the service {prefix}.",
            )
        asked = clause.operator
        if asked.name == NULL:
            continue
        if key in MULTIVALUED and not asked.quantifier:
            yield (
                "Missing qualifier",
                f"The request context key {clause.key} has multiple values. Use the ForAllValues or "
                "ForAnyValue condition key qualifiers in your policy.",
            )
        if (
            prefix == "aws"
            and key not in MULTIVALUED
            and asked.quantifier == ALL
            and statement.allows
        ):
            yield (
                "ForAllValues with single valued key",
                f"Using ForAllValues qualifier with the single-valued condition key {clause.key} can be "
                "overly permissive.",
            )
        exact = asked.name.startswith("String") and "Like" not in asked.name
        if exact and any(re.search(r"[*?]", _VARIABLE.sub("", value)) for value in clause.values):
            yield (
                "Wildcard without like operator",
                "Your condition value includes a * or ? character. If you meant to use a wildcard (*, ?), "
                "update the condition operator to include Like.",
            )


def _of_global_key(written: str) -> Check:
    key, slash, tag = written.partition("/")
    if f"{key.lower()}/" in GLOBAL_KEYS:
        if not tag:
            yield (
                "Missing tag key in condition",
                f"The condition key {key} must include a tag key to control access based on tags.",
            )
    elif slash or key.lower() not in GLOBAL_KEYS:
        yield (
            "Invalid global condition key",
            f"The condition key {written} does not exist. Use a valid condition key.",
        )


def _of_variables(statement: Statement) -> Check:
    resources = (*(statement.resources or ()), *(statement.not_resources or ()))
    values = [value for clause in statement.conditions for value in clause.values]
    for written in (*resources, *values):
        if "${" in _VARIABLE.sub("", written):
            yield (
                "Missing brace in variable",
                "The policy variable is missing a closing curly brace. Add } after the variable text.",
            )
        for variable in _VARIABLE.findall(written):
            if statement.version != VARIABLES_SINCE:
                yield (
                    "Variable unsupported in version",
                    "To include variables in your policy, use the policy version 2012-10-17 or later.",
                )
            elif variable == "${}":
                yield "Empty variable", "Empty policy variable."
