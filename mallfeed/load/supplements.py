"""Staging a supplement: what it says stands beside the mall's products, and lies over what primary feeds say of them.

First its rows are folded into what it said before, as rows of a delta are folded into products; then the products of
which it says something else now are judged again. Both are one change set, so that one commit takes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.model import Catalog
from mallfeed.kinds.sql.pieces import Sql, case, column, text
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.judged_again import by_version, first_feed, judged_over, said_of
from mallfeed.load.outcome import changes, note
from mallfeed.load.staging import Staging, changes_name
from mallfeed.normalise.content_hash import content_hash
from mallfeed.normalise.judge import judge
from mallfeed.product.holding import next_moment, of_micros
from mallfeed.product.record import EXPIRED, SUPPLEMENTED, Record, said_column
from mallfeed.product.silence import CONTAINED_AT, Silence
from mallfeed.product.supplement import partition_of
from mallfeed.table.counts import Counts
from mallfeed.table.fold import Folding, Judge
from mallfeed.table.fold_columns import (
    CONTAINED,
    LOST,
    MORE,
    NAMED,
    attribute_name,
    faults,
    folded,
    judged,
)
from mallfeed.table.fold_rows import Later, extended
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.outcomes import (
    CHANGED,
    OUTCOME,
    REFOLDED,
    TAKEN_DOWN,
    VANISHED,
    VANISHED_BY_REJECT,
)
from mallfeed.table.overlay import Overlay, given_fields
from mallfeed.table.place import Place
from mallfeed.table.port import Staged

_OTHERWISE = (CHANGED, VANISHED, VANISHED_BY_REJECT, TAKEN_DOWN, REFOLDED)
"""Outcomes of products of which the supplement says something else than before."""


@dataclass(frozen=True)
class Supplements:
    """The supplements of one mall, as a run finds them.

    `catalogs` are version → catalog of the mall, first the feed's own; `now` is when the feed is staged; `silence` is the
    mall's rule for products that no feed has contained for a while, among which a supplement is none.
    """

    spark: SparkSession
    table: IcebergProductTable
    lake_bucket: str
    catalogs: Mapping[int, Catalog]
    now: datetime
    silence: Silence | None = None

    def rows(self, mall_id: str, of: DataFrame | None = None) -> list[DataFrame]:
        """What each supplement of the mall says, the one that goes over all others first; of the products in `of` only
        (columns: the record's key), where it is given."""
        names = self.table.supplements(mall_id).get(mall_id, ())
        return [self._of(mall_id, name, of) for name in in_order(names, self.catalogs)]

    def _of(self, mall_id: str, name: str, of: DataFrame | None) -> DataFrame:
        rows = self.table.supplement(mall_id, name)
        return rows if of is None else rows.join(of, list(self.table.record.key), "left_semi")

    def folded(
        self,
        feed: FeedRecord,
        name: str,
        spec: FeedSpec,
        checked: DataFrame,
        place: Place,
        later: Sequence[Later],
    ) -> DataFrame:
        """The supplement's rows, folded into what it said before; as `mallfeed.table.compare.compare`."""
        record = self.table.record
        folding = Folding(
            record,
            spec.mode,
            spec.on_reject,
            spec.duplicates,
            place,
            _as_said(record),
            later,
        )
        before = self.table.supplement(feed.mall_id, name)
        return folding.compared(_named_only(checked, record), before)

    def staged(
        self,
        feed: FeedRecord,
        name: str,
        outcome: DataFrame,
        counts: Counts,
        catalog: Catalog,
    ) -> Staged:
        """The change set of a supplement whose rows have been folded; `counts` are those of its rows."""
        record, partition = self.table.record, partition_of(feed.mall_id, name)
        kept = self._kept(feed, self.change_set(feed, name, outcome, catalog))
        own = kept.where(F.col("mall_id") == partition)
        gives = _gives(record)
        before = self.table.supplement(feed.mall_id, name).where(gives).select(record.id)
        stays = before.join(own.select(record.id), record.id, "left_anti")
        given = stays.union(own.where(f"op = 'U' and {gives}").select(record.id))
        return self._counted(feed, name, kept, given, counts)

    def change_set(
        self, feed: FeedRecord, name: str, outcome: DataFrame, catalog: Catalog
    ) -> DataFrame:
        """The rows of the supplement that its feed changes, in its partition, and the products that come out otherwise;
        columns: op and those of the table; key: the record's."""
        record = self.table.record
        own = changes(outcome, record, {feed.feed_id: catalog.version}, self.now)
        touched = outcome.where(F.col(OUTCOME).isin(*_OTHERWISE)).select(*record.key).distinct()
        return self._changes(feed, name, own, touched, own.where("op = 'U'").drop("op"))

    def dropped(self, feed: FeedRecord, name: str) -> Staged:
        """The change set that takes back all that a supplement gave."""
        rows = self.table.supplement(feed.mall_id, name).select(self.table.record.id)
        kept = self._kept(feed, self.emptying(feed, name))
        before = rows.count()
        counts = Counts(taken_back=before, given_before=before)
        staged = self._counted(feed, name, kept, rows.limit(0), counts)
        uri = Staging(self.lake_bucket, feed.feed_id).uri(changes_name(feed.attempt))
        note(self.lake_bucket, feed, uri, staged.counts)
        return staged

    def emptying(self, feed: FeedRecord, name: str) -> DataFrame:
        """As `change_set`, where the supplement says nothing any more."""
        record = self.table.record
        rows = self.table.supplement(feed.mall_id, name)
        columns = [F.col(column(one)) for one, _ in record.columns]
        own = rows.select(F.lit("D").alias("op"), *columns)
        return self._changes(feed, name, own, rows.select(*record.key), rows.limit(0))

    def _changes(
        self, feed: FeedRecord, name: str, own: DataFrame, touched: DataFrame, says: DataFrame
    ) -> DataFrame:
        """`own` are the rows that the feed changes, `touched` the keys of these, `says` what it says of them from now
        on."""
        record = self.table.record
        partition = partition_of(feed.mall_id, name)
        beside = own.withColumn("mall_id", F.lit(partition))
        others = {name: says}
        for one in self.table.supplements(feed.mall_id).get(feed.mall_id, ()):
            if one != name:
                others[one] = self._of(feed.mall_id, one, touched)
        rows = [others[one] for one in in_order(others, self.catalogs)]
        products = self.table.products(feed.mall_id).join(touched, list(record.key), "left_semi")

        def of_version(some: DataFrame, catalog: Catalog) -> DataFrame:
            return self._judged(some, rows, catalog)

        lineage = {"feed_id": F.lit(feed.feed_id), "loaded_at": F.lit(self.now)}
        again = by_version(products, self.catalogs, of_version).withColumns(lineage)
        return beside.unionByName(again)

    def _kept(self, feed: FeedRecord, made: DataFrame) -> DataFrame:
        """The frame as it is written, from where it is read."""
        uri = Staging(self.lake_bucket, feed.feed_id).uri(changes_name(feed.attempt))
        made.write.mode("overwrite").parquet(uri)
        return self.spark.read.parquet(uri)

    def _judged(
        self, products: DataFrame, rows: Sequence[DataFrame], catalog: Catalog
    ) -> DataFrame:
        """Products with what supplements say of them now, where they come out otherwise; columns: op and those of the
        table."""
        record = self.table.record
        judges = judge(record, catalog, first_feed(catalog), self.now, silence=self.silence)
        overlay = Overlay(record, rows, judges.beside)
        found = overlay.uncovered(products).withColumnRenamed(SUPPLEMENTED, "_supplemented")
        said = said_of(record, overlay.own(record.own), judges, self.silence)
        seen = extended(found, said)
        seen = overlay.over(seen, record.id)
        seen = judged_over(seen, judges)
        new = {one.name: judged(one.name) for one in record.fields if one.name != record.id}
        new |= {name: judged(name) for name in (*map(said_column, record.said), EXPIRED)}
        new |= {"content_hash": judged("content_hash"), CONTAINED_AT: CONTAINED}
        same = f"content_hash <=> {judged('content_hash')} and _supplemented <=> {SUPPLEMENTED}"
        kept = [f"{one} <=> {judged(one)}" for one in map(said_column, record.said)]
        columns = [f"{new.get(name, column(name))} as {column(name)}" for name, _ in record.columns]
        differing = seen.where(f"not ({' and '.join([same, *kept])})")
        return differing.selectExpr(f"{text('U')} as op", *columns)

    def _counted(
        self, feed: FeedRecord, name: str, kept: DataFrame, given: DataFrame, counts: Counts
    ) -> Staged:
        record, partition = self.table.record, partition_of(feed.mall_id, name)
        of_mall = F.col("mall_id") == feed.mall_id
        ahead = F.when(of_mall & (F.col("op") == "U"), F.expr(next_moment(self.now)))
        seen = kept.agg(
            F.count_if(of_mall).alias("changed"),
            F.count_if(~of_mall).alias("beside"),
            F.min(ahead).alias("next_moment"),
        ).collect()[0]
        ids = self.table.ids(feed.mall_id).select(record.id)
        counted = counts.model_copy(
            update={
                "changed": seen["changed"],
                "beside": seen["beside"],
                "given": given.count(),
                "waiting": given.join(ids, record.id, "left_anti").count(),
                "products_before": ids.count(),
            }
        )
        moment = of_micros(seen["next_moment"])
        return Staged(
            feed.feed_id,
            feed.mall_id,
            counted,
            kept,
            next_moment=moment,
            partitions=(partition,),
        )


def in_order(
    names: Sequence[str] | Mapping[str, object], catalogs: Mapping[int, Catalog]
) -> list[str]:
    """The supplements, the one that goes over all others first: by the priority that the newest version of the catalog
    gives them that has them."""
    newest = sorted(catalogs.values(), key=lambda one: one.version, reverse=True)

    def priority(name: str) -> int:
        return next((one.feeds[name].priority for one in newest if name in one.feeds), 0)

    return sorted(names, key=lambda name: (-priority(name), name))


def _as_said(record: Record) -> Judge:
    """What a supplement says is kept as it is: rules between fields are for the products that it lies over."""
    values = {one.name: column(folded(one.name)) for one in record.fields}
    nothing = {
        said_column(name): f"cast(null as {record.by_name[name].sql_type})" for name in record.said
    }
    hashed = content_hash(values, record, with_updated_at=True)
    none = faults("array()")
    return Judge(
        {},
        {},
        {**values, **nothing, EXPIRED: "true", "content_hash": hashed, LOST: none, MORE: none},
    )


def _gives(record: Record) -> Sql:
    """Whether a supplement's row has a value at all: all may have been refused, or cleared."""
    filled = [
        f"size({column(one.name)}) > 0" if one.kind == "map" else f"{column(one.name)} is not null"
        for one in given_fields(record)
    ]
    return f"({' or '.join(filled)})"


def _named_only(checked: DataFrame, record: Record) -> DataFrame:
    """The rows with what they name: a default or the catalog's currency is nothing that a supplement says."""
    columns: dict[str, Sql] = {}
    for field in given_fields(record):
        value = column(field.name)
        if field.kind == "map":
            named = f"array_contains({NAMED}, concat({text(attribute_name(''))}, k))"
            columns[field.name] = f"map_filter({value}, (k, v) -> {named})"
        else:
            columns[field.name] = case((f"array_contains({NAMED}, {text(field.name)})", value))
    return checked.withColumns({name: F.expr(sql) for name, sql in columns.items()})
