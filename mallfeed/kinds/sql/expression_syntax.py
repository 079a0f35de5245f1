"""The part of Spark SQL's expression syntax that a catalog may use: text → tree, without Spark."""

from __future__ import annotations

import re
from collections.abc import Callable

from mallfeed.kinds.sql.expression_tree import (
    DEEPEST,
    MOST_PARTS,
    Node,
    SyntaxFault,
    check_bounds,
    too_deep,
    too_many,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\]|\\.|'')*')|(?P<quoted>`(?:[^`]|``)+`)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<field>product\.[^\W\d]\w*)|(?P<word>[^\W\d]\w*)|(?P<symbol><=>|<>|!=|<=|>=|\|\||[-+*/%=<>(),]))"
)
_COMPARISONS = ("=", "<>", "!=", "<", ">", "<=", ">=", "<=>")
_KEYWORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "is",
        "null",
        "in",
        "like",
        "rlike",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "cast",
        "try_cast",
        "as",
        "true",
        "false",
        "select",
        "from",
        "distinct",
        "over",
        "partition",
        "exists",
        "interval",
    ]
)
_MOST_TOKENS = 5 * MOST_PARTS
FIELD_PREFIX = "product."
"""Before the name of a field of the product, which conditions of rows may read."""
TYPES = ("string", "int", "bigint", "boolean")


def parsed(sql: str) -> Node:
    """The tree of an expression; raises SyntaxFault."""
    tokens = _tokens(sql)
    if (
        len(tokens) > _MOST_TOKENS
    ):  # most stand for a part, with a comma, a quote or two parentheses
        raise too_many(len(tokens))
    parser = _Parser(tokens)
    node = parser.either()
    if parser.kind != "end":
        raise SyntaxFault(f"unexpected {parser.word!r}")
    check_bounds(node)
    return node


def _tokens(sql: str) -> list[tuple[str, str]]:
    found, place = [], 0
    sql = sql.rstrip()
    while place < len(sql):
        match = _TOKEN.match(sql, place)
        if match is None or match.lastgroup is None:
            raise SyntaxFault(f"cannot read from {sql[place : place + 20]!r} on")
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return [*found, ("end", "end of the expression")]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._place][0]

    @property
    def word(self) -> str:
        kind, word = self._tokens[self._place]
        return word.lower() if kind == "word" else word

    def _next(self) -> str:
        word = self._tokens[self._place][1]
        self._place += 1
        return word

    def _is(self, *words: str) -> bool:
        return self.kind in ("word", "symbol") and self.word in words

    def _take(self, word: str) -> bool:
        if self._is(word):
            self._next()
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise SyntaxFault(f"expected {word!r}, found {self.word!r}")

    def either(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise too_deep()
        node = self._joined("or", self._both)
        self._depth -= 1
        return node

    def _both(self) -> Node:
        return self._joined("and", self._negated)

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        """One part, or all that the word stands between: a long list of them is not deep."""
        parts = [part()]
        while self._take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Node("operator", word, tuple(parts))

    def _negated(self) -> Node:
        times = 0
        while self._take("not"):
            times += 1
            if times > DEEPEST:
                raise too_deep()
        node = self._compared()
        for _ in range(times):
            node = Node("operator", "not", (node,))
        return node

    def _compared(self) -> Node:
        left = self._sum()
        if self._is(*_COMPARISONS):
            return Node("operator", self._next(), (left, self._sum()))
        if self._take("is"):
            negated = self._take("not")
            self._expect("null")
            node = Node("operator", "is null", (left,))
            return Node("operator", "not", (node,)) if negated else node
        negated = self._take("not")
        node = self._tested(left)
        return Node("operator", "not", (node,)) if negated else node

    def _tested(self, left: Node) -> Node:
        if self._take("in"):
            self._expect("(")
            return Node("operator", "in", (left, *self._arguments()))
        if self._is("like", "rlike"):
            return Node("operator", self._next().lower(), (left, self._sum()))
        if self._take("between"):
            low = self._sum()
            self._expect("and")
            return Node("operator", "between", (left, low, self._sum()))
        return left

    def _sum(self) -> Node:
        node = self._product()
        while self._is("+", "-", "||"):
            word, other = self._next(), self._product()
            joins = word == "||" and node.kind == "operator" and node.name == "||"
            node = Node("operator", word, (*(node.parts if joins else (node,)), other))
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._is("*", "/", "%"):
            node = Node("operator", self._next(), (node, self._signed()))
        return node

    def _signed(self) -> Node:
        if self._take("-"):
            return Node("operator", "negative", (self._primary(),))
        return self._primary()

    def _primary(self) -> Node:
        kind = self.kind
        if kind == "quoted":
            return Node("column", self._next()[1:-1].replace("``", "`"), is_quoted=True)
        if kind == "field":
            return Node("field", self._next().removeprefix(FIELD_PREFIX))
        if kind == "string":
            return Node("string", _unquoted(self._next()))
        if kind == "number":
            return Node("number", self._next())
        if self._take("("):
            node = self.either()
            self._expect(")")
            return node
        if kind == "word":
            return self._named()
        raise SyntaxFault(f"unexpected {self.word!r}")

    def _named(self) -> Node:
        if self._is("true", "false", "null"):
            return Node("constant", self._next().lower())
        if self._take("case"):
            return self._case()
        if self._is("cast", "try_cast"):
            self._next()
            return self._cast()
        name = self._next()
        if self._take("("):
            return Node("call", name.lower(), self._arguments())
        if name.lower() in _KEYWORDS:
            raise SyntaxFault(f"{name!r} cannot stand here")
        return Node("column", name)

    def _arguments(self) -> tuple[Node, ...]:
        if self._take(")"):
            return ()
        found = [self.either()]
        while self._take(","):
            found.append(self.either())
        self._expect(")")
        return tuple(found)

    def _case(self) -> Node:
        subject = None if self._is("when") else self.either()
        parts: list[Node] = []
        while self._take("when"):
            condition = self.either()
            if subject is not None:
                condition = Node("operator", "=", (subject, condition))
            self._expect("then")
            parts += [condition, self.either()]
        if not parts:
            raise SyntaxFault("a case needs a when")
        parts.append(self.either() if self._take("else") else Node("constant", "null"))
        self._expect("end")
        return Node("case", "case", tuple(parts))

    def _cast(self) -> Node:
        self._expect("(")
        value = self.either()
        self._expect("as")
        name = self._next().lower()
        if name == "decimal":
            if self._take("("):
                self._arguments()
            name = "decimal"
        elif name not in TYPES:
            raise SyntaxFault(f"cast to {name!r}: use {', '.join(TYPES)} or decimal")
        self._expect(")")
        return Node("cast", name, (value,))


def _unquoted(literal: str) -> str:
    inner = literal[1:-1].replace("''", "'")
    simple = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda m: simple.get(m[1], m[1]), inner)
