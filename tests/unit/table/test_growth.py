"""What is added to a table that is older than the release, and what is refused."""

from __future__ import annotations

import pytest

from mallfeed.table.growth import Difference, Growth, SchemaDiffers, Wanted, growth, refuse

WANTED = (
    Wanted("id", "BIGINT", addable=False),
    Wanted("title", "VARCHAR(9)", addable=False),
    Wanted("colour", "VARCHAR(3)"),
    Wanted("weight", "DECIMAL(5,2)"),
)
TODAY = {"id": "BIGINT", "title": "VARCHAR(9)"}


def test_what_the_table_lacks_is_added_in_the_releases_order() -> None:
    assert growth("table t", WANTED, TODAY) == Growth(add=WANTED[2:])
    held = TODAY | {"weight": "DECIMAL(5,2)"}
    assert growth("table t", WANTED, held).add == (WANTED[2],)


def test_a_table_that_has_all_of_it_is_left_alone() -> None:
    held = {one.name: one.type for one in WANTED}
    assert growth("table t", WANTED, held) == Growth()


def test_a_later_releases_column_is_left_alone() -> None:
    assert growth("table t", WANTED[:2], TODAY | {"later": "SUPER"}) == Growth()


def test_another_type_and_a_column_that_is_gone_are_differences() -> None:
    held = {"title": "INTEGER", "weight": "REAL"}
    found = growth("table t", WANTED, held)
    assert found.add == (WANTED[2],)
    assert found.differences == (
        Difference("table t", "id", "BIGINT", None),
        Difference("table t", "title", "VARCHAR(9)", "INTEGER"),
        Difference("table t", "weight", "DECIMAL(5,2)", "REAL"),
    )


def test_a_type_that_holds_whatever_is_written_may_be_another() -> None:
    assert growth("t", WANTED[:1], {"id": "NUMBER"}, lambda _found, _expected: True) == Growth()


def test_messages_call_a_column_what_it_is_called_there() -> None:
    found = growth("index i", WANTED[:1], {"id": "keyword"}, kind="field")
    assert [str(one) for one in found.differences] == [
        "index i: field id is keyword, expected BIGINT"
    ]


def test_all_differences_are_refused_at_once_with_what_to_do() -> None:
    grown = [
        growth("table t", WANTED[:2], {"title": "INTEGER"}),
        growth("u", WANTED[:1], {"id": "X"}),
    ]
    with pytest.raises(SchemaDiffers) as refused:
        refuse(grown, lambda differences: f"Mend {len(differences)} columns.")
    assert str(refused.value) == (
        "table t: column id is gone, expected BIGINT; "
        "table t: column title is INTEGER, expected VARCHAR(9); "
        "u: column id is X, expected BIGINT. Nothing was written. Mend 3 columns."
    )
    assert [one.column for one in refused.value.differences] == ["id", "title", "id"]
    refuse([growth("table t", WANTED, TODAY)], lambda _differences: "nothing to do")
