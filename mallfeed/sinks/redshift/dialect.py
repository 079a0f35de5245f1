"""Redshift's dialect in the SQL of a load, and how its tables are stored on disk.

It follows these rules: no parameters, at most 40 statements of at most 100 KB in a batch (Data API
reference, BatchExecuteStatement); MERGE from a table with both WHEN clauses and no alias for its target
(Redshift developer guide, MERGE).
"""

from __future__ import annotations

from mallfeed.kinds.field import CanonicalField
from mallfeed.product.record import PRODUCT
from mallfeed.sinks.redshift import columns
from mallfeed.sinks.sql import literals as lit
from mallfeed.sinks.sql.columns import Column
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.stage import STAGE
from mallfeed.sinks.sql.tables import Table

_STORAGE = {
    "products": "DISTSTYLE KEY\nDISTKEY (product_id)\nCOMPOUND SORTKEY (mall_id, product_id)",
    "product_price_history": (
        "DISTSTYLE KEY\nDISTKEY (product_id)\nCOMPOUND SORTKEY (mall_id, product_id, valid_from)"
    ),
    "feed_loads": "DISTSTYLE EVEN\nCOMPOUND SORTKEY (mall_id, loaded_at)",
    "mall_state": "DISTSTYLE ALL\nSORTKEY (mall_id)",
    "load_lock": "DISTSTYLE ALL",
}


class RedshiftDialect:
    """`mallfeed.sinks.sql.dialect.Dialect` for Redshift behind its Data API."""

    most_statements = 40
    most_statement_bytes = 90_000

    def column(self, field: CanonicalField) -> Column:
        """See Dialect."""
        return columns.column(field)

    def from_json(self, text: str) -> str:
        """See Dialect."""
        return f"JSON_PARSE({text})"

    def from_hex(self, text: str) -> str:
        """See Dialect."""
        return f"STRTOL({text}, 16)"

    def key(self, table: Table) -> str:
        """See Dialect. Redshift uses a primary key as a hint, and does not enforce it."""
        return f"PRIMARY KEY ({', '.join(table.key)})" if table.key else ""

    def storage(self, table: Table) -> str:
        """See Dialect."""
        return _STORAGE[table.name]


LAYOUT = Layout(RedshiftDialect(), PRODUCT.fields)
"""The warehouse's tables and columns of this release."""


def copy(manifest_uri: str, role_arn: str) -> str:
    """The statement that fills the stage from the files in a manifest; the role must be allowed to read them."""
    return (
        f"COPY {STAGE} FROM {lit.text(manifest_uri)} "
        f"IAM_ROLE {lit.text(role_arn)} FORMAT AS PARQUET MANIFEST"
    )
