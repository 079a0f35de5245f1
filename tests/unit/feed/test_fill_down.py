"""A blank key is that of the row above, over tables and parts."""

from __future__ import annotations

import pyarrow as pa

from mallfeed.feed.fill_down import FillDown


def table(keys: list[str | None], faults: list[str | None] | None = None) -> pa.Table:
    return pa.table(
        {
            "key": pa.array(keys, pa.string()),
            "_fault": pa.array(faults or [None] * len(keys), pa.string()),
        }
    )


def test_blanks_have_the_key_above_them_over_the_border_of_tables() -> None:
    fill = FillDown("key")
    assert fill(table(["", None, "a", "", " "])).column("key").to_pylist() == [
        None,
        None,
        "a",
        "a",
        "a",
    ]
    assert fill(table(["", "b", None])).column("key").to_pylist() == ["a", "b", "b"]
    assert fill(table([])).column("key").to_pylist() == []
    assert fill(table([""])).column("key").to_pylist() == ["b"]


def test_a_broken_record_has_no_key_and_does_not_end_the_article() -> None:
    fill = FillDown("key")
    made = fill(table(["a", None, ""], [None, "malformed_row", None]))
    assert made.column("key").to_pylist() == ["a", None, "a"]


def test_a_feed_without_the_column_stays_as_it_is() -> None:
    one = table(["a", ""])
    assert FillDown("other")(one) is one
