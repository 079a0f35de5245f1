"""The stack's sinks by its parameters: who connects to what, with which sign-in.

SSM parameters read (below the stack's prefix): opensearch/endpoint, opensearch/auth,
redshift/workgroup, redshift/database, redshift/secret_arn (`-` = none), redshift/copy_role_arn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallfeed.aws.clients import client
from mallfeed.aws.ssm import parameters
from mallfeed.errors import SettingsInvalid, SinkRefused, SinkUnavailable
from mallfeed.settings import Settings
from mallfeed.sinks.broken import BrokenSink
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.sink import opensearch_sinks
from mallfeed.sinks.port import Sink, SinkSent, nobody
from mallfeed.sinks.redshift.data_api import RedshiftData, Warehouse
from mallfeed.sinks.redshift.sink import RedshiftSink
from mallfeed.sinks.redshift.stage import StageArea


def stack_parameters(settings: Settings) -> dict[str, str]:
    """All parameters of the stack by their name below its prefix."""
    return parameters(client("ssm"), settings.parameter_prefix)


def sinks_of(
    settings: Settings, known: Mapping[str, str], plan_id: str, sent: SinkSent = nobody
) -> list[Sink]:
    """Every live physical index, and the warehouse; `sent` is told how far they are."""
    connection = opensearch_connection(settings, known)
    area = StageArea(client("s3"), settings.lake_bucket, f"redshift/{plan_id}")
    role = _parameter(known, "redshift/copy_role_arn")
    warehouse = RedshiftSink(warehouse_of(known), area, role, sent=sent)
    return [*_index_sinks(connection, sent), warehouse]


def _index_sinks(connection: ConnectionSpec, sent: SinkSent) -> list[Sink]:
    """An OpenSearch that is down, or not set up, must not keep the warehouse waiting."""
    try:
        return opensearch_sinks(connection, sent=sent)
    except (SinkUnavailable, SinkRefused) as error:
        return [BrokenSink("opensearch", error)]


def opensearch_connection(settings: Settings, known: Mapping[str, str]) -> ConnectionSpec:
    """How the stack's OpenSearch is reached."""
    return ConnectionSpec(
        endpoint=_parameter(known, "opensearch/endpoint"),
        auth=_parameter(known, "opensearch/auth"),
        region=settings.region,
    )


def warehouse_of(known: Mapping[str, str]) -> RedshiftData:
    """The stack's warehouse through the Data API."""
    secret = known.get("redshift/secret_arn", "-")
    warehouse = Warehouse(
        workgroup=_parameter(known, "redshift/workgroup"),
        database=_parameter(known, "redshift/database"),
        secret_arn=None if secret in ("", "-") else secret,
    )
    return RedshiftData(client("redshift-data"), warehouse)


def opensearch_client(settings: Settings) -> Any:
    """A client for queries."""
    return connect(opensearch_connection(settings, stack_parameters(settings)))


def warehouse_client(settings: Settings) -> RedshiftData:
    """The warehouse for queries."""
    return warehouse_of(stack_parameters(settings))


def _parameter(known: Mapping[str, str], name: str) -> str:
    value = known.get(name)
    if not value:
        raise SettingsInvalid(f"SSM parameter {name} of this stack is not set")
    return value
