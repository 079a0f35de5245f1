"""The warehouse's tables grow with a release, serve the previous release again, and refuse other differences."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from mallfeed.errors import SinkUnavailable
from mallfeed.kinds.field import CanonicalField
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.sinks.redshift.bootstrap import bootstrap
from mallfeed.sinks.redshift.dialect import LAYOUT, RedshiftDialect
from mallfeed.sinks.redshift.failures import verdict
from mallfeed.sinks.redshift.sink import RedshiftSink
from mallfeed.sinks.redshift.stage import StageArea
from mallfeed.sinks.sql.growth import Tables
from mallfeed.sinks.sql.layout import Layout
from mallfeed.table.growth import SchemaDiffers
from tests.contract.growth_suite import LATER, GrowthContract, held, p, seq
from tests.local_parts import Parts
from tests.sink_rows import load
from tests.sink_services import BUCKET, ROLE, SinkServices, database

pytestmark = pytest.mark.sinks

MATERIALS = CanonicalField("materials", "list_text", max_length=50, max_items=9)
GROWN = Layout(RedshiftDialect(), (*PRODUCT_FIELDS, LATER))
"""The release after this one: it has one field more."""


class Warehouse:
    """A database of its own, and this release's and the next one's sinks of it."""

    def __init__(self, services: SinkServices, parts: Parts) -> None:
        self.data, self._dsn = database(parts, f"growth_{uuid4().hex[:8]}")
        self._stage = StageArea(services.s3, BUCKET, f"redshift/{uuid4().hex}")

    def sink(self, layout: Layout = LAYOUT) -> RedshiftSink:
        """As a process of that release makes it."""
        return RedshiftSink(self.data, self._stage, ROLE, layout, sleep=lambda _s: None)

    def query(self, sql: str) -> list[dict[str, Any]]:
        with psycopg.connect(self._dsn, autocommit=True, row_factory=dict_row) as connection:
            answer = connection.execute(sql.encode())
            return answer.fetchall() if answer.description else []

    def products(self, *columns: str) -> dict[str, tuple[Any, ...]]:
        """Product id → these columns."""
        rows = self.query(f"SELECT product_id, {', '.join(columns)} FROM products")
        return {row.pop("product_id"): tuple(row.values()) for row in rows}

    def columns(self, table: str) -> list[str]:
        """The table's columns in order."""
        query = f"SELECT column_name FROM redshift.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
        return [row["column_name"] for row in self.query(query)]


@pytest.fixture
def warehouse_of_today(services: SinkServices, warehouse: Parts) -> Warehouse:
    """As this release has bootstrapped it."""
    made = Warehouse(services, warehouse)
    bootstrap(made.data)
    return made


class Releases:
    """`Growing` over that warehouse."""

    def __init__(self, ours: Warehouse) -> None:
        self._ours = ours

    def bootstrap(self, later: bool = False) -> None:
        bootstrap(self._ours.data, GROWN if later else LAYOUT)

    def sink(self, later: bool = False) -> RedshiftSink:
        return self._ours.sink(GROWN if later else LAYOUT)

    def values(self, field: str) -> dict[str, Any]:
        return {product: value for product, (value,) in self._ours.products(field).items()}

    def fields(self) -> set[str]:
        return set(self._ours.columns("products"))


class TestTheWarehouseGrows(GrowthContract):
    @pytest.fixture
    def growing(self, warehouse_of_today: Warehouse) -> Releases:
        return Releases(warehouse_of_today)


def test_prices_and_feeds_are_noted_once_whichever_release_loads(
    warehouse_of_today: Warehouse,
) -> None:
    ours = warehouse_of_today
    for number, layout in enumerate((LAYOUT, GROWN, LAYOUT, GROWN), start=1):
        ours.sink(layout).load([load("alpha", number, p("p1"), p(f"q{number}"))], 0, held)
    assert len(ours.query("SELECT * FROM feed_loads")) == 4
    held_prices = ours.query("SELECT product_id FROM product_price_history ORDER BY 1")
    assert [row["product_id"] for row in held_prices] == ["p1", "q1", "q2", "q3", "q4"]


def test_lists_grow_as_well_and_several_columns_at_once(warehouse_of_today: Warehouse) -> None:
    ours = warehouse_of_today
    ours.sink().load([load("alpha", 1, p("p1"))], 0, held)
    third = Layout(RedshiftDialect(), (*GROWN.fields, MATERIALS))
    row = p("p2", colour="red", materials=["면", "O'울"])
    ours.sink(third).load([load("alpha", 2, row)], 0, held)
    assert ours.products("colour", "materials") == {
        "p1": (None, None),
        "p2": ("red", ["면", "O'울"]),
    }


