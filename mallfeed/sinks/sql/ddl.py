"""CREATE TABLE and ALTER TABLE of the warehouse's tables, derived from `tables`."""

from __future__ import annotations

from mallfeed.sinks.sql.dialect import Dialect
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.tables import Table, TableColumn


def create(layout: Layout) -> list[str]:
    """A statement for each table, in order; does nothing to one that is there."""
    return [create_table(layout.dialect, table) for table in layout.tables]


def create_table(dialect: Dialect, table: Table) -> str:
    """The table's CREATE TABLE."""
    lines = [*(column.definition for column in table.columns), dialect.key(table)]
    body = ",\n".join(f"    {line}" for line in lines if line)
    head = f"CREATE TABLE IF NOT EXISTS {table.name} (\n{body}\n)"
    return f"{head}\n{dialect.storage(table)}".rstrip()


def add_column(table: str, column: TableColumn) -> str:
    """The statement that gives a table one more column: null in all rows that are there.

    One column in each statement ("You can add only one column in each ALTER TABLE statement", Redshift
    developer guide, ALTER TABLE), and without IF NOT EXISTS, which that syntax does not have.
    """
    return f"ALTER TABLE {table} ADD COLUMN {column.definition}"
