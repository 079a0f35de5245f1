"""Where OpenSearch is, from the stack's parameters; what its failures mean to a consumer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from mallfeed.aws.clients import client
from mallfeed.aws.ssm import parameters
from mallfeed.search import rates_file
from mallfeed.search_api.problems import unavailable
from mallfeed.settings import Settings
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opensearch.connection import connect
from mallfeed.sinks.opensearch.settings import connection_of

TIMEOUT_S = 8.0
"""Longest wait for OpenSearch: below the function's timeout, so that the answer is a problem document."""
_PASSING = {429, 502, 503, 504}
_NOT_SET_UP = 404
"""No index behind the alias, or no search template: a deployment step is still missing."""


def opensearch_client(settings: Settings) -> Any:
    """A client for the process's life; asks SSM for `opensearch/…` only, as its role allows."""
    found = parameters(client("ssm"), f"{settings.parameter_prefix}/opensearch")
    known = {f"opensearch/{name}": value for name, value in found.items()}
    spec = connection_of(SinkContext(settings, known))
    return connect(replace(spec, timeout_s=TIMEOUT_S, pool=2))


def stored_rates(settings: Settings) -> str | None:
    """The text of the stack's rates; None if nobody has stored any. Raises Transient if SSM does not answer."""
    folder, _, name = rates_file.PARAMETER.partition("/")
    return parameters(client("ssm"), f"{settings.parameter_prefix}/{folder}").get(name)


def is_refused(error: Exception) -> bool:
    """Whether OpenSearch called the request itself wrong."""
    return getattr(error, "status_code", None) == 400


@contextmanager
def as_problems() -> Iterator[None]:
    """OpenSearch unreachable, overloaded or without the index: 503; other faults are ours."""
    from opensearchpy.exceptions import ConnectionError as ConnectionFault
    from opensearchpy.exceptions import TransportError

    try:
        yield
    except ConnectionFault as error:
        raise unavailable("The search index does not answer.") from error
    except TransportError as error:
        if error.status_code in _PASSING:
            raise unavailable("The search index is busy.") from error
        if error.status_code == _NOT_SET_UP:
            raise unavailable("The search index does not exist yet.") from error
        raise
