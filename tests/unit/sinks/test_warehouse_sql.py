"""The warehouse's SQL is Redshift's, as far as a parser can tell, and keeps its limits."""

from __future__ import annotations

import re

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.sql import ddl, literals
from tests.unit.sinks.warehouse_loads import KEPT, NOW, batch, texts


@pytest.mark.parametrize("file", texts())
def test_redshift_is_sent_the_very_statements_that_are_kept(file: str) -> None:
    kept = (KEPT / file).read_text("utf-8")
    assert texts()[file] == kept, "meant so? python -m tests.unit.sinks.warehouse_loads"


@pytest.mark.parametrize("statement", [*batch(2, "contents").statements, *ddl.create(LAYOUT)])
def test_each_statement_parses_as_redshift(statement: str) -> None:
    tree = sqlglot.parse_one(_without_table_options(statement), read="redshift")
    assert not isinstance(tree, exp.Command)


def _without_table_options(statement: str) -> str:
    options = r"\)\s*DISTSTYLE.*$"
    return re.sub(options, ")", statement, flags=re.DOTALL)


def test_a_load_of_many_malls_stays_within_a_batch() -> None:
    statements = batch(300, "contents").statements
    assert len(statements) <= 40
    assert max(len(s.encode()) for s in statements) < 100_000


def test_merge_is_one_that_redshift_takes() -> None:
    merge = next(s for s in batch().statements if s.startswith("MERGE"))
    tree = sqlglot.parse_one(merge, read="redshift")
    assert tree.this.alias == ""
    assert isinstance(tree.args["using"], exp.Table)
    assert [bool(when.args["matched"]) for when in tree.args["whens"].expressions] == [True, False]
    assert all(when.args.get("condition") is None for when in tree.args["whens"].expressions)
    assert "JSON_PARSE(mallfeed_stage.tags)" in merge


def test_nothing_in_the_batch_commits_by_itself() -> None:
    words = " ".join(batch(2, "contents").statements).upper()
    assert not re.search(r"\b(TRUNCATE|COMMIT|BEGIN|VACUUM)\b", words)


def test_the_guard_lets_an_equal_sequence_through_only_when_reapplying() -> None:
    plain, again = batch(), batch(reapply=True)
    assert any("mall_state.seq >= mallfeed_moving.seq" in s for s in plain.statements)
    assert any("mall_state.seq > mallfeed_moving.seq" in s for s in again.statements)


def test_stale_rows_leave_the_stage_before_anything_is_written() -> None:
    statements = batch().statements
    kinds = [s.split(" (")[0][:45] for s in statements]
    dropped = next(
        n for n, k in enumerate(kinds) if k.startswith("DELETE FROM mallfeed_stage WHERE mall_id")
    )
    first_write = next(n for n, k in enumerate(kinds) if "product_price_history" in k)
    assert dropped < first_write


def test_the_products_table_has_the_stage_columns_and_types() -> None:
    create = next(s for s in ddl.create(LAYOUT) if "EXISTS products" in s)
    found = re.findall(r"^    (\w+) ([A-Z]+(?:\([\d,]+\))?)(?: NOT NULL)?,?$", create, re.MULTILINE)
    expected = [(column.name, column.table_type) for column in LAYOUT.products]
    assert found == [*expected, ("seq", "BIGINT"), ("loaded_at", "TIMESTAMP")]
    assert [c.name for c in LAYOUT.stage] == ["op", *(c.name for c in LAYOUT.products)]


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40))
def test_a_text_literal_is_that_text_whether_backslash_escapes_or_not(value: str) -> None:
    made = literals.text(value)
    assert "\\" not in made
    pieces = re.findall(r"'((?:[^']|'')*)'|CHR\((\d+)\)", made)
    assert (
        "".join(chr(int(code)) if code else text.replace("''", "'") for text, code in pieces)
        == value
    )


def test_a_text_with_nul_is_no_literal() -> None:
    with pytest.raises(ValueError, match="NUL"):
        literals.text("a\x00b")


def test_times_are_utc_to_the_microsecond() -> None:
    assert literals.timestamp(NOW) == "'2026-11-23 01:02:03.456789'"
    assert literals.timestamp(None) == "NULL"
