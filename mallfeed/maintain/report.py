"""Reports on a maintenance run: a JSON report in the lake bucket, an event, and metrics."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast

from botocore.exceptions import ClientError

from mallfeed.aws.clients import client
from mallfeed.aws.failures import code_of
from mallfeed.maintain.arguments import MaintainArguments
from mallfeed.maintain.maintain import Outcome
from mallfeed.maintain.reindex import Reindexed
from mallfeed.report.events import emit
from mallfeed.visible import json_text

PREFIX = "reports/_maintenance/"


def key_of(job_run_id: str) -> str:
    """Where the report of a run is in the lake bucket."""
    return f"{PREFIX}{job_run_id}.json"


def tell(arguments: MaintainArguments, outcome: Outcome, tables: dict[str, Any]) -> dict[str, Any]:
    """Write the run's report and announce it; returns the report.

    The event is `MaintenanceFinished`, the metrics MaintenanceMended (products) and
    MaintenanceTrouble (newer versions in a sink, and whatever failed), which has an alarm. The metrics
    go first: a report that cannot be written must not keep the alarm from being raised.
    """
    mended = [one for one in outcome.compared if not one.agreed]
    facts = {
        "compared": len(outcome.compared),
        "products": sum(one.products for one in outcome.compared),
        "mended": [one.told() for one in mended],
        "refused": [one.told() for one in outcome.compared if one.refused],
        "skipped": outcome.skipped,
        "failed": outcome.failed,
        "tables": tables,
    }
    settings = arguments.settings
    detail: dict[str, Any] = {
        "run": arguments.job_run_id,
        "compared": len(outcome.compared),
        "mended": sum(one.missing + one.different + one.extra for one in mended),
        "stale": sum(one.stale for one in outcome.compared),
        "failed": len(outcome.failed),
        "report": f"s3://{settings.lake_bucket}/{key_of(arguments.job_run_id)}",
    }
    _measure(mended=detail["mended"], trouble=detail["stale"] + detail["failed"])
    report = _write(arguments, facts)
    emit(client("events"), settings.event_bus, "MaintenanceFinished", detail)
    return report


def _measure(mended: int, trouble: int) -> None:
    client("cloudwatch").put_metric_data(
        Namespace="mallfeed",
        MetricData=[
            {"MetricName": "MaintenanceMended", "Unit": "Count", "Value": mended},
            {"MetricName": "MaintenanceTrouble", "Unit": "Count", "Value": trouble},
        ],
    )


def tell_of_reindex(arguments: MaintainArguments, done: Reindexed) -> dict[str, Any]:
    """Write the report of a reindex; returns it."""
    return _write(
        arguments,
        {
            "old": done.old,
            "new": done.new,
            "malls": len(done.compared),
            "products": done.products,
            "refused": [one.told() for one in done.compared if one.refused],
        },
    )


def _write(arguments: MaintainArguments, facts: dict[str, Any]) -> dict[str, Any]:
    """The report of a run: who asked for it and why, when it ended, and the facts."""
    report = {
        "run": arguments.job_run_id,
        "who": arguments.who,
        "why": arguments.why,
        "ended_at": datetime.now(UTC).isoformat(),
        **facts,
    }
    client("s3").put_object(
        Bucket=arguments.settings.lake_bucket,
        Key=key_of(arguments.job_run_id),
        Body=json_text(report, indent=1).encode(),
        ContentType="application/json",
    )
    return report


def read(lake_bucket: str, job_run_id: str) -> dict[str, Any] | None:
    """The report of a run; None while there is none."""
    try:
        answer = client("s3").get_object(Bucket=lake_bucket, Key=key_of(job_run_id))
    except ClientError as error:
        if code_of(error) in ("NoSuchKey", "404"):
            return None
        raise
    return cast(dict[str, Any], json.loads(answer["Body"].read()))
