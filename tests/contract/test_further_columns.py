"""Sinks that a later release has given a column or field: this release loads into them as before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mallfeed.sinks.opensearch.bootstrap import live_indexes
from tests.contract.sink_twins import IndexInOpenSearch, WarehouseInRedshift
from tests.sink_rows import delete, load, upsert
from tests.sink_services import SinkServices

pytestmark = pytest.mark.sinks
TABLES = ("products", "product_price_history", "feed_loads", "mall_state", "load_lock")


def held() -> None:
    """A claim that is held."""


@pytest.fixture
def warehouse(services: SinkServices) -> Iterator[WarehouseInRedshift]:
    """Every table has one more column, at its end as Redshift adds it."""
    twin = WarehouseInRedshift(services)
    for table in TABLES:
        twin.query(f"ALTER TABLE {table} ADD COLUMN later VARCHAR(8)")
    yield twin
    for table in TABLES:
        twin.query(f"ALTER TABLE {table} DROP COLUMN later")


def test_the_warehouse_takes_rows_without_it_and_keeps_what_others_have(
    warehouse: WarehouseInRedshift,
) -> None:
    rows = [upsert("alpha", one) for one in ("p1", "p2", "p3")]
    warehouse.sink.load([load("alpha", 1, *rows)], 0, held)
    warehouse.query("UPDATE products SET later = 'kept' WHERE product_id <> 'p3'")
    second = load(
        "alpha", 2, upsert("alpha", "p2", 500), delete("alpha", "p3"), upsert("alpha", "p4")
    )
    warehouse.sink.load([second], 0, held)
    found = warehouse.query("SELECT product_id, price, later FROM products ORDER BY product_id")
    assert int(found.pop(1)["price"]) == 500, "what changed may lose it"
    assert [(row["product_id"], int(row["price"]), row["later"]) for row in found] == [
        ("p1", 12900, "kept"), ("p4", 12900, None),
    ]  # fmt: skip
    for table, rows_there in (("feed_loads", 2), ("mall_state", 1), ("product_price_history", 5)):
        assert len(warehouse.query(f"SELECT * FROM {table} WHERE later IS NULL")) == rows_there


@pytest.fixture
def index(services: SinkServices) -> Iterator[IndexInOpenSearch]:
    """The index has one more field."""
    twin = IndexInOpenSearch(services)
    later = {"properties": {"later": {"type": "keyword"}}}
    twin.client.indices.put_mapping(index=twin.index, body=later)
    yield twin
    twin.close()


def test_the_index_takes_documents_without_it_and_keeps_what_others_have(
    index: IndexInOpenSearch,
) -> None:
    assert [one.misfit for one in live_indexes(index.client) if one.name == index.index] == [""]
    index.sink.load([load("alpha", 1, upsert("alpha", "p1"), upsert("alpha", "p2"))], 0, held)
    more = {"doc": {"later": "kept"}}
    index.client.update(index=index.index, id="alpha:p1", body=more, refresh=True)
    index.sink.load([load("alpha", 2, upsert("alpha", "p3"))], 0, held)
    found = {one: row.get("later") for one, row in index.documents("alpha").items()}
    assert found == {"p1": "kept", "p2": None, "p3": None}
