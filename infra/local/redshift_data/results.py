"""Rows and column types in the Data API's format."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from dataclasses import dataclass, field
from typing import Any

import psycopg

from infra.local.redshift_data.errors import Refused

PAGE_ROWS = 1_000
MOST_ROW_BYTES = 64 * 1024
MOST_BYTES = 500 * 1024 * 1024
"""Of a row and of a result set (Redshift Management Guide, "Troubleshooting issues for Amazon Redshift Data API", which has the
headings of the two errors, not their text)."""
_TYPE_NAMES = {
    "text": "varchar",
    "varchar": "varchar",
    "jsonb": "super",
    "json": "super",
    "numeric": "numeric",
    "int2": "int2",
    "int4": "int4",
    "int8": "int8",
    "float4": "float4",
    "float8": "float8",
    "bool": "bool",
    "timestamp": "timestamp",
    "timestamptz": "timestamptz",
    "date": "date",
}


@dataclass
class Outcome:
    """The result of a statement: its rows if it has a result set, else how many rows it touched."""

    rows: int = -1
    columns: list[dict[str, Any]] = field(default_factory=list)
    records: list[list[dict[str, Any]]] = field(default_factory=list)

    @property
    def has_result_set(self) -> bool:
        """Whether GetStatementResult has something to return."""
        return bool(self.columns)


def outcome(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Outcome:
    """Everything in the cursor."""
    if cursor.description is None:
        return Outcome(rows=cursor.rowcount if _counts(cursor.statusmessage) else -1)
    columns = [_column(one, cursor) for one in cursor.description]
    records = [[value(cell) for cell in row] for row in cursor.fetchall()]
    _check_sizes(records)
    return Outcome(len(records), columns, records)


def _check_sizes(records: list[list[dict[str, Any]]]) -> None:
    """Raises Refused for a result that the Data API does not hand on."""
    whole = 0
    for record in records:
        size = sum(len(str(one).encode()) for cell in record for one in cell.values())
        if size > MOST_ROW_BYTES:
            raise Refused(
                f"ERROR: Packet for query is too large: a row of {size} bytes; the Data API hands on {MOST_ROW_BYTES}"
            )
        whole += size
    if whole > MOST_BYTES:
        raise Refused(
            f"ERROR: Database response exceeded size limit: {whole} bytes; the Data API hands on {MOST_BYTES}"
        )


def _counts(status: str | None) -> bool:
    return (status or "").split(" ")[0] in ("INSERT", "UPDATE", "DELETE", "MERGE", "SELECT")


def _column(column: psycopg.Column, cursor: psycopg.Cursor[Any]) -> dict[str, Any]:
    found = cursor.adapters.types.get(column.type_code)
    name = found.name if found else "varchar"
    return {
        "columnDefault": "",
        "isCaseSensitive": name in ("text", "varchar"),
        "isCurrency": False,
        "isSigned": name in ("int2", "int4", "int8", "numeric", "float4", "float8"),
        "label": column.name,
        "length": column.internal_size or 0,
        "name": column.name,
        "nullable": 1,
        "precision": column.precision or 0,
        "scale": column.scale or 0,
        "schemaName": "",
        "tableName": "",
        "typeName": _TYPE_NAMES.get(name, name),
    }


def value(cell: Any) -> dict[str, Any]:
    """One field of a record; decimals, times and SUPER travel as text."""
    if cell is None:
        return {"isNull": True}
    if isinstance(cell, bool):
        return {"booleanValue": cell}
    if isinstance(cell, int):
        return {"longValue": cell}
    if isinstance(cell, float):
        return {"doubleValue": cell}
    return {"stringValue": _text(cell)}


def _text(cell: Any) -> str:
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
    if isinstance(cell, decimal.Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)
