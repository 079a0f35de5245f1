"""Short ways to the Data API for these tests."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.local_parts import Parts

ROLE = "arn:aws:iam::123456789012:role/copy"
BUCKET = "copy-tests"
_TARGET = {"Database": "mallfeed", "WorkgroupName": "mallfeed-local"}
_ENDED = ("FINISHED", "FAILED", "ABORTED")


class DataApi:
    """Runs SQL through boto3 and waits for its end."""

    def __init__(self, parts: Parts) -> None:
        self.client = parts.client("redshift-data")
        self._s3 = parts.client("s3")
        buckets = {one["Name"] for one in self._s3.list_buckets()["Buckets"]}
        if BUCKET not in buckets:
            place = {"LocationConstraint": parts.env["AWS_DEFAULT_REGION"]}
            self._s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)

    def start(self, *sqls: str) -> str:
        """Submit a batch; returns its id."""
        return str(self.client.batch_execute_statement(Sqls=list(sqls), **_TARGET)["Id"])

    def await_end(self, identifier: str) -> dict[str, Any]:
        """Its description once it has ended."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = self.client.describe_statement(Id=identifier)
            if found["Status"] in _ENDED:
                return dict(found)
            time.sleep(0.01)
        raise AssertionError(f"{identifier} did not end within 60 s")

    def batch(self, *sqls: str) -> dict[str, Any]:
        """One transaction."""
        return self.await_end(self.start(*sqls))

    def one(self, sql: str, **parameters: str) -> dict[str, Any]:
        """One statement with named parameters."""
        given = [{"name": name, "value": value} for name, value in parameters.items()]
        extra = {"Parameters": given} if given else {}
        return self.await_end(self.client.execute_statement(Sql=sql, **extra, **_TARGET)["Id"])

    def rows(self, sql: str) -> list[list[Any]]:
        """The rows of a query, plain values."""
        done = self.one(sql)
        assert done["Status"] == "FINISHED", done.get("Error")
        pages = self.client.get_paginator("get_statement_result").paginate(Id=done["Id"])
        return [[_plain(cell) for cell in row] for page in pages for row in page["Records"]]

    def put_parquet(
        self, key: str, table: pa.Table, *, length_error: int = 0, **options: Any
    ) -> str:
        """Put it and a manifest for it; returns the manifest's URL."""
        body = io.BytesIO()
        pq.write_table(table, body, **options)
        self._s3.put_object(Bucket=BUCKET, Key=key, Body=body.getvalue())
        length = len(body.getvalue()) + length_error
        url = f"s3://{BUCKET}/{key}"
        return self.put_manifest(
            key, [{"url": url, "mandatory": True, "meta": {"content_length": length}}]
        )

    def put_manifest(self, key: str, entries: list[dict[str, Any]]) -> str:
        """Put a manifest; returns its URL."""
        body = json.dumps({"entries": entries}).encode()
        self._s3.put_object(Bucket=BUCKET, Key=f"{key}.manifest", Body=body)
        return f"s3://{BUCKET}/{key}.manifest"


def copy(table: str, manifest: str) -> str:
    """The COPY that production sends."""
    return f"COPY {table} FROM '{manifest}' IAM_ROLE '{ROLE}' FORMAT AS PARQUET MANIFEST"


def _plain(cell: dict[str, Any]) -> Any:
    return None if "isNull" in cell else next(iter(cell.values()))
