"""Whose fault an error of OpenSearch is: only the data's marks a mall."""

from __future__ import annotations

import pytest
from opensearchpy.exceptions import (
    AuthorizationException,
    ConnectionError,
    NotFoundError,
    RequestError,
    TransportError,
)

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.opensearch.faults import as_sink_errors


@pytest.mark.parametrize(
    "trouble",
    [
        AuthorizationException(403, "cluster_block_exception", {"status": 403}),
        AuthorizationException(403, "security_exception", {"status": 403}),
        TransportError(401, "", {}),
        NotFoundError(404, "search_phase_execution_exception", {"status": 404}),
        NotFoundError(404, "index_not_found_exception", {"status": 404}),
        RequestError(400, "index_closed_exception", {"status": 400}),
        TransportError(503, "search_phase_execution_exception", {}),
        ConnectionError("N/A", "refused", OSError("refused")),
    ],
    ids=str,
)
def test_opensearchs_own_problems_keep_the_feed_waiting(trouble: Exception) -> None:
    with pytest.raises(SinkUnavailable, match="OpenSearch"), as_sink_errors():
        raise trouble


def test_what_the_mapping_does_not_take_is_refused() -> None:
    with pytest.raises(SinkRefused, match="400 mapper_parsing_exception"), as_sink_errors():
        raise RequestError(400, "mapper_parsing_exception", {"status": 400})
