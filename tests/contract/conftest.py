"""Services that the sinks' contract tests share."""

from __future__ import annotations

import pytest

from tests.local_parts import Parts
from tests.sink_services import SinkServices, sink_services


@pytest.fixture(scope="session")
def services(opensearch: str, warehouse: Parts) -> SinkServices:
    """OpenSearch, and a warehouse of the sink tests' own."""
    return sink_services(opensearch, warehouse)
