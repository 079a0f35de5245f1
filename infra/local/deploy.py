"""Deploys a release's template.yaml and artifacts to a local stack: this checkout's, or an earlier one's."""

from __future__ import annotations

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from infra.local import (
    clock,
    deploy_earlier,
    deploy_resources,
    deploy_sinks,
    events_inbox,
    glue_conf,
)
from infra.local.deploy_template import Plain, plain
from infra.local.warehouse import WORKGROUP_ID
from infra.package import release, sources
from infra.package.sources import Sources
from mallfeed.settings import from_environment

ARTIFACTS = "mallfeed-artifacts"
DEPLOYED = "deployed.json"


def deploy(
    environment: dict[str, str], directory: Path, of: Sources | None = None, **parameters: str
) -> dict[str, str]:
    """Create or update everything on a running stack; returns outputs and `MALLFEED_…` names.

    `environment` are the variables with which AWS's clients reach the stack (`Stack.environment`); what was
    deployed is recorded in `directory`, the stack's folder.

    The same artifacts as `make package` builds, the same template; endpoints and limits that fit
    one machine are given as its parameters, `parameters` beside them. `of` is this checkout by
    default, else an earlier release. Raises StackError when a schedule among them cannot be read.
    """
    of = of or sources.checkout()
    built = release.build(of)
    clients = Clients(environment)
    prefix = _upload(built, clients("s3"))
    usual = local_parameters(environment, prefix)
    resolved = plain(parameters, environment["AWS_ENDPOINT_URL"], of.template, usual)
    clock.check(resolved)
    deploy_resources.create(resolved, clients)
    attached = {"of": deploy_resources.attached_policies(resolved)}
    events_inbox.post(environment["AWS_ENDPOINT_URL"], "policies", attached)
    of_stack = {**environment, **_variables(resolved)}
    if of.wheel is None:
        deploy_sinks.bootstrap(environment, from_environment(of_stack), clients)
    else:
        deploy_earlier.bootstrap(of, of_stack, resolved.outputs)
    _remember(directory, resolved)
    glue_conf.write(directory, environment)
    return {**resolved.outputs, **_variables(resolved)}


_creating = threading.Lock()
"""A session's clients are created one at a time (Boto3 documentation, "Multithreading or multiprocessing")."""


@cache
def _session() -> boto3.Session:
    """One for all credentials: each session would read the models of its services again."""
    return boto3.Session()


class Clients:
    """boto3 clients of the stack with the environment's credentials, created once."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._given = {
            "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
            "aws_session_token": environment.get("AWS_SESSION_TOKEN"),
            "region_name": environment["AWS_DEFAULT_REGION"],
        }
        self._environment = environment
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            own = f"AWS_ENDPOINT_URL_{service.replace('-', '_').upper()}"
            endpoint = self._environment.get(own, self._environment["AWS_ENDPOINT_URL"])
            with _creating:
                made = _session().client(service, endpoint_url=endpoint, **self._given)  # type: ignore[call-overload]
            self._made[service] = made
        return self._made[service]


def deployed(directory: Path) -> Plain:
    """What was deployed last to the stack of that folder."""
    kept = json.loads((directory / DEPLOYED).read_text("utf-8"))
    return Plain(kept["resources"], kept["outputs"])


def stamp_of_deployment(directory: Path) -> int:
    """A number that changes with each deployment."""
    return (directory / DEPLOYED).stat().st_mtime_ns


def served_file(directory: Path) -> Path:
    """The file in which the pump notes the stamp of the deployment that it serves."""
    return directory / "data" / "events.served"


def is_served(directory: Path) -> bool:
    """Whether the pump now serves the functions and jobs of the last deployment."""
    try:
        served = served_file(directory).read_text("utf-8")
    except FileNotFoundError:
        return False
    return served == str(stamp_of_deployment(directory))


def _upload(built: release.Release, s3: Any) -> str:
    """Put the release into the artifact bucket under its hash; returns the key prefix."""
    region = s3.meta.region_name
    if ARTIFACTS not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": region})
    prefix = f"mallfeed/{built.hash}"
    there = {
        item["Key"]: item["Size"]
        for item in s3.list_objects_v2(Bucket=ARTIFACTS, Prefix=prefix).get("Contents", [])
    }
    for path in built.files:
        key = f"{prefix}/{path.name}"
        if there.get(key) != path.stat().st_size:
            with path.open("rb") as body:
                s3.put_object(Bucket=ARTIFACTS, Key=key, Body=body)
    return prefix


def local_parameters(environment: dict[str, str], prefix: str) -> dict[str, str]:
    """The template's parameters on a local stack with that environment, its release under that key prefix."""
    return {
        "ArtifactBucket": ARTIFACTS,
        "ArtifactPrefix": prefix,
        "OpenSearchEndpoint": environment.get("OPENSEARCH_URL", "http://127.0.0.1:9"),
        "OpenSearchAuth": "none",
        "RedshiftWorkgroup": "mallfeed",
        "RedshiftWorkgroupId": WORKGROUP_ID,
        "RedshiftDatabase": deploy_sinks.DATABASE,
        "RedshiftCopyRoleArn": "arn:aws:iam::123456789012:role/mallfeed-copy",
        "MaxRuns": "1",
        "GatherSeconds": "0",
        "MaxWorkers": "2",
        "JobTimeoutMinutes": "60",
    }


def _remember(directory: Path, resolved: Plain) -> None:
    """deployed.json: from it the pump knows functions, mappings and schedules."""
    draft = directory / f"{DEPLOYED}.new"
    draft.write_text(json.dumps({"resources": resolved.resources, "outputs": resolved.outputs}))
    draft.replace(directory / DEPLOYED)


def _variables(resolved: Plain) -> dict[str, str]:
    function = resolved.resources["FeedArrived"]["Properties"]
    variables: dict[str, str] = function["Environment"]["Variables"]
    return {key: value for key, value in variables.items() if key.startswith("MALLFEED_")}
