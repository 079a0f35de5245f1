"""The stage in S3: Parquet files, whose columns COPY reads by position, and the manifest that it needs."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

from mallfeed.sinks.frames import is_spark
from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.sql.columns import Column
from mallfeed.table.port import Frame

CODEC = "snappy"
"""For Parquet, the documentation of COPY (COPY from columnar data formats) lists gzip, snappy and bzip2, but
not zstd, which the session uses for everything else."""


class StageArea:
    """A prefix of the lake bucket, e.g. `redshift/<plan_id>`; `s3` is a boto3 client."""

    def __init__(self, s3: Any, bucket: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix.strip("/")

    def write(
        self, frame: Frame, name: str, columns: Sequence[Column] = LAYOUT.stage
    ) -> str | None:
        """Write these columns of the frame under `<prefix>/<name>/`, and the manifest beside it.

        Returns the manifest's URI, or None if the frame has no rows. `name` must be new for each try, so
        that a run that is still alive by mistake never changes what another run copies.
        """
        folder = f"{self._prefix}/{name}/"
        if is_spark(frame):
            _write_by_spark(frame, columns, f"s3://{self._bucket}/{folder}")
        elif frame:
            body = _parquet(frame, columns)
            self._s3.put_object(Bucket=self._bucket, Key=f"{folder}part-0.parquet", Body=body)
        entries = self._entries(folder)
        if not entries:
            return None
        key = f"{self._prefix}/{name}.manifest"
        body = json.dumps({"entries": entries}).encode()
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
        return f"s3://{self._bucket}/{key}"

    def _entries(self, folder: str) -> list[dict[str, Any]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=folder
        )
        return [
            {
                "url": f"s3://{self._bucket}/{found['Key']}",
                "mandatory": True,
                "meta": {"content_length": found["Size"]},
            }
            for page in pages
            for found in page.get("Contents", ())
            if found["Key"].endswith(".parquet")
        ]


def _write_by_spark(frame: Any, columns: Sequence[Column], uri: str) -> None:
    """Write the columns with decimals in the legacy layout, which COPY can read, and times as INT96, which
    it takes as UTC."""
    from pyspark.sql import functions as F  # noqa: N812

    picked = [
        F.when(F.col(column.name).isNotNull(), F.to_json(column.name)).alias(column.name)
        if column.is_json
        else F.col(column.name)
        for column in columns
    ]
    conf = frame.sparkSession.conf
    settings = {
        "spark.sql.parquet.writeLegacyFormat": "true",
        "spark.sql.parquet.outputTimestampType": "INT96",
    }
    before = {name: conf.get(name, None) for name in settings}
    for name, value in settings.items():
        conf.set(name, value)
    try:
        frame.select(*picked).write.mode("overwrite").option("compression", CODEC).parquet(uri)
    finally:
        for name, old in before.items():
            conf.unset(name) if old is None else conf.set(name, old)


def _parquet(rows: list[dict[str, Any]], columns: Sequence[Column]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrays = [
        pa.array([_value(row.get(column.name), column.is_json) for row in rows], _arrow(column))
        for column in columns
    ]
    table = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
    out = io.BytesIO()
    pq.write_table(table, out, compression=CODEC, use_deprecated_int96_timestamps=True)
    return out.getvalue()


def _value(value: Any, is_json: bool) -> Any:
    if value is None or not is_json:
        return value
    return json.dumps(value, ensure_ascii=False)


def _arrow(column: Column) -> Any:
    import pyarrow as pa

    kind = column.stage_type
    if kind.startswith("VARCHAR"):
        return pa.string()
    if kind.startswith("DECIMAL"):
        precision, scale = kind[len("DECIMAL(") : -1].split(",")
        return pa.decimal128(int(precision), int(scale))
    known = {"INTEGER": pa.int32(), "BOOLEAN": pa.bool_(), "TIMESTAMP": pa.timestamp("us", "UTC")}
    return known[kind]
