"""The stack's parameters that say where OpenSearch is, and how to sign in."""

from __future__ import annotations

from mallfeed.sinks.context import Setting, SinkContext
from mallfeed.sinks.opensearch.connection import ConnectionSpec

ENDPOINT = Setting("opensearch/endpoint")
AUTH = Setting("opensearch/auth")


def connection_of(context: SinkContext) -> ConnectionSpec:
    """How to reach the stack's OpenSearch. Raises SettingsInvalid if a parameter is missing."""
    context.check((ENDPOINT, AUTH))
    return ConnectionSpec(
        endpoint=context.value(ENDPOINT),
        auth=context.value(AUTH),
        region=context.settings.region,
    )
