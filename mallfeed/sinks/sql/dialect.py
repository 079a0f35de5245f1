"""What is one database's own in the SQL of a load; all other text is the same for each.

The text that is shared is ANSI as Redshift and PostgreSQL (from 15 on: MERGE) both read it: MERGE with
both WHEN clauses, from a table, without an alias on its target; DELETE … USING; UPDATE … FROM.
"""

from __future__ import annotations

from typing import Protocol

from mallfeed.kinds.field import CanonicalField
from mallfeed.sinks.sql.columns import Column
from mallfeed.sinks.sql.tables import Table


class Dialect(Protocol):
    """One database's SQL.

    Attributes
    ----------
    most_statements : statements that one transaction holds
    most_statement_bytes : UTF-8 bytes that one statement holds
    """

    most_statements: int
    most_statement_bytes: int

    def column(self, field: CanonicalField) -> Column:
        """The column of a canonical field: its types in the stage and in the table."""

    def from_json(self, text: str) -> str:
        """The expression that reads JSON text into the type of JSON columns."""

    def from_hex(self, text: str) -> str:
        """The expression that reads hexadecimal digits as a number."""

    def key(self, table: Table) -> str:
        """The table's key as a line of its CREATE TABLE; empty for none.

        A database that enforces keys leaves product_price_history without one: where a load is
        repeated to mend damaged products, a second price may begin at the same moment.
        """

    def storage(self, table: Table) -> str:
        """What follows the columns in the table's CREATE TABLE: how it is laid out on disk."""
