"""What OpenSearch's errors mean for a load: whether the data or OpenSearch itself is at fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mallfeed.errors import SinkRefused, SinkUnavailable

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
_NOT_THE_DATA = frozenset({"index_closed_exception"})
"""Errors with status 400 that any other document would get too."""


def refuses_the_data(status: int | str, error_type: str) -> bool:
    """Whether the document or the mapping is at fault, so that sending it again cannot help.

    Any other error is a problem of OpenSearch, which the mall cannot solve: 403 if AWS blocks writes for
    lack of storage or memory (`cluster_block_exception`), 401 and 403 for credentials and rights, 404 for
    an index or a search context that does not exist.
    """
    return status == 400 and error_type not in _NOT_THE_DATA


@contextmanager
def as_sink_errors() -> Iterator[None]:
    """Translates opensearch-py's errors: SinkRefused if the data is at fault, else SinkUnavailable."""
    from opensearchpy.exceptions import ConnectionError as ConnectionFault
    from opensearchpy.exceptions import SerializationError, TransportError

    try:
        yield
    except (ConnectionFault, SerializationError) as error:
        raise SinkUnavailable(f"OpenSearch cannot be reached: {error}") from error
    except TransportError as error:
        kind = SinkRefused if refuses_the_data(error.status_code, error.error) else SinkUnavailable
        message = f"OpenSearch answered {error.status_code} {error.error}: {_info(error)}"
        raise kind(message) from error


def _info(error: Any) -> str:
    return str(error.info)[:500]
