"""The sinks' suite over each of ours: in memory, OpenSearch with nori, the warehouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.sink_suite import SinkContract, Twin
from tests.contract.sink_twins import (
    IndexInMemory,
    IndexInOpenSearch,
    WarehouseInMemory,
    WarehouseInRedshift,
)

pytestmark = pytest.mark.sinks


class TestOurSinks(SinkContract):
    @pytest.fixture(params=["memory-index", "memory-warehouse", "opensearch", "redshift"])
    def twin(self, request: pytest.FixtureRequest) -> Iterator[Twin]:
        if request.param == "memory-index":
            yield IndexInMemory()
        elif request.param == "memory-warehouse":
            yield WarehouseInMemory()
        else:
            services = request.getfixturevalue("services")
            kind = IndexInOpenSearch if request.param == "opensearch" else WarehouseInRedshift
            made = kind(services)
            yield made
            made.close()
