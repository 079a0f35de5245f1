"""Rows that have stamps, against a plain fold that takes them in the order of these; each product is a case of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.holding import at
from mallfeed.product.record import PRODUCT, SAID_AT
from mallfeed.table import compare as cmp
from mallfeed.table import counting
from mallfeed.table.fold_columns import AT, NAMED, WHOLE
from mallfeed.table.outcomes import MEMORY, Mode
from mallfeed.table.place import Place
from mallfeed.table.stamps import Stamped
from tests.table.folded_rows import (
    JUDGE,
    Product,
    Said,
    checked,
    empty,
    judged,
    known,
    shown,
    some_row,
    whole,
)

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def minute(number: int) -> datetime:
    """A stamp."""
    return NOON + timedelta(minutes=number)


@dataclass(frozen=True)
class Feed:
    """A feed of many products: per product its rows, each with the minute of its stamp."""

    order: str
    mode: Mode
    rows: dict[str, list[tuple[int, Said]]] = field(default_factory=dict)
    by_person: bool = False


def in_order_of_stamps(key: str, feeds: Sequence[Feed]) -> Product | None:
    """All rows of a product in the order of their stamps, those of one stamp in that of the uploads. A full feed that has
    the product makes it anew; one that lacks it takes all away that was uploaded before, and so does one that a person
    asked for."""
    taken: list[tuple[int, int, int, str | None, Said]] = []
    for upload, feed in enumerate(feeds):
        own = feed.rows.get(key, [])
        if feed.mode == "full" and (feed.by_person or all(one.refused for _, one in own)):
            taken = []
        since = None if feed.mode == "full" else feed.order
        taken += [(stamp, upload, place, since, one) for place, (stamp, one) in enumerate(own)]
    state: Product | None = None
    for _, _, _, since, one in sorted(taken, key=lambda row: row[:3]):
        if one.refused:
            continue
        if one.op == "D" or one.rule is not None:
            state = None
        elif since is None:
            state = {"since": None, "slice": None, "slice_moves": [], **one.values}
        elif state is not None:
            state = {**state, **one.values}
        elif one.whole:
            state = {"since": since, "slice": None, "slice_moves": [], **one.values}
    return state


def without_since(state: Product | None) -> Product:
    assert state is not None
    return {name: value for name, value in state.items() if name != "since"}


class Shop:
    """Table and memory, into which feeds are folded one after the other."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        self.table = empty(spark)
        self.memory = empty(spark)

    def take(self, feed: Feed) -> DataFrame:
        rows = {key: [one for _, one in said] for key, said in feed.rows.items()}
        frame = checked(self.spark, rows)
        stamps = [
            (1000 * n + i, minute(stamp))
            for n, said in enumerate(feed.rows.values())
            for i, (stamp, _) in enumerate(said)
        ]
        frame = frame.join(self.spark.createDataFrame(stamps, f"_pos long, {AT} timestamp"), "_pos")
        frame = frame.drop(NAMED, WHOLE) if feed.mode == "full" else frame
        touched = [key for key, said in feed.rows.items() if said]
        held, memory = self.table, self.memory
        if feed.mode == "delta":
            held = known(held, touched)
            memory = memory.where(F.col("product_id").isin(*touched))
        folding = Stamped(
            PRODUCT, feed.mode, "vanish", "last", Place(f"'{feed.order}'"), JUDGE,
            memory=memory, age=at(minute(0)), by_person=feed.by_person,
        )  # fmt: skip
        compared = folding.compared(frame, held).localCheckpoint()
        self._remember(compared)
        self._apply(compared, feed)
        return compared

    def _remember(self, compared: DataFrame) -> None:
        told = compared.where(F.col(MEMORY).isNotNull())
        waiting = f"{MEMORY}.waiting"
        key = ["mall_id", "product_id"]
        told = told.select(*key, f"{MEMORY}.op", f"{MEMORY}.{SAID_AT}", f"{waiting}.*")
        rest = self.memory.join(told, key, "left_anti")
        said = told.where("op = 'U'").drop("op")
        self.memory = rest.unionByName(said, allowMissingColumns=True).localCheckpoint()

    def _apply(self, compared: DataFrame, feed: Feed) -> None:
        lineage = {"feed_id": F.lit(feed.order), "catalog_version": F.lit(1), "row": F.lit("1")}
        lineage["loaded_at"] = F.current_timestamp()
        changes = cmp.changes_of(compared, PRODUCT).drop("row").withColumns(lineage)
        rest = self.table.join(changes, ["mall_id", "product_id"], "left_anti")
        made = changes.where("op = 'U'").drop("op")
        self.table = rest.unionByName(made).localCheckpoint()

    def products(self) -> dict[str, Product]:
        """Without since when they are there, which matters in malls without stamps only."""
        return {row["product_id"]: without_since(shown(row)) for row in self.table.collect()}


def some_feed(chance: Random, order: str, mode: Mode, keys: Sequence[str]) -> Feed:
    rows: dict[str, list[tuple[int, Said]]] = {}
    for key in keys:
        own = [some_row(chance) for _ in range(chance.choice([0, 1, 1, 2]))]
        if mode == "full":
            own = [replace(one, refused=False) for one in own[:1] if one.whole and not one.rule]
            own = own or ([whole()] if chance.random() < 0.6 else [])
        rows[key] = [(chance.randrange(1, 9), one) for one in own]
    return Feed(order, mode, rows)


@pytest.mark.timeout(1200)
def test_feeds_come_out_as_if_all_rows_were_taken_in_the_order_of_their_stamps(
    spark: SparkSession,
) -> None:
    chance = Random(20261130)
    keys = [f"p{number:03}" for number in range(300)]
    feeds = [
        some_feed(chance, f"o{number}", mode, keys)  # type: ignore[arg-type]
        for number, mode in enumerate(("delta", "full", "delta", "full"))
    ]
    shop = Shop(spark)
    for number, feed in enumerate(feeds):
        compared = shop.take(feed)
        found = shop.products()
        told = feeds[: number + 1]
        wanted = {
            key: without_since(judged(one))
            for key in keys
            if (one := in_order_of_stamps(key, told)) is not None
        }
        wrong = [
            (
                number,
                key,
                [one.rows[key] for one in feeds[: number + 1]],
                found.get(key),
                wanted.get(key),
            )
            for key in keys
            if found.get(key) != wanted.get(key)
        ]
        assert not wrong, f"{len(wrong)}\n" + "\n".join(
            map(str, min(wrong, key=lambda one: len(str(one))))
        )
        counts = compared.agg(*counting.counted()).first().asDict()
        read = ("accepted", "deletes", "rejected", "duplicates", "dropped")
        assert sum(counts[name] for name in read) == sum(map(len, feed.rows.values()))
