"""`mallfeed sql` reads; what would change the warehouse is refused before it is sent."""

from __future__ import annotations

import pytest

from mallfeed.cli.reading_sql import NotReading, check_reads


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "  SELECT count(*) FROM products;  ",
        "-- how many\nselect 1",
        "/* delete it? */ with a as (select 1) select * from a",
        "select 'insert; drop table products into x' as told",
        "select \"into\" from products where title = 'it''s; into'",
        "explain select 1",
        "show tables",
    ],
)
def test_what_reads_is_taken(sql: str) -> None:
    check_reads(sql)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("create table x (a int)", "begins with CREATE"),
        ("drop table products", "begins with DROP"),
        ("/* select */ delete from products", "begins with DELETE"),
        ("explain delete from products", "begins with DELETE"),
        ("unload ('select 1') to 's3://b/x'", "begins with UNLOAD"),
        ("call tidy()", "begins with CALL"),
        ("grant select on products to bob", "begins with GRANT"),
        ("select * into copied from products", "INTO makes a table"),
        ("with a as (select 1) select * into b from a", "INTO makes a table"),
        ("select 1; drop table products", "several statements"),
        ("select 1 --; \n; delete from products", "several statements"),
        ("", "no statement"),
        ("-- nothing", "no statement"),
    ],
)
def test_what_changes_something_is_refused(sql: str, why: str) -> None:
    with pytest.raises(NotReading, match=why):
        check_reads(sql)
