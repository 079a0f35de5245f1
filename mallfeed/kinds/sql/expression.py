"""Expressions of a catalog: checked without Spark, and written so that no data can make them raise.

An expression is parsed here (an allow-list of functions and operators; nothing else gets through),
its types are followed, and it is written anew: columns as text, arithmetic as try_add and its like,
casts as try_cast. What Spark runs is only ever this text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from mallfeed.kinds.sql.expression_functions import (
    FUNCTIONS,
    NAMES,
    SAME_KIND,
    SIZE_RULES,
    Function,
)
from mallfeed.kinds.sql.expression_pattern import check_groups, groups_of
from mallfeed.kinds.sql.expression_size import check_size
from mallfeed.kinds.sql.expression_syntax import parsed
from mallfeed.kinds.sql.expression_tree import Node, SyntaxFault, parts_of
from mallfeed.kinds.sql.pieces import called, case, text

_NUMBER = "decimal(38,6)"
_TRY = {"+": "try_add", "-": "try_subtract", "*": "try_multiply", "/": "try_divide"}
_LONGEST_PAD = 1000


@dataclass(frozen=True)
class Value:
    """A part of an expression as it is written for Spark: text, number, int, bool or any (null)."""

    sql: str
    kind: str


def no_field(name: str) -> Value:
    """Raises SyntaxFault: the expression of a field is what a field is made of."""
    raise SyntaxFault(
        f"product.{name}: only conditions of `rows` can read the product's fields; read a column here"
    )


def check_expression(sql: str, columns: Collection[str] | None = None) -> list[str]:
    """What is wrong with an expression, a line each; empty when it may be used.

    `columns` are the source columns that there are; None = not known here.
    """
    try:
        tree = parsed(sql)
        Writer(lambda name: text(name)).write(tree)
        check_size(tree, SIZE_RULES)
    except SyntaxFault as fault:
        return [f"expression: {fault}"]
    if columns is None:
        return []
    unknown = sorted({name for name in columns_of(sql) if name not in columns})
    return [f"expression: column {name!r} is not among {', '.join(columns)}" for name in unknown]


def size_of(sql: str) -> int:
    """How many parts the expression has; 0 when it cannot be read."""
    try:
        return parts_of(parsed(sql))
    except SyntaxFault:
        return 0


def columns_of(sql: str) -> tuple[str, ...]:
    """The source columns that an expression reads, in order; empty when it cannot be read."""
    try:
        tree = parsed(sql)
    except SyntaxFault:
        return ()
    return tuple(dict.fromkeys(columns_in(tree)))


def safe_sql(sql: str, cell: Callable[[str], str]) -> str:
    """Spark SQL of the expression's text; `cell` gives the SQL of a column's text.

    Raises SyntaxFault for what `check_expression` finds.
    """
    return _as(Writer(cell).write(parsed(sql)), "text")


def gives_up(sql: str, cell: Callable[[str], str]) -> str | None:
    """SQL of whether a pattern of the expression took too long on the row; None = it has no pattern.

    What it took too long on is null in `safe_sql`, and what is made of it could be anything.
    """
    writer = Writer(cell)
    writer.write(parsed(sql))
    return writer.gave_up()


def columns_in(node: Node) -> list[str]:
    """The source columns that a tree reads, in order, each as often as it stands there."""
    here = [node.name] if node.kind == "column" else []
    return here + [name for part in node.parts for name in columns_in(part)]


def _as(written: Value, kind: str) -> str:
    """The SQL of a value as another kind; text that is no number becomes null."""
    sql, given = written.sql, written.kind
    if given == kind or (given == "any" and kind != "text"):
        return sql
    if kind == "text":
        return f"cast({sql} as string)"
    if kind in ("number", "int") and given in ("text", "number", "int"):
        return f"try_cast({sql} as {_NUMBER if kind == 'number' else 'int'})"
    raise SyntaxFault(f"{kind} expected, found {given}: {sql[:40]}")


class Writer:
    """Writes the parts of an expression anew; `cell` gives the SQL of a column's text, `field` the product's."""

    def __init__(
        self, cell: Callable[[str], str], field: Callable[[str], Value] = no_field
    ) -> None:
        self._cell = cell
        self._field = field
        self.patterns: list[tuple[str, str]] = []
        """(text, call) of each regular expression: the call is null where the text is, or gives up."""

    def write(self, node: Node) -> Value:
        """The part in SQL. Raises SyntaxFault for what may not stand there."""
        match node.kind:
            case "field":
                return self._field(node.name)
            case "column":
                return Value(self._cell(node.name), "text")
            case "string":
                return Value(text(node.name), "text")
            case "number" if len(node.name) > 20:
                raise SyntaxFault(f"number too long: {node.name}")
            case "number" if "." in node.name or len(node.name) > 9:
                return Value(f"try_cast('{node.name}' as {_NUMBER})", "number")
            case "number":
                return Value(node.name, "int")
            case "constant":
                return Value(node.name, "any" if node.name == "null" else "bool")
            case "case":
                return self._case(node)
            case "cast":
                return self._cast(node)
            case "call":
                return self._call(node)
            case _:
                return self._operator(node)

    def gave_up(self) -> str | None:
        """SQL of whether a pattern of what was written took too long; None = there was no pattern."""
        patterns = dict.fromkeys(self.patterns)
        told = (f"({text} is not null and {call} is null)" for text, call in patterns)
        return " or ".join(told) or None

    def _bool(self, node: Node) -> str:
        return _as(self.write(node), "bool")

    def _alike(self, nodes: tuple[Node, ...]) -> tuple[list[str], str]:
        """The values as one kind: text when any is text, else the widest."""
        written = [self.write(node) for node in nodes]
        kinds = {one.kind for one in written} - {"any"}
        if kinds <= {"int", "number"} and kinds:
            kind = "number" if "number" in kinds else "int"
        else:
            kind = kinds.pop() if len(kinds) == 1 else "text"
        return [_as(one, kind) for one in written], kind

    def _comparable(self, nodes: tuple[Node, ...]) -> list[str]:
        """As `_alike`, but text beside a number is read as a number."""
        written = [self.write(node) for node in nodes]
        kinds = {one.kind for one in written} - {"any"}
        if kinds <= {"int", "number", "text"} and kinds & {"int", "number"}:
            return [_as(one, "number") for one in written]
        if len(kinds) > 1:
            raise SyntaxFault(f"cannot compare {' with '.join(sorted(kinds))}")
        return [one.sql for one in written]

    def _case(self, node: Node) -> Value:
        *arms, otherwise = node.parts
        values, kind = self._alike((*arms[1::2], otherwise))
        conditions = [self._bool(condition) for condition in arms[::2]]
        pairs = list(zip(conditions, values[:-1], strict=True))
        return Value(case(*pairs, otherwise=values[-1]), kind)

    def _cast(self, node: Node) -> Value:
        value = self.write(node.parts[0])
        kind = {"string": "text", "int": "int", "boolean": "bool"}.get(node.name, "number")
        if kind == "bool" and value.kind == "text":
            return Value(f"try_cast({value.sql} as boolean)", "bool")
        return Value(_as(value, kind), kind)

    def _operator(self, node: Node) -> Value:
        name, parts = node.name, node.parts
        if name in ("and", "or"):
            return Value(f"({f' {name} '.join(map(self._bool, parts))})", "bool")
        if name == "not":
            return Value(f"(not {self._bool(parts[0])})", "bool")
        if name == "is null":
            return Value(f"({self.write(parts[0]).sql} is null)", "bool")
        if name == "in":
            first, *others = self._comparable(parts)
            return Value(f"({first} in ({', '.join(others)}))", "bool")
        if name == "between":
            value, low, high = self._comparable(parts)
            return Value(f"({value} between {low} and {high})", "bool")
        if name in ("like", "rlike"):
            return self._pattern_test(node)
        if name == "||":
            both = ", ".join(_as(self.write(part), "text") for part in parts)
            return Value(f"concat({both})", "text")
        if name in _TRY:
            both = ", ".join(_as(self.write(part), "number") for part in parts)
            return Value(f"try_cast({_TRY[name]}({both}) as {_NUMBER})", "number")
        if name == "negative":
            value = _as(self.write(parts[0]), "number")
            return Value(f"try_subtract(cast(0 as {_NUMBER}), {value})", "number")
        if name == "%":
            left, right = (_as(self.write(part), "number") for part in parts)
            return Value(case((f"{right} <> 0", f"{left} % {right}")), "number")
        left, right = self._comparable(parts)
        return Value(f"({left} {name} {right})", "bool")

    def _pattern_test(self, node: Node) -> Value:
        value, pattern = node.parts
        if pattern.kind != "string":
            raise SyntaxFault(f"{node.name} needs a pattern in quotes")
        if node.name == "rlike":
            groups_of(pattern.name)
        if node.name == "like" and pattern.name.endswith("\\"):
            raise SyntaxFault("like: the pattern ends in a backslash")
        tested = _as(self.write(value), "text")
        if node.name == "like":
            plain = pattern.name.replace("\\", "")
            return Value(called("is_like", tested, text(plain)), "bool")
        return Value(self._pattern("pattern_found", tested, text(pattern.name)), "bool")

    def _pattern(self, function: str, value: str, *more: str) -> str:
        """A call of one of the JVM's functions for patterns, which may give up."""
        call = called(function, value, *more)
        self.patterns.append((value, call))
        return call

    def _call(self, node: Node) -> Value:
        name, parts = node.name, node.parts
        if name == "if" and len(parts) == 3:
            return self._case(Node("case", "case", parts))
        if name in SAME_KIND:
            if len(parts) < SAME_KIND[name] or (name[:2] in ("nv", "if", "nu") and len(parts) > 2):
                raise SyntaxFault(f"{name}: wrong number of arguments")
            values, kind = self._alike(parts)
            return Value(f"{name}({', '.join(values)})", kind)
        function = FUNCTIONS.get(name)
        if function is None:
            raise SyntaxFault(f"function {name!r} is not allowed; use {', '.join(NAMES)}")
        return self._called(name, function, parts)

    def _called(self, name: str, function: Function, parts: tuple[Node, ...]) -> Value:
        wanted = list(function.arguments)
        if wanted[-1].endswith("*"):
            wanted = wanted[:-1] + [wanted[-1][0]] * max(1, len(parts) - len(wanted) + 1)
        if not len(wanted) - function.optional <= len(parts) <= len(wanted):
            raise SyntaxFault(f"{name}: {len(wanted)} arguments expected, found {len(parts)}")
        arguments = [
            self._argument(name, kind, part) for kind, part in zip(wanted, parts, strict=False)
        ]
        check_groups(name, parts)
        if name == "regexp_extract":
            group = arguments[2] if len(arguments) > 2 else "1"
            return Value(self._pattern("pattern_extracted", *arguments[:2], group), "text")
        if name == "regexp_replace":
            return Value(self._pattern("pattern_replaced", *arguments), "text")
        sql = f"{name}({', '.join(arguments)})"
        return Value(
            f"try_cast({sql} as {_NUMBER})" if function.result == "number" else sql, function.result
        )

    def _argument(self, name: str, kind: str, node: Node) -> str:
        if kind in "ps":
            if node.kind != "string":
                raise SyntaxFault(f"{name}: a text in quotes is needed here")
            return text(node.name)
        if kind == "l":
            return _literal(name, node)
        return _as(self.write(node), {"t": "text", "n": "number", "i": "int"}[kind])


def _literal(name: str, node: Node) -> str:
    negative = node.kind == "operator" and node.name == "negative"
    number = node.parts[0] if negative else node
    if number.kind != "number" or not number.name.isdigit() or int(number.name) > _LONGEST_PAD:
        raise SyntaxFault(f"{name}: a whole number up to {_LONGEST_PAD} is needed here")
    if name == "split_part" and int(number.name) == 0:
        raise SyntaxFault("split_part: parts count from 1")
    if negative and name in ("regexp_extract", "lpad", "rpad"):
        raise SyntaxFault(f"{name}: the number cannot be negative")
    return f"-{number.name}" if negative else number.name
