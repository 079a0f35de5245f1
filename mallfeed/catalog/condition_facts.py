"""Facts about columns, fields and what is computed of them that follow from a part of a condition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from mallfeed.kinds.sql.condition import Names
from mallfeed.kinds.sql.expression import Value, Writer
from mallfeed.kinds.sql.expression_tree import Node
from mallfeed.kinds.sql.pieces import text

COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ORDERS = {"=": {0}, "<>": {-1, 1}, "<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}}
_PLAIN_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,6})?")
_NOTHING, _UNKNOWN = object(), object()
"""In place of a literal's value: it is null; the part is no literal, or none that is understood."""


class Subject(NamedTuple):
    """What facts are about: a part of the condition, as a text, a number, true or false, or the order of two."""

    kind: str
    node: Any


class Fact(NamedTuple):
    """`op` is a comparison with a value, `in`, `like` or `not like`, `null` or `not null`."""

    subject: Subject
    op: str
    value: Any = None


class Impossible(Exception):
    """A part can never come out so."""


class FactReader:
    """Takes parts of a condition for facts."""

    def __init__(self, names: Names) -> None:
        self._writer = Writer(text, lambda name: Value(text(name), names.fields.get(name, "text")))

    def facts(self, node: Node, wanted: bool) -> Iterator[Fact]:
        """What holds where the part comes out as wanted. Raises Impossible where it never does."""
        name, parts = node.name, node.parts
        if node.kind == "constant":
            if name != str(wanted).lower():
                raise Impossible
        elif node.kind != "operator":
            yield Fact(Subject("bool", _bare(node)), "=", wanted)
        elif name in ("!=", *COMPARISONS):
            yield from self._compared(
                "<>" if name == "!=" else name, parts, wanted, self._kind(parts)
            )
        elif name == "<=>":
            yield from self._same(parts, wanted)
        elif name == "is null":
            yield from self._is_null(parts[0], wanted)
        elif name == "in":
            yield from self._among(node, wanted)
        elif name == "between":
            yield from self._between(node, wanted)
        elif name == "like":
            yield from self._alike(node, wanted)
        else:
            yield Fact(Subject("bool", _bare(node)), "=", wanted)

    def _kind(self, parts: Iterable[Node]) -> str:
        """As what the parts are compared."""
        kinds = {self._writer.write(part).kind for part in parts} - {"any"}
        if kinds & {"int", "number"}:
            return "number"
        return kinds.pop() if len(kinds) == 1 else "text"

    def _subject(self, node: Node, kind: str) -> Subject:
        return Subject(kind, _bare(node))

    def _is_there(self, node: Node, kind: str) -> Iterator[Fact]:
        """A part that is compared is not null, neither as it is compared nor by itself."""
        for one in dict.fromkeys((kind, self._kind([node]))):
            yield Fact(self._subject(node, one), "not null")

    def _compared(
        self, op: str, parts: tuple[Node, ...], wanted: bool, kind: str
    ) -> Iterator[Fact]:
        left, right = (_literal(part, kind) for part in parts)
        if _NOTHING in (left, right):
            raise Impossible  # nothing is equal to null, nor different from it
        op = op if wanted else _OPPOSITE[op]
        if left is not _UNKNOWN and right is not _UNKNOWN:
            if (left > right) - (left < right) not in _ORDERS[op]:
                raise Impossible
        elif right is not _UNKNOWN:
            yield Fact(self._subject(parts[0], kind), op, right)
            yield from self._is_there(parts[0], kind)
        elif left is not _UNKNOWN:
            yield Fact(self._subject(parts[1], kind), _TURNED[op], left)
            yield from self._is_there(parts[1], kind)
        else:
            yield from self._in_order(op, parts, kind)

    def _in_order(self, op: str, parts: tuple[Node, ...], kind: str) -> Iterator[Fact]:
        """Two parts that are no literals: which of them is the greater."""
        one, other = (_bare(part) for part in parts)
        if repr(one) > repr(other):
            one, other, op = other, one, _TURNED[op]
        orders = _ORDERS[op] & {0} if one == other else _ORDERS[op]
        yield Fact(Subject("order", (kind, one, other)), "in", tuple(orders))
        for part in parts:
            if _literal(part, kind) is _UNKNOWN:
                yield from self._is_there(part, kind)

    def _same(self, parts: tuple[Node, ...], wanted: bool) -> Iterator[Fact]:
        """`<=>`, which is never null."""
        kind = self._kind(parts)
        one, other = parts
        if _literal(one, kind) is not _UNKNOWN:
            one, other = other, one
        value = _literal(other, kind)
        if value is _NOTHING:
            yield from self._is_null(one, wanted)
        elif wanted:
            yield from self._compared("=", (one, other), True, kind)
        elif _bare(one) == _bare(other):
            raise Impossible

    def _is_null(self, node: Node, wanted: bool) -> Iterator[Fact]:
        kind = self._kind([node])
        value = _literal(node, kind)
        if value is _UNKNOWN and node.kind not in ("string", "number", "constant"):
            yield Fact(self._subject(node, kind), "null" if wanted else "not null")
        elif (node.kind == "constant" and node.name == "null") is not wanted:
            raise Impossible

    def _among(self, node: Node, wanted: bool) -> Iterator[Fact]:
        subject, *items = node.parts
        kind = self._kind(node.parts)
        values = [_literal(item, kind) for item in items]
        own = _literal(subject, kind)
        if _UNKNOWN in values or own is _NOTHING:
            yield Fact(Subject("bool", _bare(node)), "=", wanted)
            return
        there = [value for value in values if value is not _NOTHING]
        if not wanted and len(there) < len(values):
            raise Impossible  # it is null of any other value
        if own is not _UNKNOWN:
            if (own in there) is not wanted:
                raise Impossible
            return
        if wanted:
            yield Fact(self._subject(subject, kind), "in", tuple(there))
        for value in () if wanted else there:
            yield Fact(self._subject(subject, kind), "<>", value)
        yield from self._is_there(subject, kind)

    def _between(self, node: Node, wanted: bool) -> Iterator[Fact]:
        subject, low, high = node.parts
        kind = self._kind(node.parts)
        if wanted:
            yield from self._compared(">=", (subject, low), True, kind)
            yield from self._compared("<=", (subject, high), True, kind)
        yield Fact(Subject("bool", _bare(node)), "=", wanted)

    def _alike(self, node: Node, wanted: bool) -> Iterator[Fact]:
        subject, pattern = node.parts
        plain = pattern.name.replace("\\", "")
        if self._kind([subject]) != "text" or _literal(subject, "text") is not _UNKNOWN:
            yield Fact(Subject("bool", _bare(node)), "=", wanted)
        elif not set(plain) & set("%_"):
            yield Fact(self._subject(subject, "text"), "=" if wanted else "<>", plain.encode())
            yield from self._is_there(subject, "text")
        else:
            yield Fact(self._subject(subject, "text"), "like" if wanted else "not like", plain)
            yield Fact(Subject("bool", _bare(node)), "=", wanted)
            yield from self._is_there(subject, "text")


def _bare(node: Node) -> Node:
    """The part, a column being one whether or not it stands in backticks."""
    return replace(node, is_quoted=False, parts=tuple(map(_bare, node.parts)))


def _literal(node: Node, kind: str) -> Any:
    """The value of a literal as it is compared."""
    if node.kind == "operator" and node.name == "negative":
        value = _literal(node.parts[0], kind) if node.parts[0].kind == "number" else _UNKNOWN
        return -value if isinstance(value, Decimal) else _UNKNOWN
    if node.kind == "constant":
        return _NOTHING if node.name == "null" else node.name == "true"
    if node.kind not in ("string", "number"):
        return _UNKNOWN
    if kind == "number":
        return Decimal(node.name) if _PLAIN_NUMBER.fullmatch(node.name) else _UNKNOWN
    return node.name.encode() if node.kind == "string" else _UNKNOWN
