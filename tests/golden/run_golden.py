"""Runs one golden folder: prepare, normalise, and put what came out in the form of expected.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession

from infra.paths import CHECKOUT
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.catalog.lookup_table import LookupTable, read_table
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import PLATFORMS
from mallfeed.catalog.read import read_written
from mallfeed.errors import FeedHeld
from mallfeed.feed.drift import check_header
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from mallfeed.table.compare import with_duplicates_marked
from mallfeed.table.fold_columns import NAMED
from mallfeed.table.outcomes import DUPLICATE_MARK, RULE

CATALOGS = CHECKOUT / "catalogs"
MOMENT = datetime(2026, 12, 1, tzinfo=UTC)
"""When all these feeds are read."""
HEADER = """mall: golden
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
"""


def folders() -> list[Path]:
    """All golden folders."""
    here = Path(__file__).parent
    return sorted(path.parent for path in here.glob("*/expected.json"))


def catalog_of(folder: Path) -> Catalog:
    """The folder's catalog, its usual head added where it leaves it out."""
    text = (folder / "catalog.yaml").read_text(encoding="utf-8")
    text = text if "mall:" in text else HEADER + text

    def table(name: str) -> LookupTable:
        path = folder / f"{name}.csv"
        return read_table(path.read_bytes(), str(path))

    return read_written(text, str(folder / "catalog.yaml"), table, platforms_of(CATALOGS)).catalog


def inputs_of(folder: Path) -> list[Path]:
    """The files of the feed; of a catalog that extends a platform, the platform's sample where there are none."""
    parts = folder / "input"
    found = sorted(parts.iterdir()) if parts.is_dir() else sorted(folder.glob("input*"))
    extends = catalog_of(folder).extends
    if not found and extends is not None:
        platform, _, version = extends.partition("@")
        found = sorted((CATALOGS / PLATFORMS / platform).glob(f"v{version}.sample.*"))
    return found


def outcome(spark: SparkSession, folder: Path, scratch: Path) -> dict[str, Any]:
    """What came out, as expected.json says it, with all fields of the products."""
    catalog = catalog_of(folder)
    feed_name = next(iter(catalog.feeds))
    spec = catalog.feeds[feed_name]

    def on_columns(columns: Sequence[str], types: Mapping[str, str]) -> None:
        drift = check_header(columns, types, catalog, feed_name)
        if drift is not None:
            raise FeedHeld("drift", drift.message)

    try:
        raw = prepare(
            LocalFiles(inputs_of(folder)),
            spec,
            wanted_columns(catalog, feed_name),
            LocalParts(scratch),
            on_columns=on_columns,
        )
    except FeedHeld as held:
        return {"held": held.code}
    frame = normalise(raw_frame(spark, [raw]), catalog, feed_name, PRODUCT, moment=MOMENT)
    rows = _rows(with_duplicates_marked(frame, PRODUCT, spec.duplicates))
    assert len(rows) == raw.rows, "every row read comes out once"
    return _told(rows)


def _rows(frame: DataFrame) -> list[Row]:
    return sorted(frame.collect(), key=lambda row: int(row["_pos"]))


def _told(rows: Sequence[Row]) -> dict[str, Any]:
    accepted = [row for row in rows if not row["_rejects"]]
    winners = [row for row in accepted if not row[DUPLICATE_MARK]]
    shown = [row for row in winners if row[RULE] is None]
    return {
        "products": [_plain(row) for row in shown if row["op"] == "U"],
        "rejects": _faults(rows, "_rejects"),
        "warnings": _faults(rows, "_warnings"),
        "duplicates": len(accepted) - len(winners),
        "dropped": [[row["_row"], row[RULE]] for row in winners if row[RULE] is not None],
        "deletes": [row["product_id"] for row in shown if row["op"] == "D"],
    }


def _faults(rows: Sequence[Row], column: str) -> list[list[str | None]]:
    return [[row["_row"], fault["code"], fault["field"]] for row in rows for fault in row[column]]


def _plain(row: Row) -> dict[str, Any]:
    plain = {name: _text(value) for name, value in row.asDict().items() if name[0] != "_"}
    return plain | ({"named": row[NAMED]} if NAMED in row.asDict() else {})


def _text(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
    return value


def expected_of(folder: Path) -> dict[str, Any]:
    """expected.json with what it leaves out filled in."""
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    if "held" in expected:
        return expected
    nothing: dict[str, Any] = {"products": [], "rejects": [], "warnings": [], "duplicates": 0}
    return {**nothing, "dropped": [], "deletes": [], **expected}


def as_far_as_listed(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What came out, its products reduced to the fields that are expected of each."""
    if "held" in found or "held" in expected:
        return found
    products = [
        {name: product.get(name) for name in expected["products"][place]}
        if place < len(expected["products"])
        else product
        for place, product in enumerate(found["products"])
    ]
    return {**found, "products": products}
