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
"""Arguments that describe the stack; every job gets them. The region is one of them: Glue documents no
other way for a job to learn it."""
NAMES = ("plan", *STACK)
"""All are required: `getResolvedOptions` knows no optional arguments."""


@dataclass(frozen=True)
class JobArguments:
    """The arguments of one run of load_feeds. `job_run_id` is assigned by Glue; the run claims feeds with it."""

    plan_uri: str
    job_run_id: str
    settings: Settings


def parse(options: dict[str, str]) -> JobArguments:
    """The arguments, from the resolved options. Raises SettingsInvalid that names the missing ones."""
    missing = [name for name in NAMES if not options.get(name)]
    if missing:
        raise SettingsInvalid(f"job arguments missing: {', '.join(missing)}")
    return JobArguments(options["plan"], options["JOB_RUN_ID"], settings_of(options))


def settings_of(options: Mapping[str, str]) -> Settings:
    """The settings of the stack that a job belongs to, from its resolved options; all of STACK must be there."""
    return Settings(**{name: options[name] for name in _FIELDS}, region=options["aws_region"])


def read_plan(uri: str) -> tuple[str, list[str]]:
    """The plan's id and its feed ids, read from `s3://…/plans/<plan_id>.json`."""
    parts = urlsplit(uri)
    body = client("s3").get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))["Body"].read()
    plan = json.loads(body)
    return str(plan["plan_id"]), [str(feed_id) for feed_id in plan["feeds"]]
