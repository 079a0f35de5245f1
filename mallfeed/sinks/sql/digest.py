"""Queries of what the warehouse holds of a mall, for the comparison with the table. Pure text."""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Collection

from mallfeed.sinks.sql import literals as lit
from mallfeed.sinks.sql.dialect import Dialect

_BUCKET = "COALESCE(LEFT(content_hash, 2), '')"

MALLS = "SELECT mall_id FROM products UNION SELECT mall_id FROM mall_state"


def digest(dialect: Dialect, mall_id: str) -> str:
    """Rows (bucket, products, sum of their numbers as text)."""
    number = (
        "CASE WHEN content_hash ~ '^[0-9a-f]{64}$' "
        f"THEN {dialect.from_hex('SUBSTRING(content_hash, 3, 8)')} ELSE 0 END"
    )
    return (
        f"SELECT {_BUCKET} AS bucket, COUNT(*) AS products, CAST(SUM({number}) AS VARCHAR) AS total "
        f"FROM products WHERE mall_id = {lit.text(mall_id)} GROUP BY 1"
    )


def hashes(mall_id: str, buckets: Collection[str]) -> str:
    """Rows (product_id, content_hash) of these buckets."""
    wanted = ", ".join(lit.text(bucket) for bucket in sorted(buckets))
    return (
        "SELECT product_id, COALESCE(content_hash, '') AS content_hash FROM products "
        f"WHERE mall_id = {lit.text(mall_id)} AND {_BUCKET} IN ({wanted})"
    )
