"""Expressions of a catalog are checked without Spark, and cannot raise in it."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.expression import check_expression, columns_of, safe_sql
from tests.unit.normalise.reading import read_cells

COLUMNS = ("a", "b", "상품명", "price.sale")


@pytest.mark.parametrize(
    "sql",
    [
        "a",
        "concat(a, ' ', 상품명)",
        "`price.sale` || '원'",
        "a * 1.1 + length(b)",
        "case when a = '' then b when a is null then 'x' else a end",
        "case a when '1' then 'one' end",
        "coalesce(nullif(trim(a), ''), b)",
        "if(a > 5 and not b in ('x', 'y'), a, b)",
        "regexp_replace(a, '(\\\\d+)원', '$1')",
        "regexp_extract(a, '([0-9]+)', 1)",
        "try_cast(a as decimal(18,2)) between 1 and 9",
        "split_part(a, '|', -1)",
    ],
)
def test_allowed(sql: str) -> None:
    assert check_expression(sql, COLUMNS) == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("reflect('java.lang.Runtime', 'exit')", "function 'reflect' is not allowed"),
        ("java_method('x', 'y')", "function 'java_method' is not allowed"),
        ("rand()", "function 'rand' is not allowed"),
        ("current_timestamp()", "function 'current_timestamp' is not allowed"),
        ("(select max(a) from t)", "'select' cannot stand here"),
        ("exists (select 1)", "'select' cannot stand here"),
        ("c", "column 'c' is not among a, b"),
        ("a +", "unexpected 'end of the expression'"),
        ("a; drop table x", "cannot read from ';"),
        ("a.b", "cannot read from '.b'"),
        ("regexp_extract(a, '(x)', 2)", "the pattern has no group 2"),
        ("regexp_replace(a, 'x', '$1')", "the pattern has no group 1"),
        ("regexp_replace(a, b, '')", "a text in quotes is needed"),
        ("a rlike '('", "pattern '('"),
        ("split_part(a, '|', 0)", "parts count from 1"),
        ("lpad(a, 100000000, 'x')", "a whole number up to 1000"),
        ("case when a then b end", "bool expected, found text"),
        ("concat(a, b", "expected ')'"),
        ("cast(a as struct)", "cast to 'struct'"),
        ("(" * 60 + "a" + ")" * 60, "nested deeper than 50"),
        ("", "unexpected 'end of the expression'"),
    ],
)
def test_refused(sql: str, told: str) -> None:
    assert told in "\n".join(check_expression(sql, COLUMNS))


def test_columns_are_found_once_in_order() -> None:
    assert columns_of("concat(b, a, b, `price.sale`)") == ("b", "a", "price.sale")


def test_arithmetic_and_casts_are_written_so_that_they_cannot_raise() -> None:
    written = safe_sql("cast(a as int) / b", lambda name: f"c_{name}")
    assert "try_divide" in written
    assert " cast(c_" not in written


@pytest.mark.spark
def test_no_data_makes_an_expression_raise(spark: SparkSession) -> None:
    cells = ["5", "0", "문의", "", None, "99999999999999999999999999999999999999", "1e400"]
    sqls = [
        "cell * 1.1",
        "1 / cell",
        "cell % cell",
        "cast(cell as int) + 1",
        "if(cell > 5, 'big', cell)",
        "substring(cell, cast(cell as int), 3)",
        "regexp_extract(cell, '([0-9])', 1)",
        "split_part(cell, ',', 2)",
        "round(cell, 1)",
        "-cell",
        "left(cell, length(cell) - 1)",
    ]
    for sql in sqls:
        found = read_cells(spark, "brand", cells, {"type": "expression", "sql": sql, "from": None})
        assert len(found) == len(cells)
    results = read_cells(spark, "price", cells[:2], {"type": "expression", "sql": "cell * 1.1", "from": None})  # fmt: skip
    assert str(results[0].value) == "6.00"
    assert results[0].code == "price_rounded"
    assert results[1].code == "price_not_positive"
