"""Patterns of a catalog: as Spark's where they end soon, and given up where they would not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pyspark.sql import SparkSession

from mallfeed.kinds.sql.expression import gives_up, safe_sql
from mallfeed.kinds.sql.pieces import called, text
from tests.unit.normalise.reading import Asked, Read, read_cells, read_together

pytestmark = pytest.mark.spark

TEXTS = (
    None, "", " ", "가방", "무료배송 12,900원", "aXbXc", "a.b", "a\nb", "50%", "100_x", "%", "_",
    "똠🎧x", "AAA", "x" * 300, "b" * 50 + "a", "1-2-3", "\\", "$1", "ab" * 40,
)  # fmt: skip
PATTERNS = (
    "", "a", "^a", "x$", "[0-9,]+", "(\\d+)-(\\d+)", "(가)?방", ".", ".*b", "(?i)aaa", "\\s+", "(a)|(b)",
    "무료(?!반품)", "(.)\\1", "[^가-힣]", "\\p{L}+", "a*?b", "🎧",
)  # fmt: skip
LIKE = ("", "%", "_", "a%", "%b", "%a%b%", "a_b", "__", "100_x", "%%", "a%b%c%", "%X%X%")


def test_what_ends_soon_is_what_spark_makes_of_it(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(one,) for one in TEXTS], "t string")
    pairs = []
    for pattern in PATTERNS:
        p, group = text(pattern), "1" if "(" in pattern.replace("(?", "") else "0"
        by = text(f"<${group}>")
        pairs += [
            (called("pattern_found", "t", p), f"rlike(t, {p})"),
            (called("pattern_extracted", "t", p, group), f"regexp_extract(t, {p}, {group})"),
            (called("pattern_replaced", "t", p, by), f"regexp_replace(t, {p}, {by})"),
        ]
    pairs += [(called("is_like", "t", text(p)), f"t like {text(p)} escape '|'") for p in LIKE]
    both = [sql for ours, theirs in pairs for sql in (ours, theirs)]
    for row in frame.selectExpr("t", *both).collect():
        for place, pair in enumerate(pairs):
            assert row[1 + 2 * place] == row[2 + 2 * place], (row["t"], pair)


# Java remembers where a group's loop has failed since version 9, so that `(a+)+` ends soon.
SOON = {
    "nested": "^(a+)+$", "either way": "^(a|aa)+$", "empty loops": "^(a*)*$",
    "words": "^(\\\\w+\\\\s?)*$", "twice": "^((a+)+)+$",
}  # fmt: skip


# With Spark's own engine these take hours, or end the executor because its stack is full.
HOPELESS = {
    "many in a row": ("regexp_replace(cell, 'a*a*a*a*a*a*b', 'x')", "a" * 100_000),
    "square": ("cell rlike 'a*b'", "a" * 400_000),
    "deep": ("cell rlike '^(가|나)*$'", "가" * 300_000),
    "lookahead": ("regexp_replace(cell, '(?=(.*))', '$1$1$1')", "x" * 50_000),
    "the same twice": ("cell rlike '(가|가)*$'", "가" * 300_000 + "!"),
    "counted": ("cell rlike '(.*가){25}'", "가나다라마바사" * 5_000),
    "halves": ("regexp_extract(cell, '(가+가+)+나', 1)", "가" * 100_000),
    "words": ("regexp_replace(cell, '^([가-힣]+ ?)*[0-9]$', '')", "무료배송 " * 20_000),
    "spaces": ("regexp_replace(cell, '\\\\s+$', '')", " " * 200_000 + "가"),
    "addresses": ("regexp_extract(cell, '(([가-힣a-z])+.)+[A-Z]([가-힣a-z])+$', 0)", "가a" * 50_000),
}  # fmt: skip


# The square of the text, if Java's engine tries each place in turn.
ONE_PASS = (
    "cell rlike '.*세일.*'",
    "cell rlike '(.*)세일'",
    "regexp_extract(cell, '.*세일(.*)|나{9}', 0) = '나나나나나나나나나'",
    "regexp_replace(cell, '.*세일', '') <> cell",
)
FIELDS = (
    "brand", "title", "description", "category_raw", "maker", "origin", "model_number", "item_group_id", "product_id",
    "tags",
)  # fmt: skip
"""Each of which a plan can read by one expression."""


def expression(field: str, sql: str, cells: Sequence[str]) -> Asked:
    return Asked(field, cells, {"type": "expression", "sql": sql, "from": None})


@pytest.fixture(scope="module")
def soon(spark: SparkSession) -> dict[str, list[Read]]:
    """Pattern of SOON or ONE_PASS → what is read, all in one plan."""
    asked = {
        kind: (f"if(cell rlike '{pattern}', 'yes', 'no')", ["a" * 60 + "!", "a" * 60])
        for kind, pattern in SOON.items()
    }
    long = ["무료배송 " * 20_000, "무료배송 " * 20_000 + "세일"]
    asked |= {sql: (f"if({sql}, 'yes', 'no')", long) for sql in ONE_PASS}
    return together(spark, asked)


@pytest.fixture(scope="module")
def hopeless(spark: SparkSession) -> dict[str, list[Read]]:
    """Kind of HOPELESS → what is read, all in one plan."""
    asked = {
        kind: (f"concat('=', coalesce(cast({sql} as string), '?'), '=')", [cell, "b"])
        for kind, (sql, cell) in HOPELESS.items()
    }
    return together(spark, asked)


def together(spark: SparkSession, asked: dict[str, tuple[str, list[str]]]) -> dict[str, list[Read]]:
    """What becomes of each expression's cells; a code without its field."""
    of = [expression(field, *one) for field, one in zip(FIELDS, asked.values(), strict=False)]
    assert len(of) == len(asked), "more expressions than fields"
    return {
        kind: [Read(one.value, one.code and one.code.removeprefix(about.field)) for one in found]
        for kind, about, found in zip(asked, of, read_together(spark, of), strict=True)
    }


