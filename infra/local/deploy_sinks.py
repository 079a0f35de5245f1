"""What a deployment does to the sinks: creates what the stack's sinks write to, or adds what is missing.

On AWS `mallfeed sinks bootstrap` does the same (docs/deploy.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mallfeed.aws.ssm import parameters
from mallfeed.settings import Settings
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opening import bootstrap as bootstrap_sink
from mallfeed.sinks.opening import names_of
from mallfeed.sinks.opensearch.bootstrap import put_index_template
from mallfeed.sinks.opensearch.connection import connect
from mallfeed.sinks.opensearch.settings import connection_of

DATABASE = "mallfeed"
_PARTS = {"opensearch": "OPENSEARCH_URL", "redshift": "AWS_ENDPOINT_URL_REDSHIFT_DATA"}
"""Sink → the variable that says that its part of the stack runs."""
_ONE_NODE = {"number_of_replicas": 0}


def bootstrap(
    environment: Mapping[str, str], settings: Settings, client: Callable[[str], Any]
) -> None:
    """Bring those of the stack's sinks that run on this machine to the layout of this checkout."""
    known = parameters(client("ssm"), settings.parameter_prefix)
    context = SinkContext(settings, known, client=client)
    running = [name for name in names_of(context) if _runs(name, environment)]
    if "opensearch" in running:
        search = connect(connection_of(context))
        put_index_template(search, overrides=_ONE_NODE)
        search.close()
    for name in running:
        bootstrap_sink(context, name)


def _runs(sink: str, environment: Mapping[str, str]) -> bool:
    return sink not in _PARTS or _PARTS[sink] in environment
