"""A statement's `Condition` against a request.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Creating a condition with
multiple keys or values".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from infra.local.iam.context import Context
from infra.local.iam.operators import ALL, ANY, NULL, TESTS, Operator, operator_of
from infra.local.iam.words import Unresolved, parts


class Clause(NamedTuple):
    """One key under one operator, with the values that the policy lists."""

    operator: Operator
    key: str
    values: tuple[str, ...]


def holds(clause: Clause, version: str, context: Context) -> bool:
    """Whether the request fulfils the clause; clauses of a statement are joined by AND.

    The values of a policy are joined by OR; under a negated operator none of them may fit. A key that the
    request lacks fulfils negated operators, those with `IfExists` and `ForAllValues`, no other. Values are
    numbers, dates … if they can be read as such. A multivalued key under an operator without quantifier
    fits no value. A variable that cannot be resolved leaves the clause unfulfilled, negated or not.
    """
    asked, values = clause.operator, context.values(clause.key)
    if asked.name == NULL:
        is_null = not values
        return any(value.lower() == str(is_null).lower() for value in clause.values)
    if asked.quantifier:  # an empty text counts as no value there
        values = tuple(value for value in values if value)
    if not values:
        return (
            asked.if_exists or asked.quantifier == ALL or (asked.negated and not asked.quantifier)
        )
    try:
        fitting = [_fits(clause, version, context, value) for value in values]
    except Unresolved:
        return False
    if asked.quantifier == ALL:
        return all(fitting)
    if asked.quantifier == ANY:
        return any(fitting)
    return asked.negated if context.is_multivalued(clause.key) else fitting[0]


def _fits(clause: Clause, version: str, context: Context, value: str) -> bool:
    test = TESTS[clause.operator.name]
    version = version if clause.operator.takes_variables else ""
    found, unresolved = False, None
    for written in clause.values:
        try:
            found = found or test(parts(written, version, context), value)
        except Unresolved as one:
            unresolved = one
    if unresolved and not found:
        raise unresolved
    return found != clause.operator.negated


def clauses(condition: Mapping[str, Mapping[str, tuple[str, ...]]]) -> tuple[Clause, ...]:
    """The clauses of a `Condition` whose operators are known and whose values are lists."""
    return tuple(
        Clause(found, key, values)
        for written, keys in condition.items()
        if (found := operator_of(written)) is not None
        for key, values in keys.items()
    )
