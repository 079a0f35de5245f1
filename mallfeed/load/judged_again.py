"""Products of the table that are judged again, though no row of a feed names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from pyspark.sql import DataFrame

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.pieces import Sql, column
from mallfeed.product.record import SLICE, Record
from mallfeed.product.silence import CONTAINED_AT, NO_MOMENT, Silence
from mallfeed.table.fold import Judge
from mallfeed.table.fold_columns import (
    CONTAINED,
    IN,
    LOST,
    MORE,
    NO_MAP,
    folded,
    folded_beside,
)


def by_version(
    products: DataFrame,
    catalogs: Mapping[int, Catalog],
    of_version: Callable[[DataFrame, Catalog], DataFrame],
) -> DataFrame:
    """What `of_version` makes of the products that each version of the catalog has read, as one frame.

    `catalogs` are version → catalog of the mall, first the one that stands for versions that are gone.
    """
    found = [row[0] for row in products.select("catalog_version").distinct().collect()]
    fallback = next(iter(catalogs.values()))
    parts = [
        of_version(
            products.where(f"catalog_version <=> {'null' if one is None else one}"),
            catalogs.get(one, fallback),
        )
        for one in found
    ]
    return reduce(DataFrame.union, parts) if parts else of_version(products, fallback)


def said_of(
    record: Record, own: Mapping[str, Sql], judge: Judge, silence: Silence | None
) -> dict[str, Sql]:
    """What was said of a product of the table, in the columns that are judged, and when it was last contained; `own` as
    `Record.own`."""
    said = {
        folded(one.name): _filled(one, own.get(one.name, column(one.name))) for one in record.fields
    }
    currency = {amount: own.get(of, column(of)) for amount, of in judge.beside.items()}
    said |= {folded_beside(amount): sql for amount, sql in currency.items()}
    return said | {CONTAINED: last_contained(silence), IN: SLICE}


def last_contained(silence: Silence | None) -> Sql:
    """When a product of the table was last contained. Of what was loaded before there was a rule: when it was written;
    null without a rule."""
    return NO_MOMENT if silence is None else silence.last(CONTAINED_AT, SLICE, "loaded_at")


def judged_over(frame: DataFrame, judge: Judge) -> DataFrame:
    """The frame with what is judged, without what is told of rows of a feed."""
    return judge.over(frame, lambda name: name not in (LOST, MORE))


def first_feed(catalog: Catalog) -> str:
    """The full feed, or the only one, by which its products are judged."""
    primary = [name for name, feed in catalog.feeds.items() if not feed.is_supplement]
    fulls = [name for name in primary if catalog.feeds[name].mode == "full"]
    return (fulls or primary)[0]


def _filled(field: CanonicalField, said: Sql) -> Sql:
    """What was said of a field, as the fold has it: a map is never null there."""
    return f"coalesce({said}, {NO_MAP})" if field.kind == "map" else said
