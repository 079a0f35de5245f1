"""The tree of an expression, and how deep and how large it may be."""

from __future__ import annotations

from dataclasses import dataclass

DEEPEST = 50
"""Levels of operators, calls and parentheses: whatever walks the tree calls itself for each."""
MOST_PARTS = 2_000
"""Columns, literals, calls and operators of one expression; what Spark evaluates twice counts twice."""
_TWICE = {"%": 1, "nullif": 0, "between": 0, "right": 0}
"""Operator or function → its argument that Spark writes out twice."""


class SyntaxFault(Exception):
    """What is wrong with an expression, as one line."""


@dataclass(frozen=True)
class Node:
    """A part of an expression.

    Attributes
    ----------
    kind : column, field (of the product), string, number, constant, call, operator, case or cast
    name : the column, field, literal, function, operator or type
    parts : operands; of a case: condition, value, … and the value otherwise (a constant null)
    is_quoted : of a column: its name stands in backticks
    """

    kind: str
    name: str
    parts: tuple[Node, ...] = ()
    is_quoted: bool = False


def too_deep() -> SyntaxFault:
    """For what is nested too deep."""
    return SyntaxFault(f"nested deeper than {DEEPEST}")


def too_many(parts: int) -> SyntaxFault:
    """For what has too many parts."""
    return SyntaxFault(f"{parts:,} parts, at most {MOST_PARTS:,} are read")


def check_bounds(node: Node) -> None:
    """Raises SyntaxFault for a tree that is too deep (`a + b + c …` is as deep as it is long) or large."""
    level = [node]
    for _ in range(DEEPEST):
        level = list({id(part): part for one in level for part in one.parts}.values())
        if not level:
            break
    else:
        raise too_deep()
    if (parts := parts_of(node)) > MOST_PARTS:
        raise too_many(parts)


def parts_of(node: Node) -> int:
    """How many parts a tree has. Each node is looked at once, and counts wherever it stands: a case's
    subject in each of its conditions."""
    known: dict[int, int] = {}

    def of(one: Node) -> int:
        if id(one) not in known:
            parts = [of(part) for part in one.parts]
            twice = _TWICE.get(one.name) if one.kind in ("operator", "call") else None
            again = parts[twice] if twice is not None and twice < len(parts) else 0
            known[id(one)] = 1 + sum(parts) + again
        return known[id(one)]

    return of(node)
