"""The product table in Iceberg: commits that happen exactly once, and differences between snapshots.

Its columns and key are those of the record that it is opened with (`mallfeed.product.record`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from datetime import datetime
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product import holding
from mallfeed.product.record import EXPIRED, SLICE, SUPPLEMENTED, Columns, Record, said_column
from mallfeed.product.silence import CONTAINED_AT, Silence
from mallfeed.product.supplement import MEMORY, partition_of, supplement_in
from mallfeed.table.commits import commit_properties, with_retries
from mallfeed.table.digest import Digest, Hashes
from mallfeed.table.fold_columns import TOUCHED
from mallfeed.table.port import TABLE_ONLY, Changes, Commit, Staged
from mallfeed.table.scan import partition_of_task, planned
from mallfeed.table.schema import ensure_tables, foreign_columns, table_name
from mallfeed.table.shared_frame import frames_of
from mallfeed.table.snapshots import FEEDS_PROPERTY, Snapshots, feeds_property

_DISTRIBUTION = "spark.sql.iceberg.distribution-mode"


class IcebergProductTable:
    """`mallfeed.table.port.ProductTable` over `lake.<database>.products`."""

    def __init__(self, spark: SparkSession, database: str, record: Record) -> None:
        self._spark = spark
        self.record = record
        self.name = table_name(database, record.table)
        self._carried = record.change_columns
        ensure_tables(spark, database, record)
        self.snapshots = Snapshots(spark, self.name)
        self._contents: tuple[Commit, DataFrame] | None = None
        self._for_sinks: dict[tuple[int, bool], tuple[DataFrame, DataFrame]] = {}

    def head(self) -> Commit | None:
        """The current snapshot; None while the table has none."""
        return self.snapshots.head()

    def find(self, feed_id: str) -> Commit | None:
        """The snapshot whose summary names this feed, among the ancestors of the current one; None if none does."""
        for snapshot in self.snapshots.ancestors():
            if feed_id in snapshot.feeds.values():
                return snapshot.commit
        return None

    def commits(self, mall_id: str, since: Commit, until: Commit) -> list[Commit]:
        """Snapshots after `since` up to `until` that carry a feed of this mall, oldest first."""
        between = self.snapshots.between(since, until)
        return [snapshot.commit for snapshot in between if mall_id in snapshot.feeds]

    def ids(self, *mall_ids: str) -> DataFrame:
        """The malls' products now; columns mall_id, product_id, content_hash and `Record.fold_columns`; key: the
        first two."""
        beside = [name for name, _ in self.record.fold_columns]
        return self._at(None, *mall_ids).select(*self.record.key, "content_hash", *beside)

    def products(
        self, *mall_ids: str, touched: DataFrame | None = None, broadcast: bool = True
    ) -> DataFrame:
        """The malls' products now; columns: those of the record; key: its key.

        With `touched` (columns: the record's key) also the boolean column TOUCHED: whether a product is among them.
        `broadcast`: their keys fit into the memory of every executor.
        """
        whole = self._at(None, *mall_ids).select(*(name for name, _ in self.record.columns))
        if touched is None:
            return whole
        marked = touched.distinct().withColumn(TOUCHED, F.lit(True))
        marked = F.broadcast(marked) if broadcast else marked
        joined = whole.join(marked, list(self.record.key), "left")
        return joined.withColumn(TOUCHED, F.coalesce(TOUCHED, F.lit(False)))

    def size(self, *mall_ids: str, up_to: int) -> int:
        """An upper bound for the number of the malls' products: the rows of their files, deleted ones included.

        Stops counting at the first file that takes it above `up_to`. The numbers come from Iceberg's scan
        plan: a Spark job would take a second more in a new session.
        """
        scan = self.snapshots.java_table().newScan()
        rows = 0
        with closing(planned(self._spark, scan, equal=mall_ids)) as files:
            for task in files:
                rows += task.file().recordCount()
                if rows > up_to:
                    break
        return rows

    def commit(self, staged: Sequence[Staged]) -> Commit:
        """Apply the change sets in one snapshot that names their feeds (see the port)."""
        feeds = {feed.mall_id: feed.feed_id for feed in staged}
        changing = [feed for feed in staged if feed.counts.written]
        first = next(iter(feeds.values()))
        return with_retries(
            attempt=lambda: self._write(feeds, changing), landed=lambda: self.find(first)
        )

    def changes(self, mall_id: str, since: Commit, until: Commit) -> Changes:
        """The difference between two snapshots of a mall by content_hash (see the port)."""
        self.snapshots.between(since, until)  # raises SnapshotGone
        self.snapshots.require(since.snapshot_id)  # so does this: its rows are going to be read
        old = self._shown(since, mall_id).select(
            self.record.id, F.col("content_hash").alias("_old")
        )
        new = self._shown(until, mall_id).select(*self._carried)
        joined = new.withColumn("op", F.lit("U")).join(old, self.record.id, "full_outer")
        differing = joined.where(~F.col("content_hash").eqNullSafe(F.col("_old")))
        frame = differing.withColumn("op", F.coalesce("op", F.lit("D"))).withColumn(
            "mall_id", F.lit(mall_id)
        )
        return Changes(mall_id, "difference", frame.select("op", *self._carried), until)

    def nothing(self, mall_id: str, until: Commit) -> Changes:
        """The empty difference, which only moves the sink's cursor."""
        empty = self._at(until, mall_id).select(F.lit("U").alias("op"), *self._carried).limit(0)
        return Changes(mall_id, "difference", empty, until, 0)

    def served(self, staged: Staged, first: bool = False) -> DataFrame:
        """A change set as sinks apply it: what only stays in the table is deleted or, among a mall's first products,
        left out."""
        changes: DataFrame = staged.changes
        if staged.partitions:  # rows of supplements are the table's only
            changes = changes.where(F.col("mall_id") == staged.mall_id)
        frame = _served(changes.where(F.col("op") == "U"))
        if not first:
            is_shown = F.col(EXPIRED).isNull()
            told = changes.where(F.col("op") != TABLE_ONLY)
            frame = told.withColumn("op", F.when(is_shown, F.col("op")).otherwise("D"))
        # Shared frames are known by their identity (`mallfeed.table.shared_frame`).
        key = (id(staged.changes), first)
        return self._for_sinks.setdefault(key, (staged.changes, frame))[1]

    def contents(self, mall_id: str, at: Commit) -> Changes:
        """All the mall's products at a snapshot."""
        if self._contents is None or self._contents[0] != at:
            frame = _served(self._snapshot(at)).select(F.lit("U").alias("op"), *self._carried)
            self._contents = (at, frame)
        return Changes(mall_id, "contents", self._contents[1], at, shared=True)

    def malls(self) -> set[str]:
        """The ids of all malls that have products now."""
        found = self._spark.sql(f"SELECT DISTINCT partition.mall_id FROM {self.name}.files")
        partitions = (str(row[0]) for row in found.collect())
        return {one for one in partitions if supplement_in(one) is None}

    def supplements(self, *mall_ids: str, at: int | None = None) -> dict[str, tuple[str, ...]]:
        """Mall → the names of its supplements that have rows, now or in the snapshot `at`, sorted; malls that have none
        are missing.

        From Iceberg's scan plan, as in `size`; so one whose rows are all deleted counts until its files are rewritten.
        """
        found = self._beside(mall_ids, at)
        named = {mall: tuple(sorted(names - {MEMORY})) for mall, names in found.items()}
        return {mall: names for mall, names in named.items() if names}

    def _beside(self, mall_ids: Sequence[str], at: int | None) -> dict[str, set[str]]:
        """Mall → what stands beside its products: its supplements, and what is remembered of stamps."""
        found: dict[str, set[str]] = {}
        for partition in self._partitions(mall_ids, at):
            if (of := supplement_in(partition)) is not None:
                found.setdefault(of[0], set()).add(of[1])
        return found

    def partitions_beside(self, mall_id: str, at: int) -> tuple[str, ...]:
        """Those of the mall's supplements and stamps that have rows now or in the snapshot `at`, sorted."""
        found = (self._beside((mall_id,), one).get(mall_id, set()) for one in (None, at))
        return tuple(sorted({partition_of(mall_id, name) for names in found for name in names}))

    def _partitions(self, mall_ids: Sequence[str], at: int | None) -> set[str]:
        """The partitions of these malls' supplements."""
        scan = self.snapshots.java_table().newScan()
        scan = scan if at is None else scan.useSnapshot(at)
        beginning = [partition_of(one, "") for one in mall_ids]
        return {partition_of_task(one) for one in planned(self._spark, scan, beginning=beginning)}

    def supplement(self, mall_id: str, name: str) -> DataFrame:
        """What a supplement of the mall says now; columns: those of the record, of which `mall_id` is the mall's;
        key: product_id. What it does not say is null."""
        rows = self._at(None, partition_of(mall_id, name))
        return rows.withColumn("mall_id", F.lit(mall_id))

    def memory(self, mall_id: str) -> DataFrame:
        """What is remembered of the stamps of the mall's products (`mallfeed.table.stamps`); columns: those of the
        record; key: product_id."""
        return self.supplement(mall_id, MEMORY)

    def slices(self, mall_id: str, at: Commit) -> dict[str | None, int]:
        """Slice → number of the mall's products in it at a snapshot, and of the rows of each supplement; None: those that
        the table holds without one."""
        names = self.supplements(mall_id, at=at.snapshot_id).get(mall_id, ())
        partitions = (partition_of(mall_id, name) for name in names)
        rows = self._at(at, mall_id, *partitions).groupBy(SLICE).count().collect()
        return {row[SLICE]: int(row["count"]) for row in rows}

    def digest(self, mall_id: str, at: Commit) -> Digest:
        """The mall's digest at a snapshot (see `mallfeed.table.digest`)."""
        number = F.conv(F.substring("content_hash", 3, 8), 16, 10).cast("decimal(20,0)")
        rows = (
            self._shown(at, mall_id)
            .groupBy(F.substring("content_hash", 1, 2).alias("bucket"))
            .agg(F.count("*").alias("products"), F.sum(number).alias("total"))
            .collect()
        )
        return {row["bucket"]: (row["products"], int(row["total"])) for row in rows}

    def hashes(self, mall_id: str, at: Commit, buckets: Collection[str]) -> Hashes:
        """Product id → content_hash, for the mall's products in these buckets."""
        chosen = self._shown(at, mall_id).where(F.substring("content_hash", 1, 2).isin(*buckets))
        return dict(chosen.select(self.record.id, "content_hash").collect())

    def mending(self, mall_id: str, at: Commit, product_ids: Collection[str]) -> Changes:
        """The difference that repairs these products: written as in the snapshot, or deleted if it lacks them."""
        listed = self._spark.createDataFrame(
            [(one,) for one in product_ids], f"{self.record.id} string"
        )
        present = self._shown(at, mall_id).select(F.lit("U").alias("op"), *self._carried)
        frame = listed.join(present, self.record.id, "left").withColumns(
            {"op": F.coalesce("op", F.lit("D")), "mall_id": F.lit(mall_id)}
        )
        frame = frame.select("op", *self._carried)
        return Changes(mall_id, "difference", frame, at, len(product_ids))

    def restoring(self, mall_id: str, snapshot_id: int) -> DataFrame:
        """The change set that takes the mall back to a snapshot.

        Columns: op and those of the table; key: product_id.

        Raises SnapshotGone if the snapshot has expired.
        """
        self.snapshots.require(snapshot_id)
        columns = [name for name, _ in self.record.columns]
        then = self._read(snapshot_id).where(F.col("mall_id") == mall_id).select(*columns)
        compared = ("content_hash", SLICE, SUPPLEMENTED, *map(said_column, self.record.said))
        now = self.ids(mall_id).select(
            self.record.id, *(F.col(name).alias(f"_now_{name}") for name in compared)
        )
        joined = then.withColumn("op", F.lit("U")).join(now, self.record.id, "full_outer")
        same = [F.col(name).eqNullSafe(F.col(f"_now_{name}")) for name in compared]
        differing = joined.where(~reduce(lambda one, other: one & other, same))
        frame = differing.withColumn("op", F.coalesce("op", F.lit("D")))
        return frame.withColumn("mall_id", F.lit(mall_id)).select("op", *columns)

    def emptying(self, mall_id: str, slice_name: str | None, unnamed: str | None) -> DataFrame:
        """The change set that deletes the products of a slice; columns: op and those of the table; key: product_id.

        `unnamed` is the slice of products that the table holds without one.
        """
        own = F.coalesce(F.col(SLICE), F.lit(unnamed).cast("string")).eqNullSafe(
            F.lit(slice_name).cast("string")
        )
        columns = [name for name, _ in self.record.columns]
        return self._at(None, mall_id).where(own).select(F.lit("D").alias("op"), *columns)

    def next_moment(
        self, mall_id: str, after: datetime, silence: Silence | None = None
    ) -> datetime | None:
        """The first moment at which something else begins to hold of one of the mall's products now, and that is
        behind both `after` and the moment at which the product was judged; None if there is none. For what becomes of
        products by `silence` it is not asked when they were judged: a full feed judges by itself only."""
        ahead = holding.next_moment(f"greatest({holding.at(after)}, loaded_at)")
        if silence is not None:
            last = silence.last(CONTAINED_AT, SLICE, "loaded_at")
            ahead = f"least({ahead}, {silence.next_moment(last, after)})"
        found = self._at(None, mall_id).agg(F.min(F.expr(ahead))).collect()[0][0]
        return holding.of_micros(found)

    def touch(self) -> Commit:
        """Commit a snapshot that changes nothing, to get a higher sequence number. Returns it."""
        self.snapshots.java_table().newAppend().commit()
        head = self.head()
        assert head is not None
        return head

    def _at(self, commit: Commit | None, *mall_ids: str) -> DataFrame:
        return self._snapshot(commit).where(F.col("mall_id").isin(*mall_ids))

    def _shown(self, commit: Commit, mall_id: str) -> DataFrame:
        """The products that sinks have at a snapshot."""
        return _served(self._at(commit, mall_id))

    def _snapshot(self, commit: Commit | None) -> DataFrame:
        return self._read(None if commit is None else commit.snapshot_id)

    def _read(self, snapshot_id: int | None) -> DataFrame:
        """The record's columns. Columns that were added after the snapshot are null."""
        reader = self._spark.read.format("iceberg")
        if snapshot_id is not None:
            reader = reader.option("snapshot-id", str(snapshot_id))
        frame = reader.load(self.name)
        missing = [one for one in self.record.columns if one[0] not in frame.columns]
        return frame.withColumns({name: F.lit(None).cast(kind) for name, kind in missing})

    def _write(self, feeds: dict[str, str], changing: Sequence[Staged]) -> None:
        # Malls are partitions: a task with rows of many malls would write a file for each of them.
        self._spark.conf.set(_DISTRIBUTION, "hash" if len(changing) > 1 else "none")
        if not changing:
            self._touch(feeds)
        elif all(_only_new(feed) for feed in changing):
            self._append(feeds, changing)
        else:
            self._merge(feeds, changing)

    def _touch(self, feeds: dict[str, str]) -> None:
        append: Any = self.snapshots.java_table().newAppend()
        append.set(FEEDS_PROPERTY, feeds_property(feeds)).commit()

    def _append(self, feeds: dict[str, str], changing: Sequence[Staged]) -> None:
        rows = _union(changing).where(F.col("op") == "U")
        columns = [F.col(name).cast(kind).alias(name) for name, kind in self.record.columns]
        columns += [F.lit(None).cast(kind).alias(name) for name, kind in self._foreign()]
        writer = rows.select(*columns).writeTo(self.name)
        writer.option(f"snapshot-property.{FEEDS_PROPERTY}", feeds_property(feeds)).append()

    def _merge(self, feeds: dict[str, str], changing: Sequence[Staged]) -> None:
        # ON names the malls as literals. Otherwise commits of different malls would conflict
        # (apache/iceberg #13091), and every partition would be read.
        partitions = (one for feed in changing for one in (feed.mall_id, *feed.partitions))
        malls = ", ".join(f"'{one}'" for one in partitions)
        row = {name: f"s.`{name}`" for name, _ in self.record.columns}
        row |= {name: f"CAST(NULL AS {kind})" for name, kind in self._foreign()}
        sets = ", ".join(f"t.`{name}` = {value}" for name, value in row.items())
        names = ", ".join(f"`{name}`" for name in row)
        values = ", ".join(row.values())
        same = " AND ".join(f"t.`{name}` = s.`{name}`" for name in self.record.key)
        view = "mallfeed_staged_changes"
        _union(changing).createOrReplaceTempView(view)
        statement = (
            f"MERGE INTO {self.name} t USING {view} s "
            f"ON t.mall_id IN ({malls}) AND {same} "
            "WHEN MATCHED AND s.op = 'D' THEN DELETE "
            f"WHEN MATCHED THEN UPDATE SET {sets} "
            f"WHEN NOT MATCHED AND s.op = 'U' THEN INSERT ({names}) VALUES ({values})"
        )
        run: Callable[[], Any] = lambda: self._spark.sql(statement)  # noqa: E731
        commit_properties(self._spark, {FEEDS_PROPERTY: feeds_property(feeds)}, run)

    def _foreign(self) -> Columns:
        """Columns that a later release has added. Rows written by this release are null there: their
        content_hash does not cover these columns, so an old value in them would never be replaced."""
        return foreign_columns(self._spark, self.name, self.record.columns)


def _served(products: DataFrame) -> DataFrame:
    return products.where(F.col(EXPIRED).isNull())


def _only_new(feed: Staged) -> bool:
    return not feed.partitions and feed.counts.products_before + feed.counts.elsewhere == 0


def _union(feeds: Sequence[Staged]) -> DataFrame:
    frames: list[DataFrame] = frames_of(feeds)
    return reduce(lambda one, other: one.unionByName(other), frames)
