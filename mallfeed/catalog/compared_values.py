"""Comparisons in conditions of `rows` that no value of the field can ever satisfy: the rule would leave out nothing, or all.

What a field's value is in a condition stands in `mallfeed.normalise.rows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.expression_tree import Node
from mallfeed.product.fields import BY_NAME
from mallfeed.wording import listed, nearest, shown

_EQUALITY = ("=", "<>", "!=", "<=>", "in")
_COMPARING = (*_EQUALITY, "<", ">", "<=", ">=", "between")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,6})?)?")
Odd = tuple[str, str]
"""What is wrong with a comparison, and what would fit."""
Check = Callable[[CanonicalField, Node, bool], Odd | None]
"""A field, what it is compared with, and whether it is asked to be equal to that."""


def odd_comparisons(tree: Node) -> Iterator[Odd]:
    """Each literal beside a field that the field's values cannot be compared with."""
    if tree.kind == "operator" and tree.name in _COMPARING:
        yield from _of_comparison(tree)
        yield from _of_none(tree)
    for part in tree.parts:
        yield from odd_comparisons(part)


def _of_comparison(tree: Node) -> Iterator[Odd]:
    subjects = [part for part in tree.parts if part.kind == "field" and part.name in BY_NAME]
    for subject in subjects[:1]:
        field = BY_NAME[subject.name]
        check = _CHECKS.get(field.kind)
        for other in tree.parts:
            literal = _literal(other)
            if check and literal and (odd := check(field, literal, tree.name in _EQUALITY)):
                yield odd


def _of_none(tree: Node) -> Iterator[Odd]:
    """What is true of no value at all: `= null`, and `between` whose bounds stand the other way round."""
    is_null = [part.kind == "constant" and part.name == "null" for part in tree.parts]
    if any(is_null) and tree.name not in ("<=>", "in"):
        yield "nothing is equal to null, nor above or below it", "`is null` or `is not null`"
    if tree.name == "between" and len(tree.parts) == 3:
        low, high = (_literal(part) for part in tree.parts[1:])
        numbers = [one for one in (low, high) if one is not None and _is_number(one.name)]
        if len(numbers) == 2 and Decimal(numbers[0].name) > Decimal(numbers[1].name):
            between = f"between {numbers[0].name} and {numbers[1].name}"
            yield f"nothing is {between}", "the lower one first"


def _literal(node: Node) -> Node | None:
    """The text, number, true or false that a part is; None where it is none, or null."""
    if node.kind == "operator" and node.name == "negative" and node.parts[0].kind == "number":
        return Node("number", f"-{node.parts[0].name}")
    if node.kind in ("string", "number") or (node.kind == "constant" and node.name != "null"):
        return node
    return None


def _never(field: CanonicalField, literal: Node, what: str) -> str:
    return f"`{field.name}` is {what}, and never {shown(literal.name)}"


def _number(field: CanonicalField, literal: Node, _equal: bool) -> Odd | None:
    if literal.kind == "number" or (literal.kind == "string" and _is_number(literal.name)):
        return None
    return _never(field, literal, "a number"), "a number without marks, as 10000"


def _is_number(written: str) -> bool:
    try:
        return Decimal(written.strip()).is_finite()
    except InvalidOperation:
        return False


def _bool(field: CanonicalField, literal: Node, _equal: bool) -> Odd | None:
    if literal.kind == "constant":
        return None
    return _never(field, literal, "true or false"), f"`{field.name}` or `not {field.name}`"


def _word(field: CanonicalField, literal: Node, equal: bool) -> Odd | None:
    if not equal or (literal.kind == "string" and literal.name in field.values):
        return None
    meant = nearest(literal.name, field.values)
    return _never(field, literal, "one of its own words"), listed(
        [meant] if meant else field.values
    )


def _moment(field: CanonicalField, literal: Node, equal: bool) -> Odd | None:
    written = literal.name
    if literal.kind == "string" and _MOMENT.fullmatch(written) and (len(written) > 10 or not equal):
        try:
            datetime.fromisoformat(written[:19])
        except ValueError:
            pass
        else:
            return None
    return _never(field, literal, "a moment in UTC"), "a text as '2026-01-31 09:00:00'"


def _list(field: CanonicalField, literal: Node, equal: bool) -> Odd | None:
    if not equal or (literal.kind == "string" and "|" in literal.name):
        return None
    what = f"`{field.name}` is a list, which is compared as all of its items with `|` between"
    item = literal.name if literal.kind == "string" else "…"
    return what, f"`concat('|', {field.name}, '|') like '%|{item}|%'` for one of them"


def _shaped(pattern: str, what: str, example: str) -> Check:
    def check(field: CanonicalField, literal: Node, equal: bool) -> Odd | None:
        if not equal or (literal.kind == "string" and re.fullmatch(pattern, literal.name)):
            return None
        return _never(field, literal, what), f"a text as '{example}'"

    return check


_CHECKS: dict[str, Check] = {
    "money": _number,
    "integer": _number,
    "rating": _number,
    "bool": _bool,
    "enum": _word,
    "timestamp": _moment,
    "list_text": _list,
    "list_url": _list,
    "currency": _shaped("[A-Z]{3}", "a code of three capital letters", "KRW"),
    "gtin": _shaped(r"\d{8,14}", "8 to 14 digits", "8801234567893"),
    "url": _shaped(r"(?i)https?://\S+", "a whole address", "https://shop.kr/1"),
}
