"""Settings of Lambdas, job and command line, parsed once from the environment; then frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mallfeed.errors import SettingsInvalid


class Settings(BaseModel):
    """The names of the resources that the stack's template created.

    Environment variable → field: MALLFEED_FEEDS_BUCKET, MALLFEED_LAKE_BUCKET,
    MALLFEED_LEDGER_TABLE, MALLFEED_ARRIVALS_QUEUE_URL, MALLFEED_JOB_NAME, MALLFEED_MAINTAIN_JOB_NAME,
    MALLFEED_REINDEX_JOB_NAME, MALLFEED_DATABASE,
    MALLFEED_PARAMETER_PREFIX, MALLFEED_EVENT_BUS, AWS_REGION or else AWS_DEFAULT_REGION. There is no
    default region: requests signed for another one are refused, with a message that names neither.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    feeds_bucket: str
    lake_bucket: str
    ledger_table: str
    job_name: str = "mallfeed-load-feeds"
    maintain_job_name: str = "mallfeed-maintain"
    reindex_job_name: str = "mallfeed-reindex"
    database: str = "mallfeed"
    parameter_prefix: str = "/mallfeed"
    event_bus: str = "default"
    arrivals_queue_url: str | None = None
    region: str = Field(min_length=1)


_ENVIRONMENT = {
    "feeds_bucket": "MALLFEED_FEEDS_BUCKET",
    "lake_bucket": "MALLFEED_LAKE_BUCKET",
    "ledger_table": "MALLFEED_LEDGER_TABLE",
    "job_name": "MALLFEED_JOB_NAME",
    "maintain_job_name": "MALLFEED_MAINTAIN_JOB_NAME",
    "reindex_job_name": "MALLFEED_REINDEX_JOB_NAME",
    "database": "MALLFEED_DATABASE",
    "parameter_prefix": "MALLFEED_PARAMETER_PREFIX",
    "event_bus": "MALLFEED_EVENT_BUS",
    "arrivals_queue_url": "MALLFEED_ARRIVALS_QUEUE_URL",
    "region": "AWS_REGION",
}


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings, from environment variables. Raises SettingsInvalid that names all missing ones."""
    env = os.environ if environment is None else environment
    values = {field: env[name] for field, name in _ENVIRONMENT.items() if env.get(name)}
    if region := env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION"):
        values["region"] = region
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        names = ", ".join(
            f"{_ENVIRONMENT.get(str(fault['loc'][0]), fault['loc'][0])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsInvalid(f"environment variables missing or wrong: {names}") from error
