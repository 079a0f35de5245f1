"""Arrow's types, of formats that have types, reduced to those that the normaliser reads: text, numbers, moments, booleans."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mallfeed.kinds.sql.marks import BYTES, NESTED, UNDECODABLE
from mallfeed.reading.records import to_json

_SPARK = {
    "string": "string",
    "int64": "bigint",
    "float": "float",
    "double": "double",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us, tz=UTC]": "timestamp",
}


def spark_type(kind: pa.DataType) -> str:
    """The Spark SQL name of a plain type."""
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    return _SPARK[str(kind)]


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as string, bigint, float, double, decimal, boolean, date or UTC timestamp.

    Timestamps with a zone are UTC microseconds; without one they are text `yyyy-MM-dd HH:mm:ss`
    with the fraction that is there, so that the catalog's zone holds. Unsigned 64-bit numbers and
    decimals beyond 38 digits are text; nested values are JSON text, bytes that are no text hex digits,
    both marked as such (`mallfeed.kinds.sql.marks`).
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return plain(column.cast(kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        return plain(pa.chunked_array([c.storage for c in column.chunks], kind.storage_type))
    target = plain_type(kind)
    if target == kind:
        return column
    if pa.types.is_timestamp(kind):
        return _moment(column, target)
    if pa.types.is_nested(kind):
        return _texts(column, lambda value: NESTED + to_json(value) if value else None)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or _is_fixed(kind):
        return from_bytes(column)
    if pa.types.is_float16(kind) or not pa.types.is_string(target) or _casts(kind):
        return column.cast(target)
    return _texts(column, str)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """What `plain` makes of a type."""
    if pa.types.is_boolean(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind):
        return kind
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        return pa.int64()
    if pa.types.is_float16(kind):
        return pa.float32()
    if pa.types.is_decimal(kind) and kind.precision <= 38 and 0 <= kind.scale <= kind.precision:
        return pa.decimal128(kind.precision, kind.scale)
    if pa.types.is_date(kind):
        return pa.date32()
    if pa.types.is_timestamp(kind) and kind.tz:
        return pa.timestamp("us", "UTC")
    return pa.string()


def _is_fixed(kind: pa.DataType) -> bool:
    return bool(pa.types.is_fixed_size_binary(kind))


def _casts(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_null(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_uint64(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_time(kind)
    )


def _moment(column: pa.ChunkedArray, target: pa.DataType) -> pa.ChunkedArray:
    kind = column.type
    micros = column.cast(pa.timestamp("us", kind.tz), safe=kind.unit != "ns")
    if kind.tz:
        return micros.cast(target)
    shortened = pc.replace_substring_regex(micros.cast(pa.string()), r"(\.\d*?)0+$", r"\1")
    return pc.replace_substring_regex(shortened, r"\.$", "")


def from_bytes(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Bytes as text, cell by cell; what is none is marked, as a column of bytes where most are none."""
    try:
        return column.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        cells = column.cast(pa.binary()).to_pylist()
    texts = [None if cell is None else _decoded(cell) for cell in cells]
    odd = sum(text is None and cell is not None for cell, text in zip(cells, texts, strict=True))
    mark = BYTES if odd * 2 > len(cells) - cells.count(None) else UNDECODABLE
    shown = [
        mark + cell.hex() if text is None and cell is not None else text
        for cell, text in zip(cells, texts, strict=True)
    ]
    return pa.chunked_array([pa.array(shown, pa.string())])


def _decoded(cell: bytes) -> str | None:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return None


def _texts(column: pa.ChunkedArray, text: Any) -> pa.ChunkedArray:
    values = [None if v is None else text(jsonable(v)) for v in column.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.string())])


def jsonable(value: Any) -> Any:
    """Maps (lists of pairs) as objects, moments as ISO text."""
    if isinstance(value, list):
        if value and all(isinstance(v, tuple) and len(v) == 2 for v in value):
            return {str(k): jsonable(v) for k, v in value}
        return [jsonable(v) for v in value]
    if isinstance(value, dict):
        return {k: jsonable(v) for k, v in value.items()}
    if isinstance(value, bytes):
        text = _decoded(value)
        return value.hex() if text is None else text
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value
