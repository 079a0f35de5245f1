"""The file's tables: made, or grown to this release's fields, whenever the file is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from mallfeed.kinds.field import CanonicalField
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.table.growth import Wanted, growth, refuse

KEY = ("mall_id", "product_id")
_CURSORS = (
    "CREATE TABLE IF NOT EXISTS cursors (mall_id TEXT PRIMARY KEY, table_uuid TEXT, snapshot_id INTEGER, "
    "seq INTEGER, epoch INTEGER, feed_id TEXT, moved_at TEXT)"
)


def columns(fields: Sequence[CanonicalField]) -> list[str]:
    """The columns of `products`; all are text, lists and maps as JSON."""
    return ["mall_id", *(field.name for field in fields), "content_hash"]


def connect(path: Path, fields: Sequence[CanonicalField] = PRODUCT_FIELDS) -> sqlite3.Connection:
    """The file, with its tables as this release writes them; raises SchemaDiffers where it cannot be."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    names = columns(fields)
    listed = ", ".join(f"{name} TEXT" for name in names)
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS products ({listed}, PRIMARY KEY ({', '.join(KEY)}))"
    )
    connection.execute(_CURSORS)
    _grow(connection, names)
    return connection


def _grow(connection: sqlite3.Connection, names: list[str]) -> None:
    found = {row[1]: row[2] for row in connection.execute("PRAGMA table_info(products)")}
    wanted = [Wanted(name, "TEXT", addable=name not in KEY) for name in names]
    grown = growth("table products", wanted, found)
    refuse([grown], lambda _differences: "What to do: move the file away; it is filled anew.")
    for column in grown.add:
        connection.execute(f"ALTER TABLE products ADD COLUMN {column.name} {column.type}")
