"""The sinks under test behind one interface: what the contract suite may call on each."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
from psycopg.rows import dict_row

from mallfeed.sinks.opensearch.bootstrap import create_building_index, live_indexes
from mallfeed.sinks.opensearch.connection import connect
from mallfeed.sinks.opensearch.sink import OpenSearchSink
from mallfeed.sinks.redshift.sink import RedshiftSink
from mallfeed.sinks.redshift.stage import StageArea
from tests.sink_services import BUCKET, ROLE, SinkServices
from tests.twins.sinks import MemoryIndex, MemoryWarehouse


class IndexInMemory:
    transactional = False

    def __init__(self) -> None:
        self.sink = MemoryIndex()

    def prices(self, mall_id: str) -> dict[str, int]:
        return {k: int(doc["price"]) for k, doc in self.sink.documents(mall_id).items()}


class WarehouseInMemory:
    transactional = True

    def __init__(self) -> None:
        self.sink = MemoryWarehouse()

    def prices(self, mall_id: str) -> dict[str, int]:
        return {k: int(row["price"]) for k, row in self.sink.products(mall_id).items()}


class IndexInOpenSearch:
    """A physical index of its own for every test."""

    transactional = False

    def __init__(self, services: SinkServices) -> None:
        self.client = connect(services.opensearch)
        self.index = f"products-{uuid4().hex[:12]}"
        create_building_index(self.client, self.index)
        live = next(one for one in live_indexes(self.client) if one.name == self.index)
        self.sink = OpenSearchSink(live, services.opensearch)

    def documents(self, mall_id: str) -> dict[str, dict[str, Any]]:
        query = {"size": 1000, "query": {"term": {"mall_id": mall_id}}}
        hits = self.client.search(index=self.index, body=query)["hits"]["hits"]
        return {hit["_source"]["product_id"]: hit["_source"] for hit in hits}

    def prices(self, mall_id: str) -> dict[str, int]:
        return {k: int(doc["price"]) for k, doc in self.documents(mall_id).items()}

    def close(self) -> None:
        self.sink.close()
        self.client.indices.delete(index=self.index)
        self.client.close()


class WarehouseInRedshift:
    """The tables are shared, so each test begins by emptying them."""

    transactional = True

    def __init__(self, services: SinkServices) -> None:
        self.dsn = services.dsn
        for table in ("products", "product_price_history", "feed_loads", "mall_state"):
            self.query(f"DELETE FROM {table}")
        stage = StageArea(services.s3, BUCKET, f"redshift/{uuid4().hex}")
        self.sink = RedshiftSink(services.data, stage, ROLE, sleep=lambda _s: None)

    def query(self, sql: str) -> list[dict[str, Any]]:
        with psycopg.connect(self.dsn, autocommit=True, row_factory=dict_row) as connection:
            answer = connection.execute(sql.encode())
            return answer.fetchall() if answer.description else []

    def prices(self, mall_id: str) -> dict[str, int]:
        rows = self.query(f"SELECT product_id, price FROM products WHERE mall_id = '{mall_id}'")
        return {row["product_id"]: int(row["price"]) for row in rows}

    def close(self) -> None:
        return
