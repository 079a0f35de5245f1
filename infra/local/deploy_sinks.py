"""What a deployment does to the sinks: DDL in the warehouse, template, index and alias in OpenSearch.

On AWS docs/deploy.md walks through the same steps.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import boto3

DATABASE = "mallfeed"
WORKGROUP = "mallfeed"
_TIMEOUT_S = 60


class StatementFailed(Exception):
    """The warehouse refused a statement of infra/redshift/; the message is its own."""


def bootstrap(environment: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Bring both sinks to the layout of this checkout; existing data stays."""
    if "AWS_ENDPOINT_URL_REDSHIFT_DATA" in environment:
        _warehouse(environment)
    if "OPENSEARCH_URL" in environment:
        from mallfeed.sinks.opensearch.bootstrap import bootstrap as indices
        from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect

        one_node = {"number_of_replicas": 0}
        indices(connect(ConnectionSpec(outputs["OpenSearchUrl"])), overrides=one_node)


def _warehouse(environment: Mapping[str, str]) -> None:
    """Run infra/redshift/*.sql through the Data API."""
    from mallfeed.sinks.redshift.bootstrap import ddl

    client = boto3.client(
        "redshift-data",
        endpoint_url=environment["AWS_ENDPOINT_URL_REDSHIFT_DATA"],
        region_name=environment["AWS_DEFAULT_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    for statement in ddl():
        _run(client, statement)


def _run(client: Any, statement: str) -> None:
    names = {"WorkgroupName": WORKGROUP, "Database": DATABASE}
    started = client.execute_statement(Sql=statement, **names)["Id"]
    deadline = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < deadline:
        found = client.describe_statement(Id=started)
        if found["Status"] == "FINISHED":
            return
        if found["Status"] in ("FAILED", "ABORTED"):
            raise StatementFailed(f"{found.get('Error')}\n{statement}")
        time.sleep(0.05)
    raise StatementFailed(f"no answer within {_TIMEOUT_S} s\n{statement}")
