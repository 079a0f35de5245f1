"""COPY table FROM 's3://…' FORMAT AS PARQUET [MANIFEST], as Redshift does it.

Columns go by position, the manifest names each file's length, decimals come in the legacy
(fixed-length) layout, compressed as Spectrum reads it, and a text longer in bytes than its column fails the whole COPY.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import boto3
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from botocore.exceptions import ClientError

from infra.local.redshift_data.errors import Refused

_COPY = re.compile(
    r"""^\s*COPY\s+(?P<table>[\w."]+)\s*(?:\((?P<columns>[^)]*)\)\s*)?
        FROM\s+'(?P<source>s3://[^']+)'\s*(?P<options>.*?)\s*;?\s*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_OPTION = re.compile(
    r"""\s*(?:
        (?P<role>IAM_ROLE\s+(?:'(?P<arn>[^']*)'|DEFAULT))
      | (?P<format>(?:FORMAT\s+(?:AS\s+)?)?PARQUET)
      | (?P<manifest>MANIFEST)
      | (?P<fill>FILLRECORD) | (?P<super>SERIALIZETOJSON) | (?P<stat>STATUPDATE\s+(?:ON|OFF))
      | (?P<other>\w+)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ROLE = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/.+")
_BATCH_ROWS = 65_536
_CODECS = frozenset({"UNCOMPRESSED", "SNAPPY", "GZIP"})
"""Those that COPY's documentation names (COPY from columnar data formats) and Parquet has; the wording
with which it refuses others is not documented."""


@dataclass(frozen=True)
class Copy:
    """A COPY statement, read and checked."""

    table: str
    columns: tuple[str, ...]
    source: str
    manifest: bool


def parse_copy(sql: str) -> Copy | None:
    """The COPY in that text, None if it is another statement; raises Refused for its options."""
    if not re.match(r"\s*COPY\b", sql, re.IGNORECASE):
        return None
    found = _COPY.match(sql)
    if found is None:
        raise Refused("ERROR: COPY: only COPY table FROM 's3://…' is known here")
    seen = _options(found["options"])
    if "role" not in seen:
        raise Refused("ERROR: COPY from Parquet only accepts IAM_ROLE credentials")
    if "format" not in seen:
        raise Refused("ERROR: COPY: only FORMAT AS PARQUET is supported here")
    columns = tuple(part.strip() for part in (found["columns"] or "").split(",") if part.strip())
    return Copy(found["table"], columns, found["source"], "manifest" in seen)


def _options(text: str) -> set[str]:
    seen, position = set(), 0
    while position < len(text):
        found = _OPTION.match(text, position)
        if found is None:
            raise Refused(f'ERROR: syntax error at or near "{text[position : position + 20]}"')
        if found["other"]:
            raise Refused(
                f"ERROR: {found['other'].upper()} argument is not supported for PARQUET based COPY"
            )
        if found["arn"] is not None and not all(map(_ROLE.match, found["arn"].split(","))):
            raise Refused(f"ERROR: IAM_ROLE '{found['arn']}' is not the ARN of a role")
        assert found.lastgroup is not None
        seen.add(found.lastgroup if found.lastgroup != "arn" else "role")
        position = found.end()
    return seen


def run_copy(copy: Copy, connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """Load the files; returns the number of rows."""
    columns = _table_columns(copy, connection)
    rows = 0
    for url, body in _files(copy):
        file = _open(url, body)
        _check_schema(file, columns, url)
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            rows += batch.num_rows
            _write(copy, columns, pa.Table.from_batches([batch]), connection)
    return rows


def _table_columns(
    copy: Copy, connection: psycopg.Connection[tuple[object, ...]]
) -> list[tuple[str, str]]:
    """Name and type (as PostgreSQL writes it) of the columns that COPY fills, in order."""
    try:
        found = connection.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [copy.table],
        ).fetchall()
    except psycopg.errors.UndefinedTable as error:
        raise Refused(f"ERROR: Cannot COPY into nonexistent table {copy.table}") from error
    types = {str(name): str(kind) for name, kind in found}
    if not copy.columns:
        return list(types.items())
    if missing := [name for name in copy.columns if name.lower() not in types]:
        raise Refused(f'ERROR: column "{missing[0]}" of relation "{copy.table}" does not exist')
    return [(name.lower(), types[name.lower()]) for name in copy.columns]


def _files(copy: Copy) -> Iterator[tuple[str, bytes]]:
    s3 = boto3.client("s3")
    if not copy.manifest:
        yield from _under_prefix(s3, copy.source)
        return
    body = _get(s3, copy.source)
    if body is None:
        raise Refused(
            f"ERROR: Manifest file {copy.source} does not exist (S3ServiceException:NoSuchKey)"
        )
    try:
        entries = json.loads(body)["entries"]
        wanted = [
            (e["url"], bool(e.get("mandatory")), e["meta"]["content_length"]) for e in entries
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(
            f"ERROR: Manifest {copy.source}: {error!r} missing or wrong;"
            " Parquet needs url and meta.content_length for every entry"
        ) from error
    if not wanted:
        raise Refused(f"ERROR: Manifest {copy.source} names no file")
    for url, mandatory, length in wanted:
        content = _get(s3, url)
        if content is None:
            if mandatory:
                raise Refused(
                    f"ERROR: Problem reading manifest file - mandatory file {url} does not exist"
                )
            continue
        if len(content) != length:
            raise Refused(f"ERROR: {url} has {len(content)} bytes, the manifest says {length}")
        yield url, content


def _under_prefix(s3: object, source: str) -> Iterator[tuple[str, bytes]]:
    bucket, prefix = _split(source)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)  # type: ignore[attr-defined]
    keys = [one["Key"] for page in pages for one in page.get("Contents", []) if one["Size"]]
    if not keys:
        raise Refused(f"ERROR: The specified S3 prefix '{prefix}' does not exist")
    for key in keys:
        url = f"s3://{bucket}/{key}"
        yield url, _get(s3, url) or b""


def _split(url: str) -> tuple[str, str]:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def _get(s3: object, url: str) -> bytes | None:
    bucket, key = _split(url)
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())  # type: ignore[attr-defined]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise Refused(f"ERROR: S3ServiceException: {error}") from error


def _open(url: str, body: bytes) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(io.BytesIO(body))
    except pa.ArrowInvalid as error:
        raise Refused(f"ERROR: Spectrum Scan Error: {url} is not Parquet: {error}") from error
    if other := _codecs(file) - _CODECS:
        raise Refused(
            f"ERROR: Spectrum Scan Error: File '{url}' has an unsupported compression codec: "
            f"{', '.join(sorted(other))}"
        )
    return file


def _codecs(file: pq.ParquetFile) -> set[str]:
    groups = (file.metadata.row_group(place) for place in range(file.num_row_groups))
    return {group.column(n).compression for group in groups for n in range(group.num_columns)}


def _check_schema(file: pq.ParquetFile, columns: list[tuple[str, str]], url: str) -> None:
    schema = file.schema_arrow
    if len(schema) != len(columns):
        raise Refused(
            "ERROR: Unmatched number of columns between table and file. "
            f"Table columns: {len(columns)}, Data columns: {len(schema)}, File name: {url}"
        )
    for place, (field, (name, kind)) in enumerate(zip(schema, columns, strict=True)):
        nested = pa.types.is_nested(field.type)
        physical = "nested" if nested else file.schema.column(place).physical_type
        if nested or not _fits(field.type, physical, kind):
            raise Refused(
                f"ERROR: Spectrum Scan Error: File '{url}' has an incompatible Parquet schema for "
                f"column '{name}'. Column type: {kind}, Parquet schema: {field.type} ({physical})"
            )


def _fits(kind: pa.DataType, physical: str, column: str) -> bool:
    """Whether Redshift accepts that Parquet type for that column without an error."""
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "varchar" in column or column.startswith("character")
    if pa.types.is_decimal(kind):
        legacy = physical in ("FIXED_LEN_BYTE_ARRAY", "BYTE_ARRAY")
        found = re.fullmatch(r"numeric\((\d+),(\d+)\)", column)
        return legacy and found is not None and int(found[2]) == kind.scale
    allowed = {
        "bool": {"boolean"},
        "int16": {"smallint"},
        "int32": {"integer"},
        "int64": {"bigint"},
        "float": {"real"},
        "double": {"double precision"},
        "date32[day]": {"date"},
    }
    if pa.types.is_timestamp(kind):
        return column.startswith("timestamp")
    return column in allowed.get(str(kind), set())


def _write(
    copy: Copy,
    columns: list[tuple[str, str]],
    table: pa.Table,
    connection: psycopg.Connection[tuple[object, ...]],
) -> None:
    """Through PostgreSQL's own COPY: quoted = a value, unquoted and empty = NULL."""
    ready = []
    for place, (name, kind) in enumerate(columns):
        column = table.column(place)
        _check_length(column, name, kind)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", tz=column.type.tz))
            column = pc.strftime(column, "%Y-%m-%d %H:%M:%S")
        ready.append(column if pa.types.is_string(column.type) else column.cast(pa.string()))
    text = io.BytesIO()
    pa.csv.write_csv(
        pa.Table.from_arrays(ready, names=[str(i) for i in range(len(ready))]),
        text,
        pa.csv.WriteOptions(include_header=False, quoting_style="all_valid"),
    )
    names = ", ".join(f'"{name}"' for name, _ in columns)
    command = f"COPY {copy.table} ({names}) FROM STDIN WITH (FORMAT csv, NULL '')"
    with connection.cursor() as cursor, cursor.copy(command.encode()) as sink:
        sink.write(text.getvalue())


def _check_length(column: pa.ChunkedArray, name: str, kind: str) -> None:
    limit = re.search(r"varchar_(\d+)", kind)
    if limit is None or not pa.types.is_string(column.type):
        return
    longest = pc.max(pc.binary_length(column)).as_py() or 0
    if longest > int(limit[1]):
        raise Refused(
            f"ERROR: Spectrum Scan Error: The length of the data column {name} is longer than the "
            f"length defined in the table. Table: {limit[1]}, Data: {longest}"
        )
