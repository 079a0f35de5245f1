"""What PostgreSQL would accept and Redshift does not (Redshift's developer guide, SQL reference)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from infra.local.redshift_data.errors import Refused

MAX_STATEMENT_BYTES = 100_000
_COMMITTING = (exp.TruncateTable,)
_TRANSACTION = (exp.Transaction, exp.Commit, exp.Rollback)


def refuse_unsupported(tree: exp.Expr, *, in_batch: bool) -> None:
    """Raises Refused, saying what Redshift does not support or does differently."""
    if isinstance(tree, _TRANSACTION):
        raise Refused("ERROR: BEGIN, COMMIT and ROLLBACK are the Data API's own business")
    if in_batch and isinstance(tree, _COMMITTING):
        raise Refused("ERROR: TRUNCATE commits the transaction it runs in: use DELETE in a batch")
    if in_batch and isinstance(tree, exp.Alter):
        _alter_in_batch(tree)
    if in_batch and isinstance(tree, exp.Command) and tree.name.upper() in ("VACUUM", "CALL"):
        raise Refused(f"ERROR: {tree.name.upper()} cannot run inside a transaction block")
    for check in _CHECKS:
        check(tree)
    if isinstance(tree, exp.Merge):
        refuse_merge(tree)


def _insert(tree: exp.Expr) -> None:
    for node in tree.find_all(exp.Insert):
        if node.args.get("conflict"):
            raise Refused('ERROR: syntax error at or near "ON": Redshift has no ON CONFLICT')
    if tree.find(exp.Returning):
        raise Refused('ERROR: syntax error at or near "RETURNING": Redshift has none')


def _select(tree: exp.Expr) -> None:
    for node in tree.find_all(exp.Distinct):
        if node.args.get("on"):
            raise Refused("ERROR: SELECT DISTINCT ON is not supported")
    if tree.find(exp.Filter):
        raise Refused('ERROR: syntax error at or near "FILTER": Redshift has none for aggregates')
    if tree.find(exp.Lateral):
        raise Refused("ERROR: LATERAL is not supported")


def _create(tree: exp.Expr) -> None:
    if not isinstance(tree, exp.Create | exp.Alter):
        return
    if isinstance(tree, exp.Create) and tree.kind == "INDEX":
        raise Refused('ERROR: SQL command "CREATE INDEX" not supported on Redshift tables')
    if tree.find(exp.CheckColumnConstraint):
        raise Refused("ERROR: CHECK constraints are not supported on Redshift tables")
    if isinstance(tree, exp.Alter):
        _alter(tree)
    for kind in tree.find_all(exp.DataType):
        _column_type(kind)


_NOT_ADDED = (
    exp.PrimaryKeyColumnConstraint,
    exp.UniqueColumnConstraint,
    exp.Reference,
    exp.GeneratedAsIdentityColumnConstraint,
)


def _alter(tree: exp.Alter) -> None:
    """ALTER TABLE as its reference has it ("You can add only one column in each ALTER TABLE statement";
    ADD COLUMN has no IF NOT EXISTS and takes no UNIQUE, PRIMARY KEY, REFERENCES or IDENTITY). In which
    words a NOT NULL column without a default is refused is from users' reports, not from the reference."""
    actions = tree.args.get("actions") or []
    if len(actions) > 1:
        raise Refused("ERROR: ALTER TABLE takes one action per statement")
    for action in actions:
        if isinstance(action, exp.ColumnDef):
            _added(action)


def _added(column: exp.ColumnDef) -> None:
    if column.args.get("exists"):
        raise Refused('ERROR: syntax error at or near "NOT": ADD COLUMN takes no IF NOT EXISTS')
    kinds = [one if isinstance(one, exp.Reference) else one.kind for one in column.constraints]
    if any(isinstance(kind, _NOT_ADDED) for kind in kinds):
        raise Refused("ERROR: ALTER TABLE ADD COLUMN takes no key, reference or identity")
    required = any(
        isinstance(kind, exp.NotNullColumnConstraint) and not kind.args.get("allow_null")
        for kind in kinds
    )
    if required and not any(isinstance(kind, exp.DefaultColumnConstraint) for kind in kinds):
        raise Refused(
            "ERROR: ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression"
        )


