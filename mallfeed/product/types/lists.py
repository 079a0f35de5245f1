"""Several values in one cell, from several columns, or in a JSON array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mallfeed.catalog.field_types import CategoryPathType, ListType
from mallfeed.product.sql import called, case, each, only, stripped, text
from mallfeed.product.types.reading import Problem, Reading, Sql, cell_is_null
from mallfeed.product.types.text import clean_text, unseen
from mallfeed.product.types.url import address

JOINT = "\ue01f"
"""Between items of a cell put together from columns: a private character, which cleaning keeps."""


def items_of(cell: Sql, separators: str) -> Sql:
    """The items of a cell: a JSON array's, else split at each separator, trimmed, blanks gone."""
    split = called("items", cell, text(separators + JOINT))
    return case((_is_json(cell), f"coalesce({_of_json(cell, stripped)}, {split})"), otherwise=split)


def cleaned_items_of(cell: Sql, separators: str) -> Sql:
    """As `items_of`, of cleaned text, which has single spaces only: that is cheaper."""
    split = called("clean_items", cell, text(separators + JOINT))
    found = _of_json(cell, clean_text)  # what JSON had escaped comes to light only now
    return case((_is_json(cell), f"coalesce({found}, {split})"), otherwise=split)


def _is_json(cell: Sql) -> Sql:
    return f"startswith({cell}, '[')"


def _of_json(cell: Sql, tidied: Callable[[Sql], Sql]) -> Sql:
    items = f"from_json({cell}, 'array<string>')"
    return only(each(items, tidied), lambda item: f"{item} is not null")


def read_texts(options: ListType, source: Sql) -> Reading:
    """A list of texts, each once, in their order."""

    def parse(cell: Sql) -> Sql:
        return case(
            (f"{cell} is not null", f"array_distinct({cleaned_items_of(cell, options.separators)})")
        )

    reading = Reading(
        cell=clean_text(source),
        parse=parse,
        value=_filled(options.max_items),
        problems=(_no_item, *unseen(source, cell_is_null)),
        sql_type="array<string>",
        written=lambda cell: f"coalesce({cell}, {source})",
    )
    return _bounded(reading, options.max_items)


def read_urls(options: ListType, source: Sql, base_url: str | None, most: int | None) -> Reading:
    """A list of URLs, each once; items that are none are dropped and told."""
    limit = min((n for n in (options.max_items, most) if n is not None), default=None)

    def parse(cell: Sql) -> Sql:
        items = each(items_of(cell, options.separators), lambda item: address(item, base_url))
        return case((f"{cell} is not null", f"array_distinct({items})"))

    def value(cell: Sql, parsed: Sql) -> Sql:
        return _filled(limit)(cell, only(parsed, lambda item: f"{item} is not null"))

    dropped = Problem("invalid", lambda _, parsed: f"exists({parsed}, x -> x is null)", False)
    reading = Reading(source, parse, value, (dropped, _no_item), "array<string>")
    return _bounded(reading, limit)


def _bounded(reading: Reading, limit: int | None) -> Reading:
    return replace(reading, also=(_too_many(limit),)) if limit else reading


def _filled(limit: int | None) -> Callable[[Sql, Sql], Sql]:
    """The first items, null instead of none."""

    def value(_: Sql, items: Sql) -> Sql:
        cut = f"slice({items}, 1, {limit})" if limit else items
        return case((f"size({items}) > 0", cut))

    return value


_no_item = Problem(
    "no_text", lambda cell, parsed: f"({cell} is not null and coalesce(size({parsed}), 0) = 0)"
)


def _too_many(limit: int) -> Problem:
    def more(_: Sql, parsed: Sql) -> Sql:
        return f"(size({only(parsed, lambda item: f'{item} is not null')}) > {limit})"

    return Problem("too_many", more, False)


def joined(columns: list[Sql]) -> Sql:
    """One cell of several columns, each value of which is an item."""
    if len(columns) == 1:
        return columns[0]
    return f"nullif(concat_ws({text(JOINT)}, {', '.join(columns)}), '')"


def shown(cell: Sql) -> Sql:
    """A joined cell as a person reads it."""
    return f"replace(trim(trailing {text(JOINT)} from {cell}), {text(JOINT)}, '>')"


def read_category(options: CategoryPathType, sources: list[Sql]) -> Reading:
    """A path of cleaned names, from the widest to the narrowest; level 1 must be there.

    `sources` are one to be split, or one a level.
    """
    source, columns = joined(sources), [clean_text(one) for one in sources]
    if len(columns) == 1:
        separators = options.separators + "＞›»"
        return _category(columns[0], lambda c: cleaned_items_of(c, separators), source)
    levels = ", ".join(f"coalesce({column}, '')" for column in columns)
    cell = f"nullif(concat_ws({text(JOINT)}, {levels}), {text(JOINT * (len(columns) - 1))})"
    return _category(cell, lambda cell: f"split({cell}, {text(JOINT)})", source)


def _category(cell: Sql, parse: Callable[[Sql], Sql], source: Sql) -> Reading:
    """Blank levels go, but not the first: what it is below is not known then."""
    return Reading(
        cell=cell,
        parse=lambda c: case((f"{c} is not null", parse(c))),
        value=lambda _, parsed: case(
            (f"get({parsed}, 0) <> ''", only(parsed, lambda item: f"{item} <> ''"))
        ),
        problems=(Problem("missing", _without_first), *unseen(source, cell_is_null)[1:]),
        sql_type="array<string>",
        written=lambda cell: f"coalesce({cell}, {source})",
    )


def _without_first(cell: Sql, parsed: Sql) -> Sql:
    return f"({cell} is not null and coalesce(get({parsed}, 0), '') = '')"
