"""Arguments of the load job, parsed once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mallfeed.aws.clients import client
from mallfeed.errors import SettingsInvalid
from mallfeed.settings import Settings

_FIELDS = (
    "feeds_bucket",
    "lake_bucket",
    "ledger_table",
    "database",
    "parameter_prefix",
    "event_bus",
)
STACK = (*_FIELDS, "aws_region")
"""What every job of the stack is told of it; the region too, which Glue documents no other way to know."""
NAMES = ("plan", *STACK)
"""Every one is required: `getResolvedOptions` knows no optional argument."""


@dataclass(frozen=True)
class JobArguments:
    """What a run of load_feeds was started with; `job_run_id` is Glue's own and the claim."""

    plan_uri: str
    job_run_id: str
    settings: Settings


def parse(options: dict[str, str]) -> JobArguments:
    """From the resolved options; raises SettingsInvalid naming what is missing."""
    missing = [name for name in NAMES if not options.get(name)]
    if missing:
        raise SettingsInvalid(f"job arguments missing: {', '.join(missing)}")
    return JobArguments(options["plan"], options["JOB_RUN_ID"], settings_of(options))


def settings_of(options: Mapping[str, str]) -> Settings:
    """The stack that a job belongs to, from its resolved options, which hold all of STACK."""
    return Settings(**{name: options[name] for name in _FIELDS}, region=options["aws_region"])


def read_plan(uri: str) -> tuple[str, list[str]]:
    """The plan's id and its feed ids, from `s3://…/plans/<plan_id>.json`."""
    parts = urlsplit(uri)
    body = client("s3").get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))["Body"].read()
    plan = json.loads(body)
    return str(plan["plan_id"]), [str(feed_id) for feed_id in plan["feeds"]]
