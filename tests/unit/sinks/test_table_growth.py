"""Which statements bring the warehouse's tables to a release, and what is said where none can."""

from __future__ import annotations

import pytest

from mallfeed.errors import SinkUnavailable
from mallfeed.kinds.field import CanonicalField
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.product.first_release import FIRST_FIELDS
from mallfeed.sinks.redshift.dialect import LAYOUT, RedshiftDialect
from mallfeed.sinks.redshift.failures import verdict
from mallfeed.sinks.sql import catalog, ddl
from mallfeed.sinks.sql.database import Ended
from mallfeed.sinks.sql.growth import Tables, missing
from mallfeed.sinks.sql.layout import Layout
from mallfeed.table.growth import SchemaDiffers

LATER = (
    CanonicalField("colour", "text", max_length=50),
    CanonicalField("materials", "list_text", max_length=50, max_items=9),
)
GROWN = Layout(RedshiftDialect(), (*PRODUCT_FIELDS, *LATER))


def held(layout: Layout = LAYOUT) -> catalog.Columns:
    """The tables as that layout makes them."""
    return {
        table.name: {column.name: column.type for column in table.columns}
        for table in layout.tables
    }


def test_todays_tables_want_nothing() -> None:
    assert missing(LAYOUT, held()) == []


def test_a_field_more_is_a_column_more_one_to_a_statement() -> None:
    assert missing(GROWN, held()) == [
        "ALTER TABLE products ADD COLUMN colour VARCHAR(200)",
        "ALTER TABLE products ADD COLUMN materials SUPER",
    ]


def test_tables_that_a_later_release_has_grown_want_nothing() -> None:
    assert missing(LAYOUT, held(GROWN)) == []
    found = held()
    found["feed_loads"]["note"] = "VARCHAR(9)"
    assert missing(LAYOUT, found) == []


def test_a_table_that_is_not_there_is_made() -> None:
    found = held()
    del found["load_lock"]
    assert missing(LAYOUT, found) == [ddl.create(LAYOUT)[-1]]
    assert missing(LAYOUT, {}) == ddl.create(LAYOUT)


def test_a_text_column_may_be_wider_but_not_narrower_than_ours() -> None:
    found = held()
    found["products"]["title"] = "VARCHAR(1600)"
    assert missing(LAYOUT, found) == []
    found["products"]["title"] = "VARCHAR(400)"
    with pytest.raises(SchemaDiffers) as refused:
        missing(GROWN, found)
    assert str(refused.value) == (
        "table products: column title is VARCHAR(400), expected VARCHAR(1200). Nothing was written. "
        "What to do: ALTER TABLE products ALTER COLUMN title TYPE VARCHAR(1200). "
        "Then, to have every mall's values written again, empty the table mall_state"
    )


def test_a_column_that_every_table_has_had_is_not_added_silently() -> None:
    found = held()
    del found["products"]["brand"]
    del found["mall_state"]["seq"]
    with pytest.raises(SchemaDiffers) as refused:
        missing(LAYOUT, found)
    said = str(refused.value)
    assert "table products: column brand is gone, expected VARCHAR(400);" in said
    assert "table mall_state: column seq is gone, expected BIGINT." in said
    assert "ALTER TABLE products ADD COLUMN brand VARCHAR(400);" in said


def test_another_type_or_key_wants_the_table_anew() -> None:
    for column, kind in (
        ("price", "DECIMAL(10,2)"),
        ("tags", "VARCHAR(65535)"),
        ("product_id", "VARCHAR(9)"),
    ):
        found = held()
        found["products"][column] = kind
        with pytest.raises(SchemaDiffers, match=f"column {column} is .*RENAME TO products_before"):
            missing(LAYOUT, found)


