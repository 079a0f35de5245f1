"""What SQL sinks share is not Redshift's: with a dialect of PostgreSQL's own, unchanged, it passes the suites.

This is not a real sink: the file only has what a database must provide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from mallfeed.product.fields import PRODUCT_FIELDS, CanonicalField
from mallfeed.sinks.sql.columns import Column
from mallfeed.sinks.sql.database import Ended
from mallfeed.sinks.sql.growth import Tables
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.sink import SqlSink
from mallfeed.sinks.sql.stage import STAGE
from mallfeed.sinks.sql.tables import Table
from mallfeed.sinks.sql.verdict import Verdict
from mallfeed.table.port import Frame
from tests.contract.growth_suite import LATER, GrowthContract
from tests.contract.sink_suite import SinkContract
from tests.local_parts import Parts

pytestmark = pytest.mark.sinks

_TYPES = {"int": "INTEGER", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP", "string": "TEXT"}


class PostgresDialect:
    most_statements = 1_000
    most_statement_bytes = 1_000_000

    def column(self, field: CanonicalField) -> Column:
        if field.sql_type.startswith(("array", "map")):
            return Column(field.name, "TEXT", "JSONB", is_json=True)
        kind = _TYPES.get(field.sql_type, field.sql_type.upper())
        return Column(field.name, kind, kind)

    def from_json(self, text: str) -> str:
        return f"CAST({text} AS JSONB)"

    def from_hex(self, text: str) -> str:
        return f"('x' || LPAD({text}, 16, '0'))::BIT(64)::BIGINT"

    def key(self, table: Table) -> str:
        enforced = table.key and table.name != "product_price_history"
        return f"PRIMARY KEY ({', '.join(table.key)})" if enforced else ""

    def storage(self, table: Table) -> str:
        return ""


class PostgresDatabase:
    """Each transaction uses a connection of its own; the rows of the stage are streamed in place of COPY."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._staged: list[tuple[Any, ...]] = []
        self._rows: dict[str, list[list[Any]]] = {}

    def fill(self, frame: Frame, layout: Layout) -> str | None:
        self._staged = [
            tuple(_value(row.get(column.name), column.is_json) for column in layout.stage)
            for row in frame
        ]
        return f"COPY {STAGE} FROM STDIN" if self._staged else None

    def run(self, statements: Sequence[str], token: str, name: str = "") -> Ended:
        ids = tuple(f"{token}:{number}" for number, _ in enumerate(statements))
        statement = ""
        try:
            with psycopg.connect(self._dsn) as connection:
                for place, statement in zip(ids, statements, strict=True):
                    self._rows[place] = self._run(connection.cursor(), statement)
        except psycopg.Error as error:
            return Ended(token, "FAILED", str(error), ids, statement[:100])
        return Ended(token, "FINISHED", "", ids)

    def _run(self, cursor: psycopg.Cursor[Any], statement: str) -> list[list[Any]]:
        if not statement.startswith("COPY"):
            cursor.execute(statement.encode())
            return [list(row) for row in cursor.fetchall()] if cursor.description else []
        with cursor.copy(statement.encode()) as copy:
            for row in self._staged:
                copy.write_row(row)
        return []

    def rows(self, statement_id: str) -> list[list[Any]]:
        return self._rows[statement_id]

    def query(self, sql: str, token: str) -> list[list[Any]]:
        ended = self.run([sql], token)
        assert ended.finished, ended.told
        return self.rows(ended.sub_ids[0])


def _value(value: Any, is_json: bool) -> Any:
    if is_json and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def judge(error: str, aborted: bool) -> Verdict:
    return Verdict.DATA


TODAY = Layout(PostgresDialect(), PRODUCT_FIELDS)
GROWN = Layout(PostgresDialect(), (*PRODUCT_FIELDS, LATER))


class OnPostgres:
    """`Twin` and `Growing` over a database of its own."""

    transactional = True

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.bootstrap()

    def opened(self, layout: Layout = TODAY) -> SqlSink:
        database = PostgresDatabase(self._dsn)
        fill = lambda frame: database.fill(frame, layout)  # noqa: E731
        return SqlSink("postgresql", database, layout, fill, judge, sleep=lambda _s: None)

    def bootstrap(self, later: bool = False) -> None:
        Tables(GROWN if later else TODAY, judge).grow(PostgresDatabase(self._dsn))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with psycopg.connect(self._dsn, row_factory=dict_row) as connection:
            return connection.execute(sql.encode()).fetchall()


class AsTwin(OnPostgres):
    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self.sink = self.opened()

    def prices(self, mall_id: str) -> dict[str, int]:
        rows = self.rows(f"SELECT product_id, price FROM products WHERE mall_id = '{mall_id}'")
        return {row["product_id"]: int(row["price"]) for row in rows}


class AsGrowing(OnPostgres):
    def sink(self, later: bool = False) -> SqlSink:
        return self.opened(GROWN if later else TODAY)

    def values(self, field: str) -> dict[str, Any]:
        rows = self.rows(f"SELECT product_id, {field} AS value FROM products")
        return {row["product_id"]: row["value"] for row in rows}

    def fields(self) -> set[str]:
        query = "SELECT column_name FROM information_schema.columns WHERE table_name = 'products'"
        return {row["column_name"] for row in self.rows(query)}


@pytest.fixture
def dsn(warehouse: Parts) -> Iterator[str]:
    """An empty database of plain PostgreSQL."""
    server, name = warehouse.env["WAREHOUSE_DSN"], f"plain_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name}".encode())


class TestSqlSinkOnPostgresql(SinkContract):
    @pytest.fixture
    def twin(self, dsn: str) -> AsTwin:
        return AsTwin(dsn)


class TestSqlSinkOnPostgresqlGrows(GrowthContract):
    @pytest.fixture
    def growing(self, dsn: str) -> AsGrowing:
        return AsGrowing(dsn)
