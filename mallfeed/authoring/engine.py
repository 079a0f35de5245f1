"""Feeds into products on this machine, without AWS: prepared and normalised as the job does it.

It imports Spark: only commands that read a feed with a catalog import it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.authoring.local_spark import THREADS, LocalSpark
from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.drift import check_header
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import POSITION, ROW, RawFeed
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.kinds.sql.pieces import called, column, text
from mallfeed.load.raw_frame import frame_types, raw_frame
from mallfeed.normalise.judge import judge
from mallfeed.normalise.normalise import normalise
from mallfeed.normalise.projections import Projections
from mallfeed.product.record import EXPIRED, PRODUCT, said_column
from mallfeed.table.compare import with_duplicates_marked
from mallfeed.table.fold import Folding
from mallfeed.table.fold_columns import AT
from mallfeed.table.outcomes import DUPLICATE, DUPLICATE_MARK, MEMORY, OUTCOME
from mallfeed.table.place import Place
from mallfeed.table.stamps import with_stamps

ROWS_FOR_ONE_THREAD = 1_000
LONG_SQL = 200
"""Characters; shorter expressions cost a fresh parser little."""
_UNSEEN = (AT, MEMORY, "_raw", "content_hash", EXPIRED, *map(said_column, PRODUCT.said))
"""What nobody looks at here: so Spark need not carry each source column to the end, nor hash products."""


def prepared(
    catalog: Catalog,
    feed_name: str,
    files: Sequence[Path],
    folder: Path,
    most_rows: int | None = None,
) -> RawFeed:
    """The raw frame of each file's first rows, or of all, in the folder. Raises FeedHeld (undecodable, drift …)."""

    def on_columns(columns: Sequence[str], types: Mapping[str, str]) -> None:
        drift = check_header(columns, types, catalog, feed_name)
        if drift is not None:
            raise FeedHeld("drift", drift.message)

    wanted = wanted_columns(catalog, feed_name)
    out = LocalParts(folder)
    spec = catalog.feeds[feed_name]
    return prepare(LocalFiles(files), spec, wanted, out, on_columns, most_rows=most_rows)


@contextmanager
def session(
    local: LocalSpark, raw: RawFeed, catalog: Catalog, feed_name: str
) -> Iterator[SparkSession]:
    """Spark for reading this feed, warmed up for everything that `write_products` does with it."""
    with local.session(_expressions(raw, catalog, feed_name)) as spark:
        if local.warm:
            yield spark
            return
        place = local.scratch / "warm"
        warming = threading.Thread(target=_warm_up, args=(spark, raw, place), daemon=True)
        warming.start()
        try:
            yield spark
        finally:
            warming.join()


def write_products(
    spark: SparkSession, raw: RawFeed, catalog: Catalog, feed_name: str, folder: Path
) -> None:
    """The normalised frame with duplicates marked, as Parquet: the one thing that is Spark's.

    Rows that change what they name are folded, as a load does it, into products of which nothing is known: each
    exists, and the last accepted row of an id carries what all of them say.
    """
    # One part would keep one thread busy and leave the other idle; a few rows in one part need no shuffle to compete.
    parts = THREADS if raw.rows > ROWS_FOR_ONE_THREAD else 1
    frame = raw_frame(spark, [raw])
    frame = frame.repartition(parts) if parts > 1 else frame.coalesce(parts)
    moment = datetime.now(UTC)
    products = normalise(frame, catalog, feed_name, PRODUCT, moment=moment)
    if catalog.merges(feed_name):
        marked = _folded(products, catalog, feed_name, moment)
    else:
        marked = with_duplicates_marked(products, PRODUCT, catalog.feeds[feed_name].duplicates)
    marked.drop(*_UNSEEN).write.parquet(str(folder))


def _folded(products: DataFrame, catalog: Catalog, feed_name: str, moment: datetime) -> DataFrame:
    """The feed's rows, folded into products of which only the ids are known."""
    spec = catalog.feeds[feed_name]
    blanks = {name: f"cast(null as {kind})" for name, kind in PRODUCT.columns}
    known = blanks | {name: name for name in PRODUCT.key} | {"content_hash": "''"}
    ids = products.where(f"{PRODUCT.id} is not null").select(*PRODUCT.key).distinct()
    table = ids.selectExpr(*[f"{sql} as {column(name)}" for name, sql in known.items()])
    judged = judge(PRODUCT, catalog, feed_name, moment)
    place = Place(text(""))
    folding = Folding(PRODUCT, spec.mode, spec.on_reject, spec.duplicates, place, judged)
    if catalog.has_stamps:
        folding = with_stamps(folding, table.limit(0), moment)
    # By outcome, Spark would write all that decides it into the filter, once more.
    of_feed = folding.compared(products, table).where("_pos is not null")
    return of_feed.withColumn(DUPLICATE_MARK, F.col(OUTCOME) == DUPLICATE)


def _warm_up(spark: SparkSession, raw: RawFeed, folder: Path) -> None:
    """Send one row all the way through, on Spark's other thread, while Spark plans for all rows.

    A fresh JVM needs a second for its first row, whatever is done with it. The result is not used.
    """
    cleaned = called("clean_html", column(ROW))
    hashed = called("content_hash", "'warm'", f"named_struct('row', {cleaned})")
    with suppress(Exception):  # told by the frame that counts
        frame = raw_frame(spark, [raw])
        first = frame.where(f"{POSITION} = 0").selectExpr(POSITION, f"{hashed} as product_id")
        with_duplicates_marked(first, PRODUCT, "last").write.parquet(str(folder))


def _expressions(raw: RawFeed, catalog: Catalog, feed_name: str) -> list[str]:
    """The SQL that normalising will parse, for a fresh Spark to get used to.

    Before its session is up, Spark knows no setting of it and would put in variables: what names one
    is left out.
    """
    projections = Projections(frame_types(raw), catalog, feed_name, PRODUCT).in_order()
    found = [sql for columns in projections for sql in columns.values() if len(sql) > LONG_SQL]
    return [sql for sql in found if "${" not in sql]
