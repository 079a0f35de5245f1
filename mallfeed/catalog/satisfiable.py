"""Whether some row can make a condition true, or false: reasoned out of its tree, without data.

A condition is taken apart into the ways in which it comes out so; a way is a list of facts about its subjects (columns,
fields, what is computed of them), and is open if no subject contradicts itself. What is not understood is a fact about
nothing else, so that a condition is only ever called impossible where it is. SQL's third value is minded: `a <> 1` is
no more true than `a = 1` where `a` is null.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mallfeed.catalog.condition_facts import Fact, FactReader, Impossible, Subject
from mallfeed.kinds.sql.condition import Names
from mallfeed.kinds.sql.expression_tree import Node
from mallfeed.product.fields import BY_NAME

MOST_WAYS = 512
"""Ways that are looked at; a condition with more is not judged."""


class _TooMany(Exception):
    """There are more ways than are looked at."""


Way = tuple[tuple[Node, bool], ...]
"""Parts that are no `and`, `or` or `not`, and how each must come out."""


def can_be(tree: Node, wanted: bool, names: Names) -> bool:
    """Whether some row can make the condition so; true where that is not known."""
    try:
        return any(_is_open(way, names) for way in _ways(tree, wanted))
    except _TooMany:
        return True


def may_be_null(tree: Node, names: Names) -> bool:
    """Whether the condition may be neither true nor false; true where that is not known. One part of an `or` that is
    always true, or of an `and` that is always false, settles it, whatever the others are."""
    if tree.kind == "constant":
        return tree.name == "null"
    if tree.kind in ("string", "number"):
        return False
    if tree.kind != "operator" or tree.name in ("/", "%"):
        return True
    if tree.name in ("and", "or") and any(
        not may_be_null(part, names) and not can_be(part, tree.name == "and", names)
        for part in tree.parts
    ):
        return False
    return tree.name not in ("is null", "<=>") and any(
        may_be_null(part, names) for part in tree.parts
    )


def _ways(node: Node, wanted: bool) -> list[Way]:
    if node.kind != "operator" or node.name not in ("and", "or", "not"):
        return [((node, wanted),)]
    if node.name == "not":
        return _ways(node.parts[0], not wanted)
    parts = [_ways(part, wanted) for part in node.parts]
    if (node.name == "or") is wanted:
        _check(sum(map(len, parts)))
        return [way for ways in parts for way in ways]
    together: list[Way] = [()]
    for ways in parts:
        _check(len(together) * len(ways))
        together = [one + other for one in together for other in ways]
    return together


def _check(count: int) -> None:
    if count > MOST_WAYS:
        raise _TooMany


def _is_open(way: Way, names: Names) -> bool:
    reader = FactReader(names)
    known: dict[Subject, _Known] = {}
    try:
        for node, wanted in way:
            for one in reader.facts(node, wanted):
                known.setdefault(one.subject, _Known.of(one.subject)).learn(one)
    except Impossible:
        return False
    return all(one.is_open() for one in known.values())


@dataclass
class _Known:
    """What is known of a subject."""

    whole: bool = False
    among: frozenset[Any] | None = None
    low: Any = None
    low_open: bool = False
    high: Any = None
    high_open: bool = False
    never: set[Any] = field(default_factory=set)
    patterns: list[tuple[str, bool]] = field(default_factory=list)
    nulls: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, subject: Subject) -> _Known:
        """What is known beforehand: words and bounds of the product's fields."""
        if subject.kind == "bool":
            return cls(among=frozenset((True, False)))
        node = subject.node
        if not isinstance(node, Node) or node.kind != "field" or node.name not in BY_NAME:
            return cls()
        target = BY_NAME[node.name]
        if target.kind == "enum" and subject.kind == "text":
            return cls(among=frozenset(word.encode() for word in target.values))
        if subject.kind != "number":
            return cls()
        # What amounts were read as has no bounds here: a price of 0 is seen, and makes no product.
        low, high = (None if one is None else Decimal(str(one)) for one in (target.minimum, target.maximum))  # fmt: skip
        return cls(whole=target.kind == "integer", low=low, high=high)

    def learn(self, fact: Fact) -> None:
        """One fact more."""
        op, value = fact.op, fact.value
        if op in ("null", "not null"):
            self.nulls.add(op)
        elif op in ("in", "="):
            these = frozenset(value) if op == "in" else frozenset((value,))
            self.among = these if self.among is None else self.among & these
        elif op == "<>":
            self.never.add(value)
        elif op in ("like", "not like"):
            self.patterns.append((value, op == "like"))
        elif op in ("<", "<="):
            bound, is_open = self._bound(value, op == "<", -1)
            if self.high is None or (bound, not is_open) < (self.high, not self.high_open):
                self.high, self.high_open = bound, is_open
        else:
            bound, is_open = self._bound(value, op == ">", 1)
            if self.low is None or (bound, is_open) > (self.low, self.low_open):
                self.low, self.low_open = bound, is_open

    def _bound(self, value: Any, is_open: bool, step: int) -> tuple[Any, bool]:
        """Of whole numbers the nearest one that is meant."""
        if not self.whole:
            return value, is_open
        inner = math.ceil(value) if step > 0 else math.floor(value)
        return Decimal(inner + step if is_open and inner == value else inner), False

    def is_open(self) -> bool:
        """Whether there is something that is all of this."""
        if "null" in self.nulls:
            return "not null" not in self.nulls
        if self.among is not None:
            return any(self._fits(value) for value in self.among)
        if self.low is None or self.high is None or self.low < self.high:
            return True
        is_one = self.low == self.high and not self.low_open and not self.high_open
        return is_one and self.low not in self.never

    def _fits(self, value: Any) -> bool:
        if value in self.never:
            return False
        if self.low is not None and (value < self.low or (value == self.low and self.low_open)):
            return False
        if self.high is not None and (value > self.high or (value == self.high and self.high_open)):
            return False
        return all(_is_like(value, pattern) is wanted for pattern, wanted in self.patterns)


def _is_like(value: bytes, pattern: str) -> bool:
    parts = (".*" if char == "%" else "." if char == "_" else re.escape(char) for char in pattern)
    return re.fullmatch("".join(parts), value.decode(), re.DOTALL) is not None
