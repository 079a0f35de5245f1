"""Where reports are kept, and reading them back."""

from __future__ import annotations

import json
from typing import Any, cast

from botocore.exceptions import ClientError

from mallfeed.aws.clients import client
from mallfeed.aws.failures import code_of
from mallfeed.report.html import html
from mallfeed.report.spreadsheet import csv_bytes
from mallfeed.visible import json_text


def report_prefix(mall_id: str, run: str) -> str:
    """`reports/<mall>/<run>/`; the run `latest` is the mall's newest report."""
    return f"reports/{mall_id}/{run}/"


def read_report(lake_bucket: str, mall_id: str, run: str) -> dict[str, Any] | None:
    """The report of a feed (see `mallfeed.report.build`); None while there is none."""
    key = report_prefix(mall_id, run) + "report.json"
    try:
        body = client("s3").get_object(Bucket=lake_bucket, Key=key)["Body"].read()
    except ClientError as error:
        if code_of(error) in ("NoSuchKey", "404") or _is_missing(lake_bucket, key):
            return None
        raise
    return cast(dict[str, Any], json.loads(body))


def _is_missing(lake_bucket: str, key: str) -> bool:
    # S3 answers AccessDenied for a missing object to those who may list only some prefixes.
    listed = client("s3").list_objects_v2(Bucket=lake_bucket, Prefix=key, MaxKeys=1)
    return not listed.get("KeyCount")


def write_report(lake_bucket: str, report: dict[str, Any], *, latest: bool = True) -> str:
    """Write report.json, rejects.csv and report.html under its run and, if so, as the mall's latest.

    Returns the URI of the run's report.json; the others are beside it.
    """
    body = json_text(report, indent=1).encode()
    plain = cast(dict[str, Any], json.loads(body))
    files = (
        ("report.html", "text/html; charset=utf-8", html(plain).encode()),
        ("rejects.csv", "text/csv; charset=utf-8", csv_bytes(plain)),
        ("report.json", "application/json", body),
    )
    for run in (report["run"], *(("latest",) if latest else ())):
        prefix = report_prefix(report["mall"], run)
        for name, kind, content in files:
            client("s3").put_object(
                Bucket=lake_bucket, Key=prefix + name, Body=content, ContentType=kind
            )
    return f"s3://{lake_bucket}/{report_prefix(report['mall'], report['run'])}report.json"
