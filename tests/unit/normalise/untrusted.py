"""A feed and a catalog that hold what something might take for more than text, by the job's own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pyspark.sql import Row, SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT

COLUMNS = ("id", "title", "price", "url", "category")
GOOD = ("1", "가방", "1000", "https://a.example/1", "c")


def catalog(feed: Mapping[str, Any], **more: Any) -> Catalog:
    """A catalog of one feed over COLUMNS, called by a hostile name itself."""
    fields = dict(
        zip(("product_id", "title", "price", "url", "category_path"), COLUMNS, strict=True)
    )
    return Catalog.model_validate(
        {
            "mall": "unit", "version": 1, "effective_from": "2026-01-01T00:00:00+09:00",
            "name": "${env:HOME} ${env.HOME}", "owner": "${env:HOME}", "contact": "c",
            "fields": fields | more.pop("fields", {}), **more,
            "feeds": {"${env:HOME}": feed},
        }
    )  # fmt: skip


def csv(*records: Sequence[str]) -> str:
    """The records as CSV, every cell in quotes."""
    doubled = [[cell.replace('"', '""') for cell in record] for record in records]
    return "".join(",".join(f'"{cell}"' for cell in record) + "\n" for record in doubled)


def products(spark: SparkSession, made: Catalog, text: str, folder: Path) -> list[Row]:
    """The feed, in two parts of hostile names, by the way of the job."""
    (name,) = made.feeds
    files = [folder / f"{number} ${{env:HOME}} ${{env.HOME}}.csv" for number in range(2)]
    for file in files:
        file.write_text(text, "utf-8", newline="")
    raw = prepare(
        LocalFiles(files),
        made.feeds[name],
        wanted_columns(made, name),
        LocalParts(folder / "frame"),
    )
    return normalise(raw_frame(spark, [raw]), made, name, PRODUCT).orderBy("_pos").collect()
