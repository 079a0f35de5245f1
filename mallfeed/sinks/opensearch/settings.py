"""Which of the stack's parameters say where OpenSearch is, and how to sign in."""

from __future__ import annotations

from mallfeed.sinks.context import Setting, SinkContext
from mallfeed.sinks.opensearch.connection import ConnectionSpec

ENDPOINT = Setting("opensearch/endpoint")
AUTH = Setting("opensearch/auth")


def connection_of(context: SinkContext) -> ConnectionSpec:
    """How the stack's OpenSearch is reached."""
    context.check((ENDPOINT, AUTH))
    return ConnectionSpec(
        endpoint=context.value(ENDPOINT),
        auth=context.value(AUTH),
        region=context.settings.region,
    )
