"""Redshift SQL to PostgreSQL SQL: types, table options, functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError, UnsupportedError

from infra.local.redshift_data.errors import NotHere, Refused

MAX_VARCHAR_BYTES = 65535
DEFAULT_VARCHAR_BYTES = 256
DOMAINS = "redshift"  # the PostgreSQL schema of the byte-counting VARCHAR domains

_TABLE_OPTION = re.compile(
    r"""\b(?:
        ENCODE\s+\w+
      | DISTSTYLE\s+(?:ALL|EVEN|KEY|AUTO)
      | (?:COMPOUND\s+|INTERLEAVED\s+)?SORTKEY(?:\s*\([^)]*\)|\s+AUTO\b)?
      | DISTKEY(?:\s*\([^)]*\))?
      | BACKUP\s+(?:YES|NO)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_DDL = re.compile(r"\s*(?:CREATE|ALTER)\b", re.IGNORECASE)
_NOT_ENFORCED = (
    exp.PrimaryKeyColumnConstraint,
    exp.UniqueColumnConstraint,
    exp.Reference,
)
_TABLE_KEYS = (exp.PrimaryKey, exp.UniqueColumnConstraint, exp.ForeignKey, exp.Constraint)
_COLUMNS = ("information_schema", "columns")  # with Redshift's names of types (made at the start)
# Redshift's functions that PostgreSQL lacks (made when the server starts).
_OWN = {"JSON_SERIALIZE": "serialize", "GET_ARRAY_LENGTH": "array_length"}


def parse(sql: str) -> exp.Expr:
    """The statement as a tree; raises Refused if there is none, or more than one."""
    text = _without_table_options(sql) if _DDL.match(sql) else sql
    try:
        found = [one for one in sqlglot.parse(text, read="redshift") if one is not None]
    except SqlglotError as error:
        raise Refused(f"ERROR: syntax error: {_plain(error)}") from error
    if len(found) != 1:
        raise Refused("ERROR: Multiple statements are not supported in one Sql text")
    return found[0]


def _plain(error: Exception) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error))


def _without_table_options(sql: str) -> str:
    """Strip storage options outside quotes: PostgreSQL has nothing like them."""
    parts, last = [], 0
    for quoted in _QUOTED.finditer(sql):
        parts += [_TABLE_OPTION.sub(" ", sql[last : quoted.start()]), quoted.group()]
        last = quoted.end()
    return "".join([*parts, _TABLE_OPTION.sub(" ", sql[last:])])


def bind(tree: exp.Expr, parameters: Mapping[str, str]) -> exp.Expr:
    """Insert named parameters (`:name`) as text literals, which take the type of their position."""
    used = set()
    for place in list(tree.find_all(exp.Placeholder)):
        name = str(place.this)
        if name not in parameters:
            raise Refused(f"ERROR: parameter :{name} is not given")
        used.add(name)
        place.replace(exp.Literal.string(parameters[name]))
    if unused := set(parameters) - used:
        raise Refused(f"ERROR: parameters not used in the statement: {', '.join(sorted(unused))}")
    return tree


def to_postgres(tree: exp.Expr) -> str:
    """The same statement for PostgreSQL."""
    tree = tree.copy()
    if isinstance(tree, exp.Create):
        _drop_keys(tree)
    if isinstance(tree, exp.Create | exp.Alter):
        for column in tree.find_all(exp.ColumnDef):
            if isinstance(kind := column.args.get("kind"), exp.DataType):
                kind.replace(column_type(kind))
        for like in tree.find_all(exp.LikeProperty):
            like.set("expressions", [])
    for table in tree.find_all(exp.Table):
        if (table.db.lower(), table.name.lower()) == _COLUMNS:
            table.replace(exp.to_table(f"{DOMAINS}.columns", alias=table.alias or None))
    try:
        return _functions(tree).sql("postgres", unsupported_level=ErrorLevel.RAISE)
    except UnsupportedError as error:  # what cannot be said would be left out
        raise NotHere(_plain(error)) from error


