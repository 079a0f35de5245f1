"""Several values: texts or web addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind, as_joined
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import blank_item, long_item, odd_item, too_many, unseen
from mallfeed.kinds.reading import Context, Problem, Reading, cell_is_null
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.addresses import address, is_short
from mallfeed.kinds.sql.clean import clean_text
from mallfeed.kinds.sql.items import (
    as_joint_items,
    as_joints,
    brought_back,
    cleaned_items_of,
    cut_items,
    filled,
    has_odd_item,
    items_of,
    joined,
    set_aside,
)
from mallfeed.kinds.sql.pieces import Sql, case, each, only, stripped
from mallfeed.kinds.target import Target

LIST_SQL = "array<string>"


class ListType(FieldType):
    """Several values in one cell (or one each from several columns, or a JSON array)."""

    type: Literal["list"] = "list"
    separators: str = Field(
        default="|", description="Each character of it separates.", max_length=50
    )
    escape: str | None = Field(
        default=None,
        min_length=1,
        max_length=1,
        description="A separator behind it belongs to the item: with `\\`, as WooCommerce writes, `a\\, b, c` is `a, b` and `c`.",
    )
    item: Literal["text", "url"] = Field(default="text", description="What each item is.")
    max_items: int | None = Field(default=None, ge=1, description="Items kept.")


def _read(options: ListType, cells: Cells, target: Target, context: Context) -> Reading:
    texts, words = [stripped(text) for text in cells.texts], cells.words
    # Of several columns each may hold a list.
    cell = joined(texts if len(texts) == 1 else [as_joint_items(one) for one in texts])
    if options.item == "url":
        reading = _read_urls(options, cell, words, context.base_url, target)
    else:
        reading = _read_texts(options, cell, words, target)
    reading = reading.with_problem(odd_item(texts, has_odd_item, loses_value=False), first=True)
    written, shown = reading.written, ", ".join(texts)
    return replace(reading, written=lambda cell: f"coalesce({written(cell)}, {shown})")


def _read_texts(options: ListType, source: Sql, words: Sql, target: Target) -> Reading:
    """A list of texts, each once, in their order; items that are too long are cut."""
    limit, most = _limit(options, target), target.max_length
    separators, escape = options.separators, options.escape
    aside = as_joints(set_aside(source, separators, escape), separators)

    def parse(cell: Sql) -> Sql:
        items = brought_back(cleaned_items_of(cell, separators, words), separators, escape)
        return case((f"{cell} is not null", f"array_distinct({items})"))

    return Reading(
        cell=clean_text(aside),
        parse=parse,
        value=lambda cell, items: filled(cut_items(cell, items, most), limit),
        problems=(_no_item, *unseen(cell_is_null, aside), *long_item(most)),
        sql_type=LIST_SQL,
        also=(
            *too_many(limit, lambda item: f"{item} is not null"),
            *blank_item(separators, words),
        ),
        written=lambda cell: source if escape else f"coalesce({cell}, {aside})",
    )


def _read_urls(
    options: ListType, source: Sql, words: Sql, base_url: str | None, target: Target
) -> Reading:
    """A list of URLs, each once; items that are none, or are too long, are dropped and told."""
    limit, most = _limit(options, target), target.max_length
    separators, escape = options.separators, options.escape

    def parse(cell: Sql) -> Sql:
        items = brought_back(items_of(cell, separators, words), separators, escape)
        addresses = each(items, lambda item: address(item, base_url))
        return case((f"{cell} is not null", f"array_distinct({addresses})"))

    def kept(item: Sql) -> Sql:
        return is_short(item, most) if most else f"{item} is not null"

    dropped = Problem("invalid", lambda _, parsed: f"exists({parsed}, x -> x is null)", False)
    return Reading(
        cell=set_aside(source, separators, escape),
        parse=parse,
        value=lambda _, parsed: filled(only(parsed, kept), limit),
        problems=(dropped, _no_item, *long_item(most)),
        sql_type=LIST_SQL,
        also=(*too_many(limit, kept), *blank_item(separators, words)),
        written=lambda cell: source if escape else cell,
    )


_no_item = Problem(
    "no_text", lambda cell, parsed: f"({cell} is not null and coalesce(size({parsed}), 0) = 0)"
)


def _limit(options: ListType, target: Target) -> int | None:
    return min((n for n in (options.max_items, target.max_items) if n is not None), default=None)


LIST = Kind(
    name="list",
    options=ListType,
    default=ListType(),
    holds=("list",),
    read=_read,
    problems=("invalid", "too_many", "too_long", "no_text", "unclosed"),
    holds_objects=True,
    sql_type=LIST_SQL,
    as_text=as_joined,
)
