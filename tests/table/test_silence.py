"""Products that no feed has contained for a while: out of stock, then off the shop, and back with the next feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from mallfeed.catalog.read import read_catalog
from mallfeed.kinds.sql.pieces import Sql, text
from mallfeed.ledger.identity import order_time
from mallfeed.normalise.judge import judge
from mallfeed.product.holding import at, of_micros
from mallfeed.product.record import PRODUCT
from mallfeed.product.silence import Silence
from mallfeed.table import compare as cmp
from mallfeed.table import counting
from mallfeed.table.fold import Folding
from mallfeed.table.outcomes import OUTCOME
from mallfeed.table.place import Place
from mallfeed.table.port import TABLE_ONLY
from tests.table.test_due import Mall
from tests.table.test_holding import HEAD, MOMENT, NEW, _table, normalised, prices, whole

pytestmark = pytest.mark.spark

MAPPED = f"{NEW}\n  availability: {{from: stock, optional: true}}"
CATALOG = read_catalog(
    HEAD.format(version=2, fields=MAPPED) + "silence: {out_of_stock: 14, vanished: 30}\n", "v2.yaml"
)
DAY = timedelta(days=1)
SILENCE = Silence(14 * DAY, 30 * DAY, {None: MOMENT})


def test_when_a_product_was_last_contained_and_what_follows(spark: SparkSession) -> None:
    """All in one query, beside the same rules in Python."""
    fulls = {"a": MOMENT, "b": MOMENT + 9 * DAY}
    of_two = Silence(14 * DAY, 30 * DAY, fulls, "a")
    cases: dict[str, tuple[Sql, Any]] = {
        "own": (of_two.last("null", text("b")), MOMENT + 9 * DAY),
        "unnamed": (of_two.last("null", "null"), MOMENT),
        "other": (of_two.last("null", text("c")), None),
        "delta_newer": (of_two.last(at(MOMENT + DAY), text("a")), MOMENT + DAY),
        "full_newer": (of_two.last(at(MOMENT + DAY), text("b")), MOMENT + 9 * DAY),
        "whole": (SILENCE.last("null", text("b")), MOMENT),
        "no_slice": (Silence(DAY, None, fulls).last("null", "null"), MOMENT + 9 * DAY),
        "undone": (
            Silence(DAY, None, {**fulls, None: MOMENT + 2 * DAY}).last("null", text("a")),
            MOMENT + 2 * DAY,
        ),
        "unknown": (Silence(DAY).last("null", "null", at(MOMENT)), MOMENT),
        "rounded": (SILENCE.rounded(at(MOMENT + timedelta(seconds=1))), MOMENT + DAY),
        "rounded_already": (SILENCE.rounded(at(MOMENT)), MOMENT),
        "tenth": (
            Silence(None, DAY).rounded(at(MOMENT + timedelta(hours=1))),
            MOMENT + timedelta(hours=2.4),
        ),
        "not_yet": (SILENCE.is_out_of_stock(at(MOMENT), MOMENT + 14 * DAY - DAY / 86400), False),
        "out": (SILENCE.is_out_of_stock(at(MOMENT), MOMENT + 14 * DAY), True),
        "never": (Silence(None, DAY).is_out_of_stock(at(MOMENT), MOMENT + 99 * DAY), False),
        "there": (SILENCE.has_vanished(at(MOMENT), MOMENT + 29 * DAY), False),
        "gone": (SILENCE.has_vanished(at(MOMENT), MOMENT + 30 * DAY), True),
        "nothing_known": (SILENCE.has_vanished("cast(null as timestamp)", MOMENT), False),
    }
    ahead = {
        "first": (SILENCE.next_moment(at(MOMENT), MOMENT), MOMENT + 14 * DAY),
        "second": (SILENCE.next_moment(at(MOMENT), MOMENT + 14 * DAY), MOMENT + 30 * DAY),
        "none": (SILENCE.next_moment(at(MOMENT), MOMENT + 30 * DAY), None),
        "only_one": (Silence(None, DAY).next_moment(at(MOMENT), MOMENT), MOMENT + DAY),
    }
    listed = [f"{sql} as {name}" for name, (sql, _) in (cases | ahead).items()]
    (row,) = spark.range(1).selectExpr(*listed).collect()

    def told(value: Any) -> Any:
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value

    assert {name: told(row[name]) for name in cases} == {
        name: one for name, (_, one) in cases.items()
    }
    assert {name: of_micros(row[name]) for name in ahead} == {
        n: one for n, (_, one) in ahead.items()
    }


def test_silence_moves_what_no_feed_contains_and_the_next_feed_brings_it_back(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [
        whole("sold", stock="in stock"), whole("untold"), whole("out", stock="out of stock"),
        whole("ended", stock="discontinued"), whole("sale", sale=800, stock="preorder"),
    ]  # fmt: skip
    mall = Mall(spark, tmp_path_factory.mktemp("silence"), CATALOG, SILENCE)
    loaded, _ = mall.load(rows, MOMENT)
    assert mall.table.next_moment("mall_m", MOMENT, SILENCE) == MOMENT + 14 * DAY
    # The run is so late that they have vanished by now: each moment is told by itself all the same.
    silent, moved = mall.turn(MOMENT + 14 * DAY, MOMENT + 40 * DAY)
    assert {one: (row["availability"], row["availability_said"]) for one, row in moved.items()} == {
        "sold": ("out_of_stock", "in_stock"),
        "untold": ("out_of_stock", ""),
        "sale": ("out_of_stock", "preorder"),
    }
    assert {row["_goes"] for row in moved.values()} == {"out_of_stock"}
    assert prices(moved["sale"]) == [800, 1000, 1000, 800]
    told = mall.table.changes("mall_m", loaded, silent).frame.collect()
    assert {(row["op"], row["product_id"], row["availability"]) for row in told} == {
        ("U", one, "out_of_stock") for one in moved
    }
    assert mall.table.next_moment("mall_m", MOMENT + 14 * DAY, SILENCE) == MOMENT + 30 * DAY
    gone, moved = mall.turn(MOMENT + 30 * DAY)
    assert {row["_goes"] for row in moved.values()} == {"vanished"}
    assert (len(moved), mall.shown(gone)) == (5, {})
    assert mall.table.next_moment("mall_m", MOMENT + 30 * DAY, SILENCE) is None
    back, outcomes = mall.load(rows, MOMENT + 31 * DAY)
    assert outcomes == {"changed": 5, "stays": 5}
    assert mall.shown(back)["sale"] == [800, 1000, 1000, 800]
    known = {row["product_id"]: row for row in mall.table.products("mall_m").collect()}
    assert {one: (row["availability"], row["availability_said"]) for one, row in known.items()} == {
        "sold": ("in_stock", None), "untold": (None, None), "out": ("out_of_stock", None),
        "ended": ("discontinued", None), "sale": ("preorder", None),
    }  # fmt: skip


HELD = {
    # Product → when a delta contained it last, in days before; whether silence has changed it.
    "fresh": (0, False), "older": (2, False), "named": (2, False), "silent": (20, True), "same": (20, True),
    "gone": (40, True), "left": (20, True), "refused": (2, False),
}  # fmt: skip


def folded(
    spark: SparkSession, scratch: Path, changes: list[dict[str, Any]], uploaded: datetime
) -> tuple[dict[str, Row], DataFrame]:
    """Product id → what rows of a delta make of it, which was uploaded then and is loaded at MOMENT; the change set."""
    full = [whole(one, stock="in stock") for one in HELD]
    table = _table(spark, CATALOG, full, scratch, MOMENT - 40 * DAY)
    days = ", ".join(f"'{one}', {days}" for one, (days, _) in HELD.items())
    silent = ", ".join(f"'{one}'" for one, (_, is_silent) in HELD.items() if is_silent)
    own = {
        "contained_at": f"timestamp_micros(unix_micros({at(MOMENT)}) - map({days})[product_id] * 86400000000)",
        "availability": f"if(product_id in ({silent}), 'out_of_stock', availability)",
        "availability_said": f"if(product_id in ({silent}), 'in_stock', null)",
        "expired": "if(product_id = 'gone', true, null)",
        "content_hash": f"if(product_id in ({silent}), 'of what is silent', content_hash)",
    }
    table = table.selectExpr(*(f"{own.get(n, n)} as `{n}`" for n, _ in PRODUCT.columns))
    silence = Silence(14 * DAY, 30 * DAY, {None: MOMENT - 40 * DAY})
    place = Place(text(f"{order_time(uploaded)}!feeds/c.jsonl!00000000!mall_m-1"))
    judged = judge(PRODUCT, CATALOG, "changes", MOMENT, silence=silence)
    folding = Folding(PRODUCT, "delta", "vanish", "last", place, judged, silence=silence)
    rows = normalised(spark, CATALOG, "changes", changes, scratch / "now", MOMENT)
    found = folding.compared(rows, table).localCheckpoint()
    told = {row["product_id"]: row for row in found.where("_pos is not null").collect()}
    return told, cmp.changes_of(found, PRODUCT)


def test_a_row_of_a_delta_contains_its_product(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scratch = tmp_path_factory.mktemp("contained")
    changes = [
        {"id": "fresh", "title": "T"}, {"id": "older", "title": "T"}, {"id": "named", "price": 2000},
        {"id": "silent", "price": 2000}, {"id": "same", "title": "T"}, {"id": "gone", "price": 2000},
        {"id": "refused", "price": "?"}, {"id": "new", **whole("new")},
    ]  # fmt: skip
    told, made = folded(spark, scratch, changes, MOMENT - timedelta(hours=1))
    assert {one: (row[OUTCOME], row["_refreshed"]) for one, row in told.items()} == {
        "fresh": ("same", False), "older": ("same", True), "named": ("changed", False),
        "silent": ("changed", False), "same": ("changed", False), "gone": ("changed", False),
        "refused": ("rejected", False), "new": ("changed", False),
    }  # fmt: skip
    assert {row["product_id"]: row["op"] for row in made.collect()} == {
        "older": TABLE_ONLY, "named": "U", "silent": "U", "same": "U", "gone": "U", "new": "U",
    }  # fmt: skip
    for one in ("older", "named", "silent", "same", "gone", "new"):
        assert told[one]["contained_at"].replace(tzinfo=UTC) == MOMENT, one
    for one in ("silent", "same", "gone"):
        row = told[one]
        assert (row["availability"], row["availability_said"], row["expired"]) == (
            "in_stock",
            None,
            None,
        )
    assert prices(told["silent"]) == [2000, None, None, None]
    (counted,) = (
        made.sparkSession.createDataFrame(
            [(row["_refreshed"],) for row in told.values()], "_refreshed boolean"
        )
        .transform(lambda frame: frame.agg(*counting.refreshed(frame)))
        .collect()
    )
    assert counted["refreshed"] == 1


def test_a_late_row_leaves_out_of_stock_what_has_been_silent_since(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> None:
    changes = [{"id": "left", "price": 2000}, {"id": "named", "price": 2000}]
    told, _ = folded(spark, tmp_path_factory.mktemp("late"), changes, MOMENT - 25 * DAY)
    left, named = told["left"], told["named"]
    assert (left["availability"], left["availability_said"]) == ("out_of_stock", "in_stock")
    assert (named["availability"], named["availability_said"]) == ("in_stock", None)
    assert [prices(row)[0] for row in (left, named)] == [2000, 2000]
    assert left["contained_at"].replace(tzinfo=UTC) == MOMENT - 20 * DAY
