"""The warehouse's tables: their columns, types and keys, in one place.

`products` follows the canonical fields; its types are the dialect's, those of all other tables the same
in every database. A new column is added at the end of its table: `feed_loads` is filled by position.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mallfeed.product.first_release import FIRST_FIELDS
from mallfeed.sinks.sql.columns import MALL_ID, PRICE_COLUMNS, Column


@dataclass(frozen=True)
class TableColumn:
    """A column of a table.

    Attributes
    ----------
    required : NOT NULL: part of the key, or without meaning when it is missing
    first : every table has it, as it is of the first release; others may be younger than the table
    """

    name: str
    type: str
    required: bool = False
    first: bool = True

    @property
    def definition(self) -> str:
        """The column as CREATE TABLE and ADD COLUMN write it."""
        return f"{self.name} {self.type}{' NOT NULL' if self.required else ''}"


@dataclass(frozen=True)
class Table:
    """A table; `about` says in two lines what a row of it is."""

    name: str
    about: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    key: tuple[str, ...] = ()


_MALL = TableColumn(MALL_ID.name, MALL_ID.table_type, required=True)
_NAMES_OF_FIRST = FIRST_FIELDS | {"mall_id", "content_hash"}


def tables(products: Sequence[Column]) -> tuple[Table, ...]:
    """All tables, in the order in which they are made; `products` are the columns of a change."""
    types = {column.name: column.table_type for column in products}
    return (_products(products), _price_history(types), _FEED_LOADS, _MALL_STATE, _LOAD_LOCK)


def _products(products: Sequence[Column]) -> Table:
    key = ("mall_id", "product_id")
    return Table(
        "products",
        (
            "The canonical products. One row per product; key (mall_id, product_id): Redshift enforces none.",
            "A VARCHAR counts bytes: 4 for each character allowed. Arrays and maps are SUPER.",
        ),
        (
            *(
                TableColumn(
                    column.name,
                    column.table_type,
                    required=column.name in key,
                    first=column.name in _NAMES_OF_FIRST,
                )
                for column in products
            ),
            TableColumn("seq", "BIGINT"),
            TableColumn("loaded_at", "TIMESTAMP"),
        ),
        key,
    )


def _price_history(types: dict[str, str]) -> Table:
    return Table(
        "product_price_history",
        (
            "Which price held from when to when. A new row when price, list price, currency or availability",
            "changes; the times are those of the commits; valid_to NULL = holds now.",
        ),
        (
            _MALL,
            TableColumn("product_id", types["product_id"], required=True),
            TableColumn("valid_from", "TIMESTAMP", required=True),
            *(TableColumn(name, types[name]) for name in PRICE_COLUMNS),
            TableColumn("valid_to", "TIMESTAMP"),
        ),
        ("mall_id", "product_id", "valid_from"),
    )


_FEED_LOADS = Table(
    "feed_loads",
    ("One row per loaded feed, written in the transaction that loads it.",),
    (
        TableColumn("feed_id", "VARCHAR(64)", required=True),
        _MALL,
        TableColumn("feed_name", "VARCHAR(256)"),
        TableColumn("catalog_version", "INTEGER"),
        TableColumn("catalog_hash", "VARCHAR(128)"),
        TableColumn("object_key", "VARCHAR(4096)"),
        TableColumn("size_bytes", "BIGINT"),
        TableColumn("rows_read", "BIGINT"),
        TableColumn("loaded", "BIGINT"),
        TableColumn("changed", "BIGINT"),
        TableColumn("vanished", "BIGINT"),
        TableColumn("rejected", "BIGINT"),
        TableColumn("warnings", "BIGINT"),
        TableColumn("started_at", "TIMESTAMP"),
        TableColumn("committed_at", "TIMESTAMP"),
        TableColumn("loaded_at", "TIMESTAMP"),
        TableColumn("seq", "BIGINT"),
    ),
    ("feed_id",),
)

_MALL_STATE = Table(
    "mall_state",
    (
        "How far the warehouse has come for each mall: the sink's cursor, and the guard that makes a",
        "repeated or late transaction change nothing.",
    ),
    (
        _MALL,
        TableColumn("epoch", "BIGINT", required=True),
        TableColumn("seq", "BIGINT", required=True),
        TableColumn("table_uuid", "VARCHAR(64)", required=True),
        TableColumn("snapshot_id", "BIGINT", required=True),
        TableColumn("feed_id", "VARCHAR(64)"),
        TableColumn("moved_at", "TIMESTAMP"),
    ),
    ("mall_id",),
)

_LOAD_LOCK = Table(
    "load_lock",
    ("One row, written anew by each load first of all, so that loads follow one another.",),
    (TableColumn("taken_at", "TIMESTAMP"),),
)