def column_type(kind: exp.DataType) -> exp.DataType:
    """The column's type in PostgreSQL: VARCHAR counts bytes, so it is a checked domain."""
    T = exp.DataType.Type  # noqa: N806 - a type
    if kind.this == T.SUPER:
        return exp.DataType.build("JSONB", dialect="postgres")
    if kind.this in (T.VARCHAR, T.NVARCHAR, T.TEXT):
        return exp.DataType.build(domain(varchar_bytes(kind)), dialect="postgres", udt=True)
    if kind.this == T.DECIMAL and not kind.expressions:
        return exp.DataType.build("DECIMAL(18, 0)", dialect="postgres")
    return kind.copy()


def varchar_bytes(kind: exp.DataType) -> int:
    """How many bytes a VARCHAR column can hold."""
    if not kind.expressions:
        return DEFAULT_VARCHAR_BYTES
    size = kind.expressions[0].name.upper()
    length = MAX_VARCHAR_BYTES if size == "MAX" else int(size)
    if not 1 <= length <= MAX_VARCHAR_BYTES:
        raise Refused(f"ERROR: length for type varchar cannot exceed {MAX_VARCHAR_BYTES}")
    return length


def domain(length: int) -> str:
    """The domain that holds text of at most that many bytes."""
    return f"{DOMAINS}.varchar_{length}"


def _drop_keys(tree: exp.Create) -> None:
    """Redshift's keys are hints, never enforced: duplicates must be possible here as well."""
    for constraint in list(tree.find_all(exp.ColumnConstraint)):
        if isinstance(constraint.kind, _NOT_ENFORCED):
            constraint.pop()
    if isinstance(tree.this, exp.Schema):
        kept = [one for one in tree.this.expressions if not isinstance(one, _TABLE_KEYS)]
        tree.this.set("expressions", kept)


def _functions(tree: exp.Expr) -> exp.Expr:
    """Innermost calls first: `transform` would not look into what it has replaced."""
    for node in reversed(list(tree.walk())):
        if (other := _function(node)) is not node:
            node.replace(other)
    return tree


def _function(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.ParseJSON):
        return exp.cast(node.this, "JSONB", dialect="postgres")
    if isinstance(node, exp.CurrentTimestamp):
        return exp.maybe_parse("(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')", dialect="postgres")
    if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.SUPER:
        return exp.Anonymous(this="to_jsonb", expressions=[node.this])
    if isinstance(node, exp.Cast) and _is_varchar(node.to):
        return _truncating_cast(node)
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.GroupConcat):
        return _ordered_text(node)
    if isinstance(node, exp.Anonymous) and (name := _OWN.get(node.name.upper())):
        return _own(name, node.expressions)
    if isinstance(node, exp.FromBase):  # STRTOL, as sqlglot reads it
        return _own("strtol", [node.this, node.expression])
    if isinstance(node, exp.Anonymous) and node.name.upper() in ("ISNULL", "NVL"):
        return exp.Coalesce(this=node.expressions[0], expressions=node.expressions[1:])
    return node


def _is_varchar(kind: exp.DataType) -> bool:
    return kind.this in (exp.DataType.Type.VARCHAR, exp.DataType.Type.NVARCHAR) and bool(
        kind.expressions
    )


def _truncating_cast(node: exp.Cast) -> exp.Expr:
    """An explicit cast to VARCHAR(n) cuts at n bytes (redshift.cut, created at the start)."""
    text = exp.cast(node.this, "TEXT", dialect="postgres")
    length = exp.Literal.number(varchar_bytes(node.to))
    return _own("cut", [text, length])


def _ordered_text(node: exp.WithinGroup) -> exp.Expr:
    """LISTAGG(x, ',') WITHIN GROUP (ORDER BY y) is string_agg(x, ',' ORDER BY y)."""
    text = exp.cast(node.this.this, "TEXT", dialect="postgres").sql("postgres")
    separator = node.this.args.get("separator") or exp.Literal.string("")
    order = node.expression.sql("postgres")
    return exp.maybe_parse(
        f"string_agg({text}, {separator.sql('postgres')} {order})", dialect="postgres"
    )


def _own(name: str, arguments: list[exp.Expr]) -> exp.Expr:
    """A call of a function of ours in the schema `redshift`."""
    call = exp.Anonymous(this=name, expressions=arguments)
    return exp.Dot(this=exp.to_identifier(DOMAINS), expression=call)
