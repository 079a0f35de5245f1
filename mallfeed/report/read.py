"""Where reports are kept, and reading them back."""

from __future__ import annotations

import json
from typing import Any, cast

from botocore.exceptions import ClientError

from mallfeed.aws.clients import client
from mallfeed.aws.failures import code_of


def report_prefix(mall_id: str, run: str) -> str:
    """`reports/<mall>/<run>/`; `latest` as the run is the mall's newest report."""
    return f"reports/{mall_id}/{run}/"


def read_report(lake_bucket: str, mall_id: str, run: str) -> dict[str, Any] | None:
    """The report of a feed (see `mallfeed.report.build`); None while there is none."""
    key = report_prefix(mall_id, run) + "report.json"
    try:
        body = client("s3").get_object(Bucket=lake_bucket, Key=key)["Body"].read()
    except ClientError as error:
        if code_of(error) in ("NoSuchKey", "404"):
            return None
        raise
    return cast(dict[str, Any], json.loads(body))


def write_report(lake_bucket: str, report: dict[str, Any]) -> str:
    """Write it under its run and as the mall's latest; returns the URI of the former."""
    body = json.dumps(report, ensure_ascii=False, indent=1, default=str).encode()
    for run in (report["run"], "latest"):
        key = report_prefix(report["mall"], run) + "report.json"
        client("s3").put_object(
            Bucket=lake_bucket, Key=key, Body=body, ContentType="application/json"
        )
    return f"s3://{lake_bucket}/{report_prefix(report['mall'], report['run'])}report.json"