def _alter_in_batch(tree: exp.Alter) -> None:
    """From the reference of ALTER TABLE: "You can't alter columns within a transaction block" (ALTER COLUMN
    TYPE). It does not forbid adding a column there."""
    if any(isinstance(action, exp.AlterColumn) for action in tree.args.get("actions") or []):
        raise Refused("ERROR: ALTER TABLE ALTER COLUMN cannot run inside a transaction block")


_UNKNOWN_TYPES = {
    exp.DataType.Type.JSON,
    exp.DataType.Type.JSONB,
    exp.DataType.Type.ARRAY,
    exp.DataType.Type.UUID,
    exp.DataType.Type.MAP,
    exp.DataType.Type.STRUCT,
}


def _column_type(kind: exp.DataType) -> None:
    if kind.this in _UNKNOWN_TYPES:
        raise Refused(
            f'ERROR: Column type "{kind.this.value.lower()}" is not supported on Redshift'
        )
    is_sized = kind.this == exp.DataType.Type.DECIMAL and kind.expressions
    if is_sized and int(kind.expressions[0].name) > 38:
        raise Refused("ERROR: DECIMAL precision must be between 1 and 38")


def _casts(tree: exp.Expr) -> None:
    for node in tree.find_all(exp.Cast):
        if node.to.this in _UNKNOWN_TYPES:
            raise Refused(f'ERROR: type "{node.to.this.value.lower()}" does not exist')


_CHECKS: tuple[Callable[[exp.Expr], None], ...] = (_insert, _select, _create, _casts)


def refuse_merge(tree: exp.Merge) -> None:
    """MERGE as Redshift accepts it (developer guide, MERGE: syntax and parameters)."""
    if tree.args.get("returning"):
        raise Refused("ERROR: MERGE has no RETURNING")
    if tree.args.get("with_"):
        raise Refused("ERROR: MERGE takes no WITH clause")
    if tree.this.alias:
        raise Refused("ERROR: MERGE target table must not have an alias")
    if not isinstance(tree.args["using"], exp.Table):
        raise Refused("ERROR: MERGE source must be a table, not a subquery or a view")
    for left, right in join_columns(tree):
        if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
            raise Refused(
                "ERROR: MERGE ON takes equality between columns of source and target only"
            )
    _refuse_whens(tree)


def _refuse_whens(tree: exp.Merge) -> None:
    whens = tree.args["whens"].expressions
    matched = [bool(when.args.get("matched")) for when in whens]
    if any(when.args.get("condition") is not None for when in whens):
        raise Refused("ERROR: MERGE takes no condition on WHEN MATCHED or WHEN NOT MATCHED")
    if any(when.args.get("source") for when in whens):
        raise Refused("ERROR: MERGE has no WHEN NOT MATCHED BY SOURCE")
    if sorted(matched) != [False, True]:
        raise Refused("ERROR: MERGE must have one WHEN MATCHED and one WHEN NOT MATCHED clause")
    update = next(when for when in whens if when.args.get("matched")).args["then"]
    if isinstance(update, exp.Update):
        for assignment in update.expressions:
            if assignment.this.args.get("table"):
                raise Refused("ERROR: MERGE UPDATE SET must not name the target's table")


def join_columns(tree: exp.Merge) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """The two sides of every equality in ON; raises Refused for anything but equalities."""
    condition = tree.args["on"].unnest()
    parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
    for part in parts:
        part = part.unnest()
        if not isinstance(part, exp.EQ):
            raise Refused(
                "ERROR: MERGE ON takes equality between columns of source and target only"
            )
        yield part.left, part.right


def source_keys(tree: exp.Merge) -> list[str]:
    """The source's columns in ON: they must not repeat within the source."""
    target = {tree.this.name, tree.this.alias_or_name}
    keys = []
    for left, right in join_columns(tree):
        of_target = isinstance(left, exp.Column) and left.table in target
        keys.append(right.name if of_target else left.name)
    return keys
