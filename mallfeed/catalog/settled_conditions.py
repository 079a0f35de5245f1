"""Conditions of `rows`, and parts of them, that come out alike for every row: a slip, for which nobody writes a rule."""

from __future__ import annotations

from collections.abc import Iterator

from mallfeed.catalog.compared_values import Odd
from mallfeed.catalog.satisfiable import can_be, may_be_null
from mallfeed.kinds.sql.condition import Names
from mallfeed.kinds.sql.expression_syntax import FIELD_PREFIX
from mallfeed.kinds.sql.expression_tree import Node

_EXPECTED = "a condition that is true of some rows and not of others"
_LONGEST = 120
_JOINED = ("and", "or", "not")


def settled_conditions(tree: Node, names: Names, *, keeps: bool = False) -> Iterator[Odd]:
    """Each smallest part that can never be true, or is true of every row. A condition that is a constant as a whole is
    one on purpose where it leaves no row out: a mall that extends a platform says so. `keeps`: it is that of `keep`."""
    if tree.kind == "constant":
        if (tree.name == "true") is not keeps:
            yield f"`{tree.name}` leaves out every row", _EXPECTED
        return
    for node, is_true in _settled(tree, names):
        what = "is true of every row" if is_true else "can never be true"
        yield (
            f"{'it' if node is tree else f'`{as_written(node)}`'} {what}{_why(node, is_true)}",
            _EXPECTED,
        )


def _settled(node: Node, names: Names) -> list[tuple[Node, bool]]:
    if node.kind == "operator" and node.name in _JOINED:
        found = [one for part in node.parts for one in _settled(part, names)]
        if found:
            return found
    if node.kind == "constant":
        return []
    if not can_be(node, True, names):
        return [(node, False)]
    if not may_be_null(node, names) and not can_be(node, False, names):
        return [(node, True)]
    return []


def _why(node: Node, is_true: bool) -> str:
    if is_true or node.kind != "operator":
        return ""
    if node.name == "and":
        return ": no row is all of it at once"
    if node.name == "not":
        return ": what stands behind `not` is true of every row that has a value there"
    return ": no value is that"


def as_written(node: Node) -> str:
    """A part of a condition or an expression as a person writes it, shortened."""
    text = _text(node)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _text(node: Node) -> str:
    name, parts = node.name, [_text(part) for part in node.parts]
    match node.kind:
        case "string":
            return "'" + name.replace("'", "''") + "'"
        case "field":
            return f"{FIELD_PREFIX}{name}"
        case "operator" if name == "not":
            return f"not ({parts[0]})"
        case "operator" if name == "negative":
            return f"-{parts[0]}"
        case "operator" if name == "is null":
            return f"{parts[0]} is null"
        case "operator" if name == "in":
            return f"{parts[0]} in ({', '.join(parts[1:])})"
        case "operator" if name == "between":
            return f"{parts[0]} between {parts[1]} and {parts[2]}"
        case "operator":
            return f" {name} ".join(parts)
        case "call" | "cast":
            return f"{name}({', '.join(parts)})"
        case "case":
            return "case … end"
    return name
