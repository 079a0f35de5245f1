"""Conditions on rows: expressions that are true or not, over source columns and the product's fields.

They are parsed, checked and written anew by what does it for expressions of fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from mallfeed.kinds.sql.expression import Value, Writer, columns_in
from mallfeed.kinds.sql.expression_functions import SIZE_RULES
from mallfeed.kinds.sql.expression_size import check_size
from mallfeed.kinds.sql.expression_syntax import parsed
from mallfeed.kinds.sql.expression_tree import Node, SyntaxFault
from mallfeed.kinds.sql.pieces import Sql, text
from mallfeed.wording import listed, nearest


@dataclass(frozen=True)
class Names:
    """What the names in a condition mean.

    Attributes
    ----------
    columns : source columns that are known to be read; a bare name is one of them before it is a field
    fields : fields of the product → what each is in a condition (`text`, `number`, `bool`)
    """

    columns: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)

    def tree(self, sql: str) -> Node:
        """The condition's tree, its bare names told apart. Raises SyntaxFault."""
        return self._resolved(parsed(sql))

    def columns_of(self, sql: str) -> tuple[str, ...]:
        """The source columns that a condition reads, in order; empty when it cannot be read."""
        try:
            return tuple(dict.fromkeys(columns_in(self.tree(sql))))
        except SyntaxFault:
            return ()

    def fields_of(self, sql: str) -> tuple[str, ...]:
        """The product's fields that a condition reads; empty when it cannot be read."""
        try:
            return tuple(dict.fromkeys(_fields_in(self.tree(sql))))
        except SyntaxFault:
            return ()

    def _resolved(self, node: Node) -> Node:
        is_bare = node.kind == "column" and not node.is_quoted
        if is_bare and node.name in self.fields and node.name not in self.columns:
            return Node("field", node.name)
        if not node.parts:
            return node
        return replace(node, parts=tuple(self._resolved(part) for part in node.parts))


def _fields_in(node: Node) -> list[str]:
    here = [node.name] if node.kind == "field" else []
    return here + [name for part in node.parts for name in _fields_in(part)]


@dataclass(frozen=True)
class Condition:
    """A condition in SQL: `holds` is true, false or null; `gave_up` says whether it took too long to know."""

    holds: Sql
    gave_up: Sql | None


def check_condition(sql: str, names: Names) -> list[str]:
    """What is wrong with a condition, a line each; empty when it may be used."""

    def value(name: str) -> Value:
        return Value(text(name), _kind_of(name, names))

    try:
        tree = names.tree(sql)
        _bool(Writer(lambda name: text(name), value), tree)
        check_size(tree, SIZE_RULES)
    except SyntaxFault as fault:
        return [f"condition: {fault}"]
    return []


def condition(
    sql: str, names: Names, cell: Callable[[str], Sql], value: Callable[[str], Sql]
) -> Condition:
    """The condition for Spark; `cell` gives the SQL of a column's text, `value` that of a field's value.

    Raises SyntaxFault for what `check_condition` finds.
    """
    writer = Writer(cell, lambda name: Value(value(name), _kind_of(name, names)))
    holds = _bool(writer, names.tree(sql))
    return Condition(holds, writer.gave_up())


def _bool(writer: Writer, tree: Node) -> Sql:
    written = writer.write(tree)
    if written.kind not in ("bool", "any"):
        raise SyntaxFault(
            f"it is a {written.kind}, not true or false; compare it with something, as … = '…'"
        )
    return written.sql


def _kind_of(name: str, names: Names) -> str:
    if name in names.fields:
        return names.fields[name]
    if not names.fields:
        raise SyntaxFault(
            f"product.{name}: nothing is known of the product yet; read a column here"
        )
    meant = nearest(name, names.fields)
    raise SyntaxFault(
        f"product.{name}: the feed maps no such field; "
        + (f"did you mean product.{meant}?" if meant else f"use {listed(tuple(names.fields))}")
    )
