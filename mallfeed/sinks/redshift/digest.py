"""Queries of what the warehouse holds of a mall, for the comparison with the table. Pure text."""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Collection

from mallfeed.sinks.redshift import literals as lit

_BUCKET = "COALESCE(LEFT(content_hash, 2), '')"
_NUMBER = (
    "CASE WHEN content_hash ~ '^[0-9a-f]{64}$' "
    "THEN STRTOL(SUBSTRING(content_hash, 3, 8), 16) ELSE 0 END"
)

MALLS = "SELECT mall_id FROM products UNION SELECT mall_id FROM mall_state"


def digest(mall_id: str) -> str:
    """Rows (bucket, products, sum of their numbers as text)."""
    return (
        f"SELECT {_BUCKET} AS bucket, COUNT(*) AS products, CAST(SUM({_NUMBER}) AS VARCHAR) AS total "
        f"FROM products WHERE mall_id = {lit.text(mall_id)} GROUP BY 1"
    )


def hashes(mall_id: str, buckets: Collection[str]) -> str:
    """Rows (product_id, content_hash) of these buckets."""
    wanted = ", ".join(lit.text(bucket) for bucket in sorted(buckets))
    return (
        "SELECT product_id, COALESCE(content_hash, '') AS content_hash FROM products "
        f"WHERE mall_id = {lit.text(mall_id)} AND {_BUCKET} IN ({wanted})"
    )
