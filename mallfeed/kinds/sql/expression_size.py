"""How large the values of an expression can become, known before a row is read.

A value's size is what it takes of the row at most: so many copies of each column's cell, and so many
characters beside them. Each function of an expression says how large its result can be in terms of its
arguments; what cannot be bounded in this way (a cell's text put in for each character of another) is
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mallfeed.kinds.sql.expression_tree import Node, SyntaxFault

MOST_COPIES = 16
"""Of a cell, within one value: a thousand cells of a megabyte are no text any more."""
MOST_CHARACTERS = 1_000_000
"""Of a value, beside what it copies from cells."""
_NUMBER = 48
"""Characters of a number, a count or a yes or no as text."""


@dataclass(frozen=True)
class Size:
    """A text's greatest length: `characters`, and `copies` of each column's cell."""

    characters: int = 0
    copies: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Size) -> Size:
        names = {*self.copies, *other.copies}
        copies = {n: self.copies.get(n, 0) + other.copies.get(n, 0) for n in names}
        return Size(self.characters + other.characters, copies)

    def __mul__(self, times: int) -> Size:
        return Size(self.characters * times, {n: c * times for n, c in self.copies.items()})

    def __or__(self, other: Size) -> Size:
        """The larger of the two."""
        names = {*self.copies, *other.copies}
        copies = {n: max(self.copies.get(n, 0), other.copies.get(n, 0)) for n in names}
        return Size(max(self.characters, other.characters), copies)


NUMBER = Size(_NUMBER)
Rule = Callable[[Sequence[Node], Sequence[Size]], Size]
"""(arguments, their sizes) → the result's."""


def of_first(_: Sequence[Node], sizes: Sequence[Size]) -> Size:
    """No longer than the first argument. Changing the case or writing JSON anew may make a text a few
    times longer, but only once, however often it is done."""
    return sizes[0]


def of_number(_: Sequence[Node], __: Sequence[Size]) -> Size:
    """A number, or yes or no."""
    return NUMBER


def together(_: Sequence[Node], sizes: Sequence[Size]) -> Size:
    """All arguments, one behind the other."""
    return _sum(sizes)


def largest(_: Sequence[Node], sizes: Sequence[Size]) -> Size:
    """One of the arguments."""
    found = Size()
    for size in sizes:
        found |= size
    return found


def separated(_: Sequence[Node], sizes: Sequence[Size]) -> Size:
    """All arguments but the first, which stands between them."""
    return _sum(sizes[1:]) + sizes[0] * max(0, len(sizes) - 2)


def cut_to(place: int) -> Rule:
    """The first argument, cut to as many characters as the one at `place` says where it is a number."""

    def rule(nodes: Sequence[Node], sizes: Sequence[Size]) -> Size:
        if len(nodes) > place and nodes[place].kind == "number" and nodes[place].name.isdigit():
            return Size(min(int(nodes[place].name[:12]), MOST_CHARACTERS))
        return sizes[0]

    return rule


def filled_to(nodes: Sequence[Node], _: Sequence[Size]) -> Size:
    """As many characters as the second argument says, which is a literal."""
    return Size(int(nodes[1].name) if nodes[1].name.isdigit() else 0)


def put_in(nodes: Sequence[Node], sizes: Sequence[Size]) -> Size:
    """`replace`: each place where the second argument is found in the first becomes the third."""
    whole, by = sizes[0], sizes[2]
    shortest = max(1, len(nodes[1].name)) if nodes[1].kind == "string" else 1
    if not by.copies:
        return whole * max(1, -(-by.characters // shortest))
    if not whole.copies:
        return whole + by * max(1, whole.characters // shortest)
    raise SyntaxFault(
        "replace: puts a cell's text in for each place of another one's; cut the third argument, as "
        "left(…, 100)"
    )


def put_in_by_pattern(nodes: Sequence[Node], sizes: Sequence[Size]) -> Size:
    """`regexp_replace`: a pattern may be found before each character; groups are of what was found."""
    written = nodes[2].name
    return sizes[0] * (1 + len(written) + written.count("$"))


def _sum(sizes: Sequence[Size]) -> Size:
    found = Size()
    for size in sizes:
        found += size
    return found


def check_size(node: Node, rules: Mapping[str, Rule]) -> None:
    """Raises SyntaxFault where one of the expression's values can become too large.

    `rules` are those of the functions, whose arguments have been checked.
    """
    _Sizes(rules).of(node)


class _Sizes:
    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._known: dict[int, Size] = {}

    def of(self, node: Node) -> Size:
        if id(node) not in self._known:
            size = self._made(node, [self.of(part) for part in node.parts])
            _check(node, size)
            self._known[id(node)] = size
        return self._known[id(node)]

    def _made(self, node: Node, sizes: Sequence[Size]) -> Size:
        match node.kind:
            case "column" | "field":
                return Size(copies={node.name: 1})
            case "string":
                return Size(len(node.name))
            case "case":
                return largest(node.parts, [*sizes[1:-1:2], sizes[-1]])
            case "cast" if node.name == "string":
                return sizes[0]
            case "operator" if node.name == "||":
                return _sum(sizes)
            case "call" if node.name in self._rules:
                return self._rules[node.name](node.parts, sizes)
            case _:
                return NUMBER


def _check(node: Node, size: Size) -> None:
    column = max(size.copies, key=lambda name: size.copies[name], default="")
    if (copies := size.copies.get(column, 0)) > MOST_COPIES:
        raise SyntaxFault(
            f"{node.name}: its text can hold {copies:,} copies of {column!r}, at most {MOST_COPIES}; "
            "cut what it is made of, as left(…, 100)"
        )
    if size.characters > MOST_CHARACTERS:
        raise SyntaxFault(
            f"{node.name}: its text can grow to {size.characters:,} characters, at most "
            f"{MOST_CHARACTERS:,}; cut what it is made of, as left(…, 100)"
        )
