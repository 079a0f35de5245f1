"""The warehouse (PostgreSQL): state of a mall's products in any schema, and cleaning up."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from benchmarks.feed_files import Fingerprint

OURS = "public"
_OUR_TABLES = "products, product_price_history, feed_loads, mall_state"


def fingerprint(dsn: str, schema: str, malls: str) -> Fingerprint:
    """State of the products of the malls whose id is LIKE `malls`."""
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(price), 0), coalesce(sum(review_count), 0) "
        "FROM {} WHERE mall_id LIKE %s"
    ).format(sql.Identifier(schema, "products"))
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query, [malls]).fetchone()
    assert row is not None
    return Fingerprint(int(row[0]), int(row[1]), int(row[2]))


def rows(dsn: str, schema: str, mall_id: str, product_ids: list[str]) -> dict[str, tuple[Any, ...]]:
    """By product id: title, price, brand, availability, gtin."""
    query = sql.SQL(
        "SELECT product_id, title, price, brand, availability, gtin FROM {} "
        "WHERE mall_id = %s AND product_id = ANY(%s)"
    ).format(sql.Identifier(schema, "products"))
    with psycopg.connect(dsn) as connection:
        found = connection.execute(query, [mall_id, product_ids]).fetchall()
    return {row[0]: tuple(row[1:]) for row in found}


def cursor(dsn: str, mall_id: str) -> str | None:
    """The feed to which our sink has brought the mall; None if there is none."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT feed_id FROM mall_state WHERE mall_id = %s", [mall_id]
        ).fetchone()
    return None if row is None else str(row[0])


def fresh_schema(dsn: str, schema: str, with_key: bool) -> None:
    """An empty table with our columns in a schema of its own; `with_key` = with a primary key."""
    table = sql.Identifier(schema, "products")
    drop(dsn, schema)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("CREATE TABLE {} (LIKE public.products)").format(table))
        if with_key:
            key = "ALTER TABLE {} ADD PRIMARY KEY (mall_id, product_id)"
            connection.execute(sql.SQL(key).format(table))


def drop(dsn: str, schema: str) -> None:
    """Drop the schema with everything in it."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
        )


def empty_ours(dsn: str) -> None:
    """Empty our tables."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {_OUR_TABLES}")
