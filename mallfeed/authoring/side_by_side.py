"""The first good rows of a feed, raw and canonical side by side.

Of rows that change what they name, each field stands beside what the row says that said it last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds

from mallfeed.catalog.model import Catalog
from mallfeed.feed.raw import RawFeed, names_of_frame
from mallfeed.kinds.kind import ITEMS_BETWEEN
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.sources import OURS
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.kinds.sql.marks import unmarked
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.product.record import PRODUCT
from mallfeed.table.fold_columns import EFFECT, GONE, NAMED, NEWEST, PLACE, SET, attribute_name
from mallfeed.table.outcomes import DUPLICATE_MARK, RULE


@dataclass(frozen=True)
class Cell:
    """A canonical field (or attribute) of one row: what the mall wrote, and what it became."""

    field: str
    source: str
    raw: str | None
    canonical: str | None


def side_by_side(
    raw: RawFeed, marked: ds.Dataset, catalog: Catalog, feed_name: str, rows: int
) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """Its first `rows` good rows, each with its cells; `marked` is a dataset as `write_products` writes it."""
    good = (pc.list_value_length(ds.field("_rejects")) == 0) & ~ds.field(DUPLICATE_MARK)
    good &= (ds.field("op") == "U") & ~ds.field(RULE).is_valid()
    places = sorted(marked.to_table(columns=["_pos"], filter=good)["_pos"].to_pylist())[:rows]
    chosen = ds.field("_pos").isin(places)
    products = {row["_pos"]: row for row in marked.to_table(filter=chosen).to_pylist()}
    folded = _folds(marked, products)
    told = ds.field("_pos").isin(
        [*places, *(pos for one in folded.values() for pos in one.values())]
    )
    frame = ds.dataset(list(raw.uris)).to_table(filter=told)
    sent = {
        row["_pos"]: row for row in frame.rename_columns(names_of_frame(raw.columns)).to_pylist()
    }
    return tuple(
        (
            products[p]["_row"],
            tuple(_cells(sent, products[p], folded.get(p), catalog, feed_name)),
        )
        for p in places
    )


_ALL_FIELDS = ""
"""In place of a field's name: the row said all."""


def _folds(
    marked: ds.Dataset, products: Mapping[int, Mapping[str, Any]]
) -> dict[int, dict[str, int]]:
    """Of rows that change what they name: place of the shown row → field → place of the row that said it last."""
    if EFFECT not in marked.schema.names:
        return {}
    ids = {row[PRODUCT.id]: place for place, row in products.items()}
    columns = ["_pos", PRODUCT.id, NAMED, EFFECT, NEWEST, PLACE]
    rows = marked.to_table(columns=columns, filter=ds.field(PRODUCT.id).isin(list(ids))).to_pylist()
    found: dict[int, dict[str, int]] = {place: {} for place in ids.values()}
    for row in sorted(
        rows, key=lambda one: (one[NEWEST] is not None, one[NEWEST] or 0, one[PLACE])
    ):
        said = found[ids[row[PRODUCT.id]]]
        if row[EFFECT] == GONE:
            said.clear()
        elif row[EFFECT] == SET:
            said |= dict.fromkeys([_ALL_FIELDS] if row[NAMED] is None else row[NAMED], row["_pos"])
    return found


def _cells(
    sent: Mapping[int, Mapping[str, Any]],
    product: Mapping[str, Any],
    said: Mapping[str, int] | None,
    catalog: Catalog,
    feed_name: str,
) -> Iterator[Cell]:
    """The product's cells, each beside what the row says that said it; `said` is one of `_folds`."""
    fields = catalog.gathered(feed_name).fields_of(feed_name)
    own = product["_pos"]

    def raw(name: str, columns: Sequence[str]) -> str | None:
        place = own if said is None else said.get(name, said.get(_ALL_FIELDS, own))
        return _raw(sent[place], columns)

    for field in PRODUCT_FIELDS:
        if said is not None and field.name not in said and _ALL_FIELDS not in said:
            continue
        if field.name in fields or field.name == "currency":
            columns = _columns(fields[field.name]) if field.name in fields else ()
            canonical = _text(product[field.name], KINDS[field.kind].between)
            yield Cell(field.name, visible_names(columns), raw(field.name, columns), canonical)
    named = catalog.attributes_of(feed_name)
    for name, value in dict(product["attributes"] or ()).items():
        columns = _columns(named[name]) if name in named else (name,)
        shown = raw(attribute_name(name), columns)
        yield Cell(f"attributes.{name}", ", ".join(columns), shown, _text(value))


def visible_names(columns: Sequence[str]) -> str:
    """The columns, those that we have added without their mark."""
    return ", ".join(name.removeprefix(OURS) for name in columns)


def _columns(type_: Any) -> tuple[str, ...]:
    sql = getattr(type_, "sql", None)
    return columns_of(sql) if sql else tuple(type_.sources)


def _raw(row: Mapping[str, Any], columns: Sequence[str]) -> str | None:
    values = [row.get(column) for column in columns]
    found = [
        str(value) if isinstance(value, datetime) else unmarked(_text(value) or "")
        for value in values
    ]
    return " | ".join(value or "" for value in found) if any(found) else None


def _text(value: Any, between: str = ITEMS_BETWEEN) -> str | None:
    if isinstance(value, list | tuple):
        return between.join(map(str, value))
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=None).isoformat()}Z"  # the session's times are UTC
    return None if value is None else str(value)
