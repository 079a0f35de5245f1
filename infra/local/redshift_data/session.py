"""One session and transaction: SNAPSHOT isolation with Redshift's table-wide write conflicts."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any

import psycopg
from sqlglot import exp

from infra.local.redshift_data import copying, dialect, refusals
from infra.local.redshift_data.errors import NotHere, Refused
from infra.local.redshift_data.results import Outcome, outcome

_CONFLICT = (
    "ERROR: 1023 DETAIL: Serializable isolation violation on table - {table}, "
    "a concurrent transaction changed it after this one's snapshot"
)
_VARCHAR = re.compile(r"varchar_(\d+)")


class TableClock:
    """When each table was last changed, to detect concurrent writers."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.now = 0
        self.changed: dict[str, int] = {}


class Session:
    """A connection with one open transaction."""

    def __init__(self, dsn: str, database: str, clock: TableClock, *, in_batch: bool) -> None:
        self._connection: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
            dsn, dbname=database
        )
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._clock, self._in_batch = clock, in_batch
        self._snapshot: int | None = None
        self._written: set[str] = set()
        self._temporary: set[str] = set()

    @property
    def pid(self) -> int:
        """The backend's process id."""
        return self._connection.info.backend_pid

    def run(self, sql: str, parameters: Mapping[str, str]) -> Outcome:
        """Run one statement; raises Refused with the text that Redshift would return."""
        try:
            if (copy := copying.parse_copy(sql)) is not None:
                self._before_write(copy.table)
                return Outcome(rows=copying.run_copy(copy, self._connection))
            tree = dialect.bind(dialect.parse(sql), parameters)
            refusals.refuse_unsupported(tree, in_batch=self._in_batch)
            return self._run(tree)
        except psycopg.errors.SerializationFailure as error:
            raise Refused(_CONFLICT.format(table="unknown")) from error
        except psycopg.errors.QueryCanceled as error:
            raise Refused("ERROR: Query cancelled on user's request") from error
        except psycopg.Error as error:
            raise Refused(_redshift_text(error)) from error

    def _run(self, tree: exp.Expr) -> Outcome:
        if isinstance(tree, exp.Command) and _is_command(tree, "LOCK"):
            return self._lock_tables(tree)
        if isinstance(tree, exp.Analyze) or _is_command(tree, "VACUUM"):
            return Outcome()  # housekeeping that PostgreSQL does by itself
        if isinstance(tree, exp.Command) and not _is_command(tree, "EXPLAIN"):
            raise NotHere(f"{tree.name.upper()} …")
        self._take_snapshot()
        for kind in tree.find_all(exp.DataType):
            self._ensure_domain(tree, kind)
        if isinstance(tree, exp.Create) and _is_temporary(tree):
            self._temporary.add(_name(tree.this))
        for table in _written_tables(tree):
            self._before_write(table)
        if isinstance(tree, exp.Merge):
            self._check_merge_source(tree)
        return outcome(self._connection.execute(dialect.to_postgres(tree).encode()))

    def _take_snapshot(self) -> None:
        """Redshift takes the snapshot at the first statement that reads or writes data."""
        if self._snapshot is None:
            with self._clock.lock:
                self._snapshot = self._clock.now
                self._connection.execute("SELECT 1")

    def _before_write(self, table: str) -> None:
        """Writers of a table wait for each other; the later one's snapshot is then too old."""
        self._take_snapshot()
        name = table.replace('"', "").lower()
        if name in self._temporary or name in self._written or not self._exists(name):
            return
        self._connection.execute(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE".encode())
        self._written.add(name)
        if self._clock.changed.get(name, 0) > (self._snapshot or 0):
            raise Refused(_CONFLICT.format(table=name))

    def _exists(self, name: str) -> bool:
        row = self._connection.execute(
            "SELECT c.relkind FROM pg_class c WHERE c.oid = to_regclass(%s)", [name]
        ).fetchone()
        return row is not None and row[0] == "r"

    def _lock_tables(self, tree: exp.Command) -> Outcome:
        """LOCK before the first read: the snapshot is taken after the others have finished."""
        names = re.sub(r"^\s*TABLE\b", "", str(tree.expression), flags=re.IGNORECASE)
        for name in names.split(","):
            clean = name.strip().strip(";").replace('"', "").lower()
            self._connection.execute(f"LOCK TABLE {clean} IN SHARE ROW EXCLUSIVE MODE".encode())
        return Outcome()

    def _ensure_domain(self, tree: exp.Expr, kind: exp.DataType) -> None:
        """The byte-counting type of a new VARCHAR column."""
        if not isinstance(tree, exp.Create | exp.Alter):
            return
        wanted = dialect.column_type(kind).sql("postgres")
        if (found := _VARCHAR.search(wanted)) is None:
            return
        with psycopg.connect(self._connection.info.dsn, autocommit=True) as aside:
            row = aside.execute("SELECT to_regtype(%s)", [wanted]).fetchone()
            if row is not None and row[0] is None:
                check = f"CHECK (octet_length(VALUE) <= {found[1]})"
                try:
                    aside.execute(f"CREATE DOMAIN {wanted} AS text {check}".encode())
                except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    return  # another session was faster

    def _check_merge_source(self, tree: exp.Merge) -> None:
        source = tree.args["using"]
        name = _name(source)
        if name not in self._temporary and not self._exists(name):
            raise Refused(f"ERROR: MERGE source {name} must be a table, not a subquery or a view")
        keys = ", ".join(f'"{key}"' for key in refusals.source_keys(tree))
        query = f"SELECT 1 FROM {name} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"  # noqa: S608
        if self._connection.execute(query.encode()).fetchone():
            raise Refused("ERROR: Found multiple matches to update the same tuple.")

    def commit(self) -> None:
        """Commit; from here on the tables count as changed."""
        with self._clock.lock:
            self._clock.now += 1
            self._clock.changed.update(dict.fromkeys(self._written, self._clock.now))
            try:
                self._connection.commit()
            except psycopg.Error as error:
                raise Refused(_redshift_text(error)) from error

    def cancel(self) -> None:
        """Interrupt the running statement (called from another thread)."""
        self._connection.cancel_safe()

    def close(self) -> None:
        """End the session; uncommitted changes are undone, temporary tables are gone."""
        self._connection.close()


def _is_temporary(tree: exp.Create) -> bool:
    properties = tree.args.get("properties")
    return properties is not None and properties.find(exp.TemporaryProperty) is not None


def _name(node: exp.Expr) -> str:
    table = node.find(exp.Table) or node
    return (
        ".".join(part.name for part in table.parts).lower() if isinstance(table, exp.Table) else ""
    )


def _written_tables(tree: exp.Expr) -> list[str]:
    if isinstance(tree, exp.Insert | exp.Update | exp.Delete | exp.Merge | exp.Alter):
        return [_name(tree.this)]
    if isinstance(tree, exp.TruncateTable | exp.Drop):
        return [_name(table) for table in tree.find_all(exp.Table)]
    return []


def _is_command(tree: exp.Expr, word: str) -> bool:
    return isinstance(tree, exp.Command) and tree.name.upper() == word


def _redshift_text(error: psycopg.Error) -> str:
    diagnostic = error.diag
    if isinstance(error, psycopg.errors.CheckViolation) and diagnostic.datatype_name:
        length = diagnostic.datatype_name.removeprefix("varchar_")
        return f"ERROR: Value too long for type character varying({length})"
    if diagnostic.message_primary is None:
        return f"ERROR: {error}"
    detail = f"\n  Detail: {diagnostic.message_detail}" if diagnostic.message_detail else ""
    return f"ERROR: {diagnostic.message_primary}{detail}"
