"""From the raw frame of any feed to canonical products, rejects and warnings.

Pure: a frame in, a frame out; no session, clock or action. Everything is Spark SQL expressions, in
projections that follow each other so that each value is computed once (see `projections`).
Nothing raises on data under ANSI mode, in a session with `REQUIRED_SPARK_CONF`.
"""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import DataFrame

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.sql.pieces import column
from mallfeed.normalise.inherit import Gathering, taken_along
from mallfeed.normalise.lookups import lookups, with_lookups
from mallfeed.normalise.projections import Projections, sources_of
from mallfeed.normalise.spark_conf import check_session
from mallfeed.product.record import Record


def normalise(
    raw: DataFrame,
    catalog: Catalog,
    feed_name: str,
    record: Record,
    mall_column: str | None = None,
    moment: datetime | None = None,
) -> DataFrame:
    """The feed's rows as canonical records (`record` says which: PRODUCT).

    Columns: `_pos` bigint, `_row`, `_raw` string, `op` ('U' or 'D'), `mall_id`, all of
    the record's fields with their types, `content_hash`, `_rejects` and `_warnings`
    (array<struct<code,field,value>>). One row for each raw row, key `_pos`. A row with rejects has
    no product in it; a delete ('D') has its id and the mall's time only. `_raw` is null in rows
    without rejects and warnings. Where feeds of malls whose catalogs say the same go together,
    `mall_column` tells of which mall a row is, and `_pos` may be there once per mall. `moment` says which
    dates are past; without it, nothing is told of that. A row of a supplement needs its id only.

    Raises Terminal where the frame's session lacks one of `REQUIRED_SPARK_CONF`: what the mall wrote
    would be read as something else.
    """
    check_session(raw.sparkSession)
    frame, spec = raw, catalog.feeds[feed_name]
    record = record.in_parts if spec.is_supplement else record
    if spec.inherit is not None:
        sources = sources_of(_types(frame), spec).under_own_names()
        rules = taken_along(catalog, feed_name, sources)
        frame = Gathering(spec.inherit, catalog.fields_of(feed_name), sources, rules).of(frame)
        catalog = catalog.gathered(feed_name)
    if looked_up := lookups(catalog, feed_name):
        sources = sources_of(_types(frame), spec).under_own_names()
        frame = with_lookups(frame, looked_up, catalog, sources)
    types = _types(frame)
    projections = Projections(types, catalog, feed_name, record, mall_column, moment)
    for columns in projections.in_order():
        # In one call: a hundred columns one by one are as many ways to Java and back.
        frame = frame.selectExpr(*[f"({sql}) as {column(name)}" for name, sql in columns.items()])
    return frame


def _types(frame: DataFrame) -> dict[str, str]:
    """Column → Spark's name of its type."""
    return {field.name: field.dataType.simpleString() for field in frame.schema.fields}


def accepted(frame: DataFrame) -> DataFrame:
    """The rows of a normalised frame that are products or deletes, without `_raw` and `_rejects`."""
    return frame.where("size(_rejects) = 0").drop("_rejects", "_raw")


def rejects(frame: DataFrame) -> DataFrame:
    """One row for each thing a row was refused for: `mall_id, _pos, _row, code, field, value, raw`."""
    return _told(frame, "_rejects")


def warnings(frame: DataFrame) -> DataFrame:
    """One row for each warning, in the shape of `rejects`."""
    return _told(frame, "_warnings")


def _told(frame: DataFrame, faults: str) -> DataFrame:
    return (
        frame.where(f"size({faults}) > 0")
        .selectExpr("mall_id", "_pos", "_row", "_raw as raw", f"inline({faults})")
        .select("mall_id", "_pos", "_row", "code", "field", "value", "raw")
    )
