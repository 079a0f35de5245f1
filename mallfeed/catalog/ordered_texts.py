"""Texts whose order is asked for where numbers are meant: of source columns, each of which is a text, '900' comes behind
'1000'.

Text beside a number is compared as a number; two columns are not, nor are `greatest` and `least` of columns. Who means
the order of texts (days as 2026-01-31) says so: beside a text in quotes that is no number, by `cast(… as string)`, or by
putting texts together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mallfeed.catalog.compared_values import Odd
from mallfeed.catalog.settled_conditions import as_written
from mallfeed.kinds.sql.condition import Names
from mallfeed.kinds.sql.expression import Value, Writer
from mallfeed.kinds.sql.expression_syntax import parsed
from mallfeed.kinds.sql.expression_tree import Node, SyntaxFault
from mallfeed.kinds.sql.pieces import text
from mallfeed.yaml_files.yaml_tree import Path

_BY_ORDER = ("<", "<=", ">", ">=", "between")
_OF_SEVERAL = ("greatest", "least")
_PUT_TOGETHER = ("concat", "concat_ws", "lpad", "rpad")
_NUMBER = re.compile(r"\s*[+-]?\d[\d,]*(\.\d+)?\s*")


def ordered_texts(tree: Node, names: Names | None = None) -> Iterator[Odd]:
    """Each part that asks for the order of texts without saying that texts are meant. `names` are those of a condition;
    None = the tree is of a field's expression."""
    fields = names.fields if names else {}
    writer = Writer(text, lambda name: Value(text(name), fields.get(name, "text")))
    yield from _in(tree, writer)


def _in(node: Node, writer: Writer) -> Iterator[Odd]:
    is_call = node.kind == "call" and node.name in _OF_SEVERAL
    if is_call or (node.kind == "operator" and node.name in _BY_ORDER):
        kinds = {writer.write(part).kind for part in node.parts} - {"any"}
        as_texts = "text" in kinds if is_call else kinds == {"text"}
        if as_texts and not any(map(_means_text, node.parts)):
            columns = [as_written(part) for part in node.parts if writer.write(part).kind == "text"]
            yield (
                f"`{as_written(node)}` goes by the order of texts, in which '900' is above '1000'",
                f"`cast({columns[0]} as decimal)`, and so each of them, for numbers; `cast({columns[0]} as string)` "
                "where texts are meant, as days written 2026-01-31",
            )
    for part in node.parts:
        yield from _in(part, writer)


def _means_text(node: Node) -> bool:
    if node.kind == "string":
        return _NUMBER.fullmatch(node.name) is None
    if node.kind == "cast":
        return node.name == "string"
    if node.kind in ("operator", "call"):
        return node.name == "||" or node.name in _PUT_TOGETHER
    return node.kind == "field"


def of_expressions(data: Any, path: Path = ()) -> Iterator[tuple[Path, Odd]]:
    """What `ordered_texts` finds in the expressions of a catalog's part as written, each with its path."""
    if isinstance(data, list):
        data = dict(enumerate(data))
    if not isinstance(data, dict):
        return
    if data.get("type") == "expression" and isinstance(sql := data.get("sql"), str):
        for odd in _of_expression(sql):
            yield (*path, "sql"), odd
    for key, value in data.items():
        yield from of_expressions(value, (*path, key))


def _of_expression(sql: str) -> list[Odd]:
    try:
        return list(dict.fromkeys(ordered_texts(parsed(sql))))
    except SyntaxFault:
        return []  # the check of the expression has the fault
