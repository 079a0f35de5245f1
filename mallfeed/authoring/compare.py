"""Which products of a feed change with another version of its catalog.

Only `mallfeed catalog diff --feed` imports this module: it brings Spark along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from mallfeed.authoring.engine import prepared, session, write_products
from mallfeed.authoring.local_spark import LocalSpark
from mallfeed.authoring.preview import LeftOut, left_out
from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld
from mallfeed.kinds.registry import KINDS
from mallfeed.product.codes import message
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.table.outcomes import DUPLICATE_MARK, RULE

_FIELDS = {field.name: field.kind for field in PRODUCT_FIELDS if field.name != "product_id"}


@dataclass(frozen=True)
class Changed:
    """A product that changes: field → (with the old version, with the new one)."""

    product_id: str
    fields: Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True)
class Compared:
    """A feed read with two versions.

    Attributes
    ----------
    held : version → why it would hold the feed; then nothing else is compared
    same : products that stay the same
    changed : products that change
    gone : products that only the old version makes, each with why the new one rejects it
    new : products that only the new version makes, each with why the old one rejected it
    by_field : field → products in which it differs
    dropped : version → its rules, each with the rows that it leaves out
    """

    held: Mapping[int, FeedHeld]
    same: int = 0
    changed: tuple[Changed, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    new: tuple[tuple[str, str], ...] = ()
    by_field: Mapping[str, int] | None = None
    dropped: Mapping[int, tuple[LeftOut, ...]] = field(default_factory=dict)


Read = tuple[dict[str, Mapping[str, Any]], dict[str, str]]
"""Products by id, and why rows are none, by their row."""


def compare(
    old: Catalog, new: Catalog, feed_names: tuple[str, str], files: Sequence[Path]
) -> Compared:
    """Read the feed with both versions, in one Spark session. Raises Terminal without Java."""
    with LocalSpark() as local:
        scratch = local.scratch
        sides = ((old, feed_names[0], scratch / "old"), (new, feed_names[1], scratch / "new"))
        raws, held = {}, {}
        for catalog, feed_name, place in sides:
            try:
                raws[place] = prepared(catalog, feed_name, files, place / "frame")
            except FeedHeld as error:
                held[catalog.version] = error
        if held:
            return Compared(held)
        with session(local, raws[scratch / "new"], new, feed_names[1]) as spark:
            for catalog, feed_name, place in sides:
                write_products(spark, raws[place], catalog, feed_name, place / "marked")
        dropped = {
            catalog.version: left_out(ds.dataset(place / "marked"), catalog.rule_names(feed_name))
            for catalog, feed_name, place in sides
        }
        compared = compared_products(*(read_products(place / "marked") for _, _, place in sides))
        return replace(compared, dropped=dropped)


def read_products(folder: Path) -> Read:
    """What `write_products` wrote there."""
    products: dict[str, Mapping[str, Any]] = {}
    refused: dict[str, str] = {}
    for batch in ds.dataset(folder).to_batches():
        for row in batch.to_pylist():
            if row["_rejects"]:
                fault = row["_rejects"][0]
                told = message(fault["code"], fault["field"], fault["value"], "en")
                refused[row["_row"]] = told
            elif row[RULE]:
                refused[row["_row"]] = f"the rule {row[RULE]} leaves it out"
            elif not row[DUPLICATE_MARK]:
                products[row["product_id"]] = row
    return products, refused


def compared_products(old: Read, new: Read) -> Compared:
    """How products of two readings differ."""
    before, after = old[0], new[0]
    changed: list[Changed] = []
    counts: dict[str, int] = {}
    for product_id in sorted(before.keys() & after.keys()):
        fields = _differing(before[product_id], after[product_id])
        if fields:
            changed.append(Changed(product_id, fields))
            for name in fields:
                counts[name] = counts.get(name, 0) + 1
    return Compared(
        held={},
        same=len(before.keys() & after.keys()) - len(changed),
        changed=tuple(changed),
        gone=_only(before, after, new[1]),
        new=_only(after, before, old[1]),
        by_field=dict(sorted(counts.items(), key=lambda one: -one[1])),
    )


def _only(
    here: Mapping[str, Mapping[str, Any]], there: Mapping[str, Any], refused: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one, refused.get(here[one]["_row"], "its id changes"))
        for one in sorted(here.keys() - there.keys())
    )


def _differing(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, tuple[str | None, str | None]]:
    found: dict[str, tuple[str | None, str | None]] = {}
    for name, kind in _FIELDS.items():
        if name == "attributes":
            found |= _attributes(dict(old[name] or ()), dict(new[name] or ()))
        elif old[name] != new[name]:
            between = KINDS[kind].between
            found[name] = (_text(old[name], between), _text(new[name], between))
    if old["op"] != new["op"]:
        found["op"] = (old["op"], new["op"])
    return found


def _attributes(
    old: Mapping[str, str], new: Mapping[str, str]
) -> dict[str, tuple[str | None, str | None]]:
    names = sorted(old.keys() | new.keys())
    return {
        f"attributes.{name}": (old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    }


def _text(value: Any, between: str) -> str | None:
    if isinstance(value, list):
        return between.join(map(str, value))
    return None if value is None else str(value)