@pytest.mark.parametrize("kind", SOON)
def test_loops_in_loops_end(kind: str, soon: dict[str, list[Read]]) -> None:
    told = [(read.value, read.code) for read in soon[kind]]
    assert told[0] in [("no", None), (None, "_too_costly")]
    assert told[1] == ("yes", None)


@pytest.mark.parametrize("sql", ONE_PASS)
def test_any_text_at_the_beginning_costs_one_pass(sql: str, soon: dict[str, list[Read]]) -> None:
    found = soon[sql]
    assert found[0].value == "no"
    assert found[1].value == ("no" if "나{9}" in sql else "yes")


@pytest.mark.parametrize("kind", HOPELESS)
def test_what_would_not_end_is_given_up_and_told(
    kind: str, hopeless: dict[str, list[Read]]
) -> None:
    read, short = hopeless[kind]
    assert (read.value, read.code) == (None, "_too_costly")
    assert short.code is None
    assert short.value is not None


def test_like_knows_characters_beyond_two_bytes(spark: SparkSession) -> None:
    """Spark's own takes them apart."""
    sql = "if(cell like '%🎧_', 'yes', 'no')"
    found = read_cells(
        spark, "brand", ["똠🎧x", "🎧"], {"type": "expression", "sql": sql, "from": None}
    )
    assert [read.value for read in found] == ["yes", "no"]


def test_like_is_one_pass(spark: SparkSession) -> None:
    cells = ["a" * 500_000, "a" * 500_000 + "b"]
    sql = "if(cell like '%a%a%a%a%a%a%b', 'yes', 'no')"
    found = read_cells(spark, "brand", cells, {"type": "expression", "sql": sql, "from": None})
    assert [(read.value, read.code) for read in found] == [("no", None), ("yes", None)]


def test_a_required_field_s_row_is_refused_for_it(spark: SparkSession) -> None:
    options = {
        "type": "expression",
        "sql": "regexp_extract(cell, '^(가|나)*$', 1)",
        "from": None,
        "default": "x",
    }
    refused, blank = read_cells(spark, "title", ["가" * 300_000, "c"], options)
    assert (refused.value, refused.code) == (None, "title_too_costly")
    assert (blank.value, blank.code) == ("x", None)


def test_an_expression_without_a_pattern_asks_for_nothing_more() -> None:
    assert gives_up("concat(a, 'x')", str) is None
    assert gives_up("a like 'x%'", str) is None
    assert gives_up("a rlike 'x' or a rlike 'x'", str) == (
        "(a is not null and mallfeed.pattern_found(a, 'x') is null)"
    )
    assert "rlike(" not in safe_sql("a rlike 'x'", str)
