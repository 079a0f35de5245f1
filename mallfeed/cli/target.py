"""Which stack a command acts on: this checkout's local one, or a deployed one by its name."""

from __future__ import annotations

import importlib.util
import os
from typing import Annotated

import typer

from mallfeed.settings import Settings, from_environment

StackOption = Annotated[
    str | None,
    typer.Option("--stack", help="A deployed CloudFormation stack; default: the local stack."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

LOCAL_STACK_VARIABLE = "MALLFEED_LOCAL_STACK"
"""Environment variable: name of the local stack to act on (default `demo`)."""

_OUTPUTS = {
    "FeedsBucketName": "MALLFEED_FEEDS_BUCKET",
    "LakeBucketName": "MALLFEED_LAKE_BUCKET",
    "LedgerTableName": "MALLFEED_LEDGER_TABLE",
    "LoadFeedsJobName": "MALLFEED_JOB_NAME",
    "MaintainJobName": "MALLFEED_MAINTAIN_JOB_NAME",
    "ReindexJobName": "MALLFEED_REINDEX_JOB_NAME",
    "GlueDatabaseName": "MALLFEED_DATABASE",
    "ParameterPrefix": "MALLFEED_PARAMETER_PREFIX",
    "ArrivalsQueueUrl": "MALLFEED_ARRIVALS_QUEUE_URL",
    "EventBusName": "MALLFEED_EVENT_BUS",
}


def attach(stack: str | None) -> Settings:
    """Point this process's AWS clients at the stack; returns its settings.

    Order: `--stack` (deployed), an environment that already names a stack (`local env`), the local
    stack of this checkout. Exits with 2 and a hint if there is none.
    """
    if stack is not None:
        os.environ.update(_deployed(stack))
    elif "MALLFEED_LEDGER_TABLE" not in os.environ:
        os.environ.update(_local())
    return from_environment()


def in_checkout() -> bool:
    """Whether the local stack's modules are there: the wheel has none of them."""
    if importlib.util.find_spec("infra") is None:
        return False
    return importlib.util.find_spec("infra.local") is not None


def _local() -> dict[str, str]:
    name = os.environ.get(LOCAL_STACK_VARIABLE, "demo")
    if not in_checkout():
        typer.secho(
            "The local stack needs a checkout of mallfeed; name a deployed stack with --stack",
            err=True,
            fg="red",
        )
        raise typer.Exit(2)
    from infra.local.stack import Stack

    local = Stack(name)
    if not local.is_up():
        typer.secho(
            f"The local stack `{name}` is not running. Start it with: mallfeed local up", err=True
        )
        raise typer.Exit(2)
    return dict(local.environment())


def _deployed(name: str) -> dict[str, str]:
    from mallfeed.aws.clients import client

    cloudformation = client("cloudformation")
    found = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
    region = cloudformation.meta.region_name  # may come from a profile, which Settings do not read
    return {
        **{env: outputs[key] for key, env in _OUTPUTS.items() if key in outputs},
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }
