"""The outcome of staged feeds: where it lies, what it counts, the change sets in it.

It is Parquet under `staging/`, of one feed or of several (`mallfeed.load.small_feeds`), with the columns of
`mallfeed.table.compare`. `staging/<feed_id>/staged.json` says where, and what was counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.feed.raw import RawFeed
from mallfeed.ledger.identity import mall_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.staging import Staging
from mallfeed.product.record import Record
from mallfeed.table import compare as cmp
from mallfeed.table.counts import Counts

Codes = tuple[dict[str, int], dict[str, int]]
"""Rejects and warnings by code: refused rows count once a code, warned cells each."""
NO_CODES: Codes = ({}, {})


def outcome_of(spark: SparkSession, lake_bucket: str, feed_id: str) -> DataFrame | None:
    """A feed's staged rows, its mall's alone; None when it never was staged."""
    found = noted(lake_bucket, feed_id)
    if found is None:
        return None
    return spark.read.parquet(found.uri).where(F.col("mall_id") == mall_of(feed_id))


class Noted(NamedTuple):
    """Where a staged feed's outcome lies, and what it counts."""

    uri: str
    counts: Counts


def note(
    lake_bucket: str, feed: FeedRecord, uri: str, counts: Counts, raw: RawFeed | None = None
) -> None:
    """From now on the feed is staged; `raw` is what was read of it, for people who look."""
    read = {} if raw is None else {"facts": dict(raw.facts), "sha256": raw.sha256}
    Staging(lake_bucket, feed.feed_id).write_note(
        {"attempt": feed.attempt, "outcome": uri, "counts": counts.model_dump(), **read}
    )


def noted(lake_bucket: str, feed_id: str) -> Noted | None:
    """What `note` has written of the feed; None when it never was staged."""
    found = Staging(lake_bucket, feed_id).read_note()
    if found is None:
        return None
    return Noted(found["outcome"], Counts.model_validate(found["counts"]))


def codes(outcome: DataFrame) -> dict[str, Codes]:
    """Mall → its codes."""
    kinds = []
    for name in ("_rejects", "_warnings"):
        of_kind = outcome.where(F.col(cmp.OUTCOME).isin(*cmp.FROM_THE_FEED)).select(
            "mall_id", F.lit(name).alias("kind"), F.explode(F.col(f"{name}.code")).alias("code")
        )
        kinds.append(of_kind)
    counted = kinds[0].union(kinds[1]).groupBy("mall_id", "kind", "code").count()
    found: dict[str, Codes] = {}
    for row in counted.orderBy("code").collect():
        rejects, warnings = found.setdefault(row["mall_id"], ({}, {}))
        (rejects if row["kind"] == "_rejects" else warnings)[row["code"]] = row["count"]
    return found


def counts_of(raw: RawFeed, seen: Mapping[str, Any], of_codes: Codes) -> Counts:
    """The feed's counts: `seen` are those of `mallfeed.table.compare.counted`.

    Raises RuntimeError where a row that was read is not accounted for.
    """
    counts = Counts(
        rows_read=raw.rows,
        accepted=seen["accepted"] or 0,
        rejected=seen["rejected"] or 0,
        duplicates=seen["duplicates"] or 0,
        deletes=seen["deletes"] or 0,
        changed=seen["changed"] or 0,
        vanished=seen["vanished"] or 0,
        vanished_by_reject=seen["vanished_by_reject"] or 0,
        products_before=seen["products_before"] or 0,
        warnings=sum(of_codes[1].values()),
        reject_codes=of_codes[0],
        warning_codes=of_codes[1],
    )
    told = counts.accepted + counts.rejected + counts.duplicates + counts.deletes
    if told != raw.rows:
        raise RuntimeError(f"{raw.rows} rows were read but {told} are accounted for: {counts}")
    return counts


def changes(
    outcome: DataFrame,
    record: Record,
    catalog_versions: Mapping[str, int],
    loaded_at: datetime,
) -> DataFrame:
    """The change sets of the feeds, one per mall: op and the record's columns.

    `catalog_versions` is feed id → the version that read the feed.
    """
    lineage = {
        "feed_id": _by_mall({mall_of(feed): feed for feed in catalog_versions}),
        "catalog_version": _by_mall({mall_of(f): v for f, v in catalog_versions.items()}),
        "loaded_at": F.lit(loaded_at),
    }
    columns = [
        lineage.get(name, F.col(name)).cast(sql_type).alias(name)
        for name, sql_type in record.columns
    ]
    return cmp.changes_of(outcome, record).select("op", *columns)


def _by_mall(values: Mapping[str, object]) -> Column:
    """The value of a row's mall."""
    if len(values) == 1:
        return F.lit(next(iter(values.values())))
    pairs = [F.lit(item) for pair in values.items() for item in pair]
    return F.create_map(*pairs)[F.col("mall_id")]
