"""What becomes of a feed with a catalog: raw and canonical side by side, rejects, the guards' verdict.

Only `mallfeed catalog preview` imports this module, because it imports Spark.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from mallfeed.authoring.engine import prepared, session, write_products
from mallfeed.authoring.local_spark import LocalSpark
from mallfeed.authoring.side_by_side import Cell, side_by_side
from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.raw import RawFeed
from mallfeed.load.guards import check_guards
from mallfeed.product.codes import message
from mallfeed.product.record import PRODUCT
from mallfeed.table.counts import Counts
from mallfeed.table.outcomes import DUPLICATE_MARK, RULE

EXAMPLES = 3
"""Rows shown per code."""


@dataclass(frozen=True)
class Told:
    """A code in a feed: how many rows have it, and some of them as (row, message)."""

    code: str
    field: str
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LeftOut:
    """A rule of the catalog: how many rows it leaves out, and some of them as (row, product_id, title)."""

    rule: str
    count: int
    examples: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True)
class Preview:
    """What would become of the feed; `held` says why it would be held, None = it would load.

    `merges`: its rows tell of parts of products which nobody knows here, `adds`: as a supplement.
    """

    counts: Counts
    facts: Mapping[str, str]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    rejects: tuple[Told, ...]
    warnings: tuple[Told, ...]
    dropped: tuple[LeftOut, ...]
    held: FeedHeld | None
    merges: bool = False
    adds: bool = False


def preview(
    catalog: Catalog,
    feed_name: str,
    files: Sequence[Path],
    rows: int,
    local: LocalSpark,
    most_rows: int | None = None,
) -> Preview:
    """Read the whole feed, or the first `most_rows` of each file, and show its first `rows` good rows.

    Raises FeedHeld if the feed cannot be read at all (undecodable, drift …). Guards that compare
    with published products do not apply here, because nothing is published.
    """
    place = Path(tempfile.mkdtemp(dir=local.scratch))
    marked_folder = place / "marked"
    raw = prepared(catalog, feed_name, files, place / "frame", most_rows)
    if not raw.rows:
        nothing = Counted(
            Counts(),
            (),
            (),
            tuple(LeftOut(name, 0, ()) for name in catalog.rule_names(feed_name)),
        )
        return _judged(catalog, feed_name, nothing, raw, ())
    with session(local, raw, catalog, feed_name) as spark:
        write_products(spark, raw, catalog, feed_name, marked_folder)
    marked = ds.dataset(marked_folder)
    counted = counted_in(marked, catalog, feed_name)
    shown = side_by_side(raw, marked, catalog, feed_name, rows)
    return _judged(catalog, feed_name, counted, raw, shown)


@dataclass(frozen=True)
class Counted:
    """The feed's rows, counted."""

    counts: Counts
    rejects: tuple[Told, ...]
    warnings: tuple[Told, ...]
    dropped: tuple[LeftOut, ...]


def _judged(
    catalog: Catalog,
    feed_name: str,
    counted: Counted,
    raw: RawFeed,
    rows: tuple[tuple[str, tuple[Cell, ...]], ...],
) -> Preview:
    held = None
    try:
        check_guards(counted.counts, catalog.feeds[feed_name], catalog.currency)
    except FeedHeld as verdict:
        held = verdict
    return Preview(
        counted.counts, raw.facts, rows, counted.rejects, counted.warnings, counted.dropped, held,
        catalog.merges(feed_name), catalog.feeds[feed_name].is_supplement,
    )  # fmt: skip


class _Tally:
    """Codes of one kind, counted by code and field, with the first rows of each."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, list[tuple[int, str, str]]]] = {}
        self.cells = 0

    def add(self, place: int, row: str, faults: Sequence[Mapping[str, Any]]) -> None:
        for fault in faults:
            self.cells += 1
            key = (fault["code"], fault["field"] or "")
            count, examples = self._found.get(key, (0, []))
            if len(examples) < EXAMPLES or place < examples[-1][0]:
                text = message(fault["code"], fault["field"], fault["value"], "en")
                examples = sorted([*examples, (place, row, text)])[:EXAMPLES]
            self._found[key] = (count + 1, examples)

    def codes(self) -> dict[str, int]:
        """Code → how many cells have it."""
        found: Counter[str] = Counter()
        for (code, _), (count, _examples) in self._found.items():
            found[code] += count
        return dict(found)

    def told(self) -> tuple[Told, ...]:
        """The most frequent first."""
        found = [
            Told(code, field, count, tuple((row, text) for _, row, text in examples))
            for (code, field), (count, examples) in self._found.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.count, one.code, one.field)))


def counted_in(marked: ds.Dataset, catalog: Catalog, feed_name: str) -> Counted:
    """The rows of a dataset as `write_products` writes it, counted."""
    rejects, warnings = _Tally(), _Tally()
    kinds: Counter[str] = Counter()
    repeated: list[str] = []
    dropped = left_out(marked, catalog.rule_names(feed_name))
    columns = ["_pos", "_row", "op", PRODUCT.id, DUPLICATE_MARK, RULE, "_rejects", "_warnings"]
    for batch in marked.to_batches(columns=columns):
        for row in batch.to_pylist():
            rejects.add(row["_pos"], row["_row"], row["_rejects"])
            warnings.add(row["_pos"], row["_row"], row["_warnings"])
            kind = _kind(row)
            kinds[kind] += 1
            if kind == "duplicates":
                ids = [*repeated, row[PRODUCT.id]]
                repeated = sorted({min(ids), max(ids)})
    counts = Counts(
        rows_read=kinds.total(),
        warnings=warnings.cells,
        reject_codes=rejects.codes(),
        warning_codes=warnings.codes(),
        drop_rules={one.rule: one.count for one in dropped if one.count},
        duplicate_ids=tuple(repeated),
        **kinds,
    )
    return Counted(counts, rejects.told(), warnings.told(), dropped)


def left_out(marked: ds.Dataset, rules: Sequence[str]) -> tuple[LeftOut, ...]:
    """The rows that each rule leaves out of a dataset as `write_products` writes it, rules without any too."""
    is_left_out = ds.field(RULE).is_valid() & ~ds.field(DUPLICATE_MARK)
    columns = ["_pos", "_row", PRODUCT.id, "title", RULE]
    table = marked.to_table(columns=columns, filter=is_left_out).sort_by("_pos")
    counts = Counter(table[RULE].to_pylist())
    return tuple(LeftOut(rule, counts[rule], _first(table, rule)) for rule in rules)


def _first(table: pa.Table, rule: str) -> tuple[tuple[str, str | None, str | None], ...]:
    rows = table.filter(pc.field(RULE) == rule).slice(0, EXAMPLES).to_pylist()
    return tuple((row["_row"], row[PRODUCT.id], row["title"]) for row in rows)


def _kind(row: Mapping[str, Any]) -> str:
    if row["_rejects"]:
        return "rejected"
    if row[DUPLICATE_MARK]:
        return "duplicates"
    if row[RULE]:
        return "dropped"
    return "deletes" if row["op"] == "D" else "accepted"
