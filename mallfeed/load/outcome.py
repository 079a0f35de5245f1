"""The outcome of staged feeds: where it is stored, its counts, and its change sets.

It is Parquet under `staging/`, written for one feed or for several (`mallfeed.load.small_feeds`), with
the columns of `mallfeed.table.compare`. `staging/<feed_id>/staged.json` holds its place and its counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from typing import Any, NamedTuple

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.feed.raw import RawFeed
from mallfeed.ledger.identity import mall_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.staging import Staging
from mallfeed.product.record import Record
from mallfeed.table import compare as cmp
from mallfeed.table import outcomes
from mallfeed.table.counts import Counts
from mallfeed.table.place import by_mall

Codes = tuple[dict[str, int], dict[str, int], dict[str, int]]
"""Rejects and warnings by code, and rows that are left out by rule: a refused row counts once per code, each
cell with a warning counts."""
NO_CODES: Codes = ({}, {}, {})


def outcome_of(spark: SparkSession, lake_bucket: str, feed_id: str) -> DataFrame | None:
    """The feed's staged rows, without those of other malls; None if it was never staged."""
    staged = noted(lake_bucket, feed_id)
    if staged is None:
        return None
    return spark.read.parquet(staged.uri).where(F.col("mall_id") == mall_of(feed_id))


class Noted(NamedTuple):
    """Where the outcome of a staged feed is stored, and its counts."""

    uri: str
    counts: Counts


def note(
    lake_bucket: str, feed: FeedRecord, uri: str, counts: Counts, raw: RawFeed | None = None
) -> None:
    """Note that the feed is staged, with the facts in `raw` for people who investigate it."""
    read = {} if raw is None else {"facts": dict(raw.facts), "sha256": raw.sha256}
    Staging(lake_bucket, feed.feed_id).write_note(
        {"attempt": feed.attempt, "outcome": uri, "counts": counts.model_dump(), **read}
    )


def noted(lake_bucket: str, feed_id: str) -> Noted | None:
    """What `note` wrote about the feed; None if it was never staged."""
    written = Staging(lake_bucket, feed_id).read_note()
    if written is None:
        return None
    return Noted(written["outcome"], Counts.model_validate(written["counts"]))


def codes(outcome: DataFrame) -> dict[str, Codes]:
    """Mall → its rejects, warnings and rules; malls that have none of them are missing."""
    kinds = []
    for name in ("_rejects", "_warnings"):
        of_kind = outcome.where(F.col(outcomes.OUTCOME).isin(*outcomes.FROM_THE_FEED)).select(
            "mall_id", F.lit(name).alias("kind"), F.explode(F.col(f"{name}.code")).alias("code")
        )
        kinds.append(of_kind)
    left_out = outcome.where(F.col(outcomes.OUTCOME).isin(outcomes.DROPPED, outcomes.TAKEN_DOWN))
    kinds.append(left_out.select("mall_id", F.lit(outcomes.RULE), outcomes.RULE))
    counted = reduce(DataFrame.union, kinds).groupBy("mall_id", "kind", "code").count()
    by_mall: dict[str, Codes] = {}
    for row in counted.orderBy("code").collect():
        of_mall = by_mall.setdefault(row["mall_id"], ({}, {}, {}))
        of_mall[_KINDS.index(row["kind"])][row["code"]] = row["count"]
    return by_mall


_KINDS = ("_rejects", "_warnings", outcomes.RULE)


def counts_of(raw: RawFeed, seen: Mapping[str, Any], of_codes: Codes) -> Counts:
    """The feed's counts, from those of `mallfeed.table.compare.counted`, `repeated` and `median_price` in
    `seen`.

    Raises RuntimeError if they do not account for every row that was read.
    """
    counts = Counts(
        rows_read=raw.rows,
        accepted=seen["accepted"] or 0,
        rejected=seen["rejected"] or 0,
        duplicates=seen["duplicates"] or 0,
        dropped=seen["dropped"] or 0,
        deletes=seen["deletes"] or 0,
        changed=seen["changed"] or 0,
        vanished=seen["vanished"] or 0,
        vanished_by_reject=seen["vanished_by_reject"] or 0,
        products_before=seen["products_before"] or 0,
        elsewhere=seen["elsewhere"] or 0,
        warnings=sum(of_codes[1].values()),
        duplicate_ids=tuple(sorted({seen["repeated_low"], seen["repeated_high"]} - {None})),
        median_price=seen["median_price"],
        refreshed=seen.get("refreshed") or 0,
        reject_codes=of_codes[0],
        warning_codes=of_codes[1],
        drop_rules=of_codes[2],
    )
    total = counts.accepted + counts.rejected + counts.duplicates + counts.dropped + counts.deletes
    if total != raw.rows:
        raise RuntimeError(f"{raw.rows} rows were read but {total} are accounted for: {counts}")
    return counts


def changes(
    outcome: DataFrame,
    record: Record,
    catalog_versions: Mapping[str, int],
    loaded_at: datetime,
) -> DataFrame:
    """The change sets of the feeds, one per mall; columns: op and those of the record.

    `catalog_versions` is feed id → the catalog version that the feed was read with.
    """
    lineage = {
        "feed_id": F.expr(by_mall({mall_of(feed): feed for feed in catalog_versions})),
        "catalog_version": F.expr(
            by_mall({mall_of(feed): str(version) for feed, version in catalog_versions.items()})
        ),
        "loaded_at": F.lit(loaded_at),
    }
    columns = [
        lineage.get(name, F.col(name)).cast(sql_type).alias(name)
        for name, sql_type in record.columns
    ]
    return cmp.changes_of(outcome, record).select("op", *columns)