def test_a_synchronisation_by_the_earlier_release_empties_what_it_does_not_know(
    warehouse_of_today: Warehouse,
) -> None:
    ours = warehouse_of_today
    ours.sink(GROWN).load([load("alpha", 1, p("p1", colour="red"))], 0, held)
    ours.sink().load([load("alpha", 2, p("p1", 90))], 0, held)
    full = load("alpha", 3, p("p1", 80), p("p2"), kind="contents")
    ours.sink().load([full], 0, held)
    assert ours.products("price", "colour") == {
        "p1": (Decimal(80), None),
        "p2": (Decimal(100), None),
    }


def test_every_table_may_have_columns_of_a_later_release(warehouse_of_today: Warehouse) -> None:
    ours = warehouse_of_today
    for table in LAYOUT.tables:
        ours.query(f"ALTER TABLE {table.name} ADD COLUMN of_later INTEGER")
    ours.sink().load([load("alpha", 1, p("p1"))], 0, held)
    ours.sink().load([load("alpha", 2, p("p1", 90), p("p2"))], 0, held)
    for table in LAYOUT.tables:
        rows = ours.query(f"SELECT of_later FROM {table.name}")
        assert rows, table.name
        assert all(row["of_later"] is None for row in rows), table.name
    (first, _) = ours.query("SELECT * FROM feed_loads ORDER BY seq")
    assert (first["feed_id"], first["seq"]) == ("alpha-0000000000000001", 1)


def test_a_table_that_is_missing_is_made_before_the_first_load(
    warehouse_of_today: Warehouse,
) -> None:
    ours = warehouse_of_today
    ours.query("DROP TABLE product_price_history")
    ours.sink().load([load("alpha", 1, p("p1"))], 0, held)
    assert len(ours.query("SELECT * FROM product_price_history")) == 1


SPOILT = {
    "narrower": (
        "ALTER TABLE products ALTER COLUMN brand TYPE redshift.varchar_64",
        r"table products: column brand is VARCHAR\(64\), expected VARCHAR\(400\)\. Nothing was written\. "
        r"What to do: ALTER TABLE products ALTER COLUMN brand TYPE VARCHAR\(400\)",
    ),
    "another type": (
        "ALTER TABLE products ALTER COLUMN price TYPE integer",
        r"column price is INTEGER, expected DECIMAL\(18,2\).*RENAME TO products_before",
    ),
    "json as text": (
        "ALTER TABLE products ALTER COLUMN tags TYPE redshift.varchar_64",
        r"column tags is VARCHAR\(64\), expected SUPER",
    ),
    "gone": (
        "ALTER TABLE products DROP COLUMN maker",
        r"column maker is gone, expected VARCHAR\(400\).*ALTER TABLE products ADD COLUMN maker",
    ),
    "of the history": (
        "ALTER TABLE product_price_history DROP COLUMN availability",
        r"table product_price_history: column availability is gone",
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_difference_that_adding_cannot_resolve_is_refused_before_anything_is_written(
    warehouse_of_today: Warehouse, spoilt: str
) -> None:
    ours, (spoil, message) = warehouse_of_today, SPOILT[spoilt]
    for layout in (LAYOUT, GROWN):  # domains of these lengths exist
        bootstrap(ours.data, layout)
    ours.sink().load([load("alpha", 1, p("p1"))], 0, held)
    ours.query(spoil)
    before = ours.columns("products")
    third = Layout(RedshiftDialect(), (*GROWN.fields, CanonicalField("size", "text")))
    with pytest.raises(SinkUnavailable, match=message):
        ours.sink(third).load([load("alpha", 2, p("p2"))], 0, held)
    with pytest.raises(SchemaDiffers, match=message):
        bootstrap(ours.data, third)
    assert ours.columns("products") == before
    assert ours.products("price").keys() == {"p1"}
    assert seq(ours.sink()) == 1


def test_a_wider_text_column_serves_the_previous_release(warehouse_of_today: Warehouse) -> None:
    ours = warehouse_of_today
    ours.query("ALTER TABLE products ALTER COLUMN brand TYPE redshift.varchar_1200")
    ours.sink().load([load("alpha", 1, p("p1", brand="가나다"))], 0, held)
    assert ours.products("brand") == {"p1": ("가나다",)}


def test_processes_that_add_columns_at_the_same_time_all_succeed(
    warehouse_of_today: Warehouse,
) -> None:
    ours = warehouse_of_today
    faults: list[BaseException] = []

    def grow() -> None:
        try:
            Tables(GROWN, verdict, sleep=lambda _s: None).ensure(ours.data)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=grow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert ours.columns("products")[-2:] == ["loaded_at", "colour"]
