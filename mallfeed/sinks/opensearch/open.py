"""Opens the stack's OpenSearch: one sink per live physical index."""

from __future__ import annotations

from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.factory import SinkFactory
from mallfeed.sinks.opensearch import bootstrap as indices
from mallfeed.sinks.opensearch.connection import connect
from mallfeed.sinks.opensearch.settings import AUTH, ENDPOINT, connection_of
from mallfeed.sinks.opensearch.sink import opensearch_sinks
from mallfeed.sinks.port import Sink


def _open(context: SinkContext) -> list[Sink]:
    return opensearch_sinks(connection_of(context), sent=context.sent)


def _bootstrap(context: SinkContext) -> None:
    client = connect(connection_of(context))
    indices.bootstrap(client)
    client.close()


OPENSEARCH = SinkFactory("opensearch", needs=(ENDPOINT, AUTH), open=_open, bootstrap=_bootstrap)
