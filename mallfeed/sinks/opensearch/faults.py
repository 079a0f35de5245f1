"""What OpenSearch's errors mean for a load: the data's fault, or OpenSearch's own trouble."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mallfeed.errors import SinkRefused, SinkUnavailable

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
_NOT_THE_DATA = frozenset({"index_closed_exception"})
"""Answered with 400, although no other document would be taken either."""


def refuses_the_data(status: int | str, error_type: str) -> bool:
    """Whether the document or the mapping is at fault, so that sending it again cannot help.

    All else is OpenSearch's trouble and passes without the mall: 403 where AWS blocks writing for
    want of storage or memory (`cluster_block_exception`), 401 and 403 for credentials and rights, 404
    for an index or a search context that is not there.
    """
    return status == 400 and error_type not in _NOT_THE_DATA


@contextmanager
def as_sink_errors() -> Iterator[None]:
    """opensearch-py's errors as the sink's: SinkRefused for the data's fault, else SinkUnavailable."""
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