def test_types_are_read_as_they_are_written() -> None:
    rows = [
        ["products", "title", "character varying", 1200, None, None],
        ["products", "price", "numeric", None, 18, 2],
        ["products", "review_count", "integer", None, 32, 0],
        ["products", "seq", "bigint", None, 64, 0],
        ["products", "adult", "boolean", None, None, None],
        ["products", "loaded_at", "timestamp without time zone", None, None, None],
        ["products", "tags", "super", None, None, None],
        ["feed_loads", "feed_id", "character varying", 64, None, None],
    ]
    assert catalog.columns(rows) == {
        "products": {
            "title": "VARCHAR(1200)", "price": "DECIMAL(18,2)", "review_count": "INTEGER",
            "seq": "BIGINT", "adult": "BOOLEAN", "loaded_at": "TIMESTAMP", "tags": "SUPER",
        },
        "feed_loads": {"feed_id": "VARCHAR(64)"},
    }  # fmt: skip


def test_a_column_that_must_not_be_null_is_of_the_first_release() -> None:
    for table in LAYOUT.tables:
        assert all(column.first for column in table.columns if column.required)


def test_columns_of_the_first_release_come_first_where_rows_go_by_position() -> None:
    (feeds,) = (table for table in LAYOUT.tables if table.name == "feed_loads")
    firsts = [column.first for column in feeds.columns]
    assert firsts == sorted(firsts, reverse=True)


def test_the_fields_of_the_first_release_are_still_written() -> None:
    assert {field.name for field in PRODUCT_FIELDS} >= FIRST_FIELDS


class Told:
    """A database that answers as it is told to, and remembers what it was asked."""

    def __init__(self, *found: catalog.Columns, ends: tuple[Ended, ...] = ()) -> None:
        self._found = list(found)
        self._ends = list(ends)
        self.asked = 0
        self.ran: list[str] = []

    def query(self, _sql: str, _token: str) -> list[list[object]]:
        self.asked += 1
        columns = self._found.pop(0) if len(self._found) > 1 else self._found[0]
        return [
            [table, name, *_words(kind)]
            for table, held in columns.items()
            for name, kind in held.items()
        ]

    def run(self, statements: list[str], _token: str, _name: str = "") -> Ended:
        self.ran += statements
        return self._ends.pop(0) if self._ends else Ended("1", "FINISHED", "")

    def rows(self, _statement_id: str) -> list[list[object]]:
        return []


def _words(kind: str) -> list[object]:
    name, _, size = kind.rstrip(")").partition("(")
    numbers: list[object] = [int(one) for one in size.split(",")] if size else []
    if name == "VARCHAR":
        return ["character varying", *numbers, None, None]
    return [name.lower(), None, *(numbers or [None, None])]


def tables(layout: Layout = GROWN) -> Tables:
    return Tables(layout, verdict, sleep=lambda _s: None)


def test_tables_are_looked_at_once() -> None:
    told, ours = Told(held()), tables(LAYOUT)
    ours.ensure(told)
    ours.ensure(told)
    assert (told.asked, told.ran) == (1, [])


def test_what_was_refused_is_looked_at_again() -> None:
    spoilt = held()
    del spoilt["products"]["brand"]
    told, ours = Told(spoilt, held()), tables(LAYOUT)
    with pytest.raises(SchemaDiffers):
        ours.ensure(told)
    ours.ensure(told)
    assert (told.asked, told.ran) == (2, [])


def test_a_column_that_somebody_else_has_just_added_is_no_failure() -> None:
    exists = Ended("1", "FAILED", 'ERROR: column "colour" of relation "products" already exists')
    told = Told(held(), held(GROWN), ends=(exists, exists))
    tables().ensure(told)
    assert (told.asked, len(told.ran)) == (2, 2)


def test_a_conflict_with_a_load_is_tried_again() -> None:
    conflict = Ended("1", "FAILED", "ERROR: 1023 DETAIL: Serializable isolation violation on table")
    one_left = held(GROWN)
    del one_left["products"]["colour"]
    told = Told(held(), one_left, ends=(conflict,))
    tables().ensure(told)
    colour, materials = missing(GROWN, held())
    assert told.ran == [colour, materials, colour]


def test_a_warehouse_that_will_not_grow_is_in_trouble_itself() -> None:
    denied = Ended("1", "FAILED", "ERROR: must be owner of relation products")
    told = Told(held(), ends=(denied, denied))
    with pytest.raises(SinkUnavailable, match="did not grow: ERROR: must be owner of relation"):
        tables().ensure(told)
    assert len(told.ran) == 2
