"""Several values in one cell, from several columns, or in a JSON array."""

from __future__ import annotations

from mallfeed.catalog.field_types import CategoryPathType, ListType
from mallfeed.product.sql import case, each, let, matches, only, stripped, text
from mallfeed.product.types.reading import Problem, Reading, Sql, unreadable
from mallfeed.product.types.text import clean_text
from mallfeed.product.types.url import address

_JOINT = "\u001f"
"""Between items in a cell put together from columns; cleaned text never holds it."""


def items_of(cell: Sql, separators: str) -> Sql:
    """The items of a cell: a JSON array's, else split at each separator, trimmed, blanks gone."""
    characters = "".join(f"\\u{ord(char):04x}" for char in separators + _JOINT)
    parts = case(
        (matches(cell, r"^\s*+\["), f"coalesce(from_json({cell}, 'array<string>'), split({cell}, {text(f'[{characters}]')}))"),
        otherwise=f"split({cell}, {text(f'[{characters}]')})",
    )
    return only(each(parts, stripped), lambda item: f"{item} is not null")


def read_list(options: ListType, source: Sql, base_url: str | None, most: int | None) -> Reading:
    """A list of texts or URLs; items that cannot be read are dropped and told."""
    limits = [n for n in (options.max_items, most) if n is not None]
    limit = min(limits) if limits else None

    def read_item(item: Sql) -> Sql:
        return address(item, base_url) if options.item == "url" else clean_text(item)

    def parse(cell: Sql) -> Sql:
        return case((f"{cell} is not null", each(items_of(cell, options.separators), read_item)))

    def value(_: Sql, parsed: Sql) -> Sql:
        kept = f"array_distinct({only(parsed, lambda item: f'{item} is not null')})"
        cut = f"slice({kept}, 1, {limit})" if limit else kept
        return let(cut, lambda v: case((f"size({v}) > 0", v)))

    dropped = Problem("invalid", lambda _, parsed: f"exists({parsed}, x -> x is null)", False)
    reading = Reading(source, parse, value, (), "array<string>")
    if options.item == "url":
        reading = reading.with_problem(dropped)
    if limit:
        def too_many(_: Sql, parsed: Sql) -> Sql:
            kept = only(parsed, lambda item: f"{item} is not null")
            return f"(size({parsed}) > {limit} and size(array_distinct({kept})) > {limit})"

        reading = reading.with_problem(Problem("too_many", too_many, False))
    return reading


def joined(columns: list[Sql]) -> Sql:
    """One cell of several columns, each value of which is an item."""
    return columns[0] if len(columns) == 1 else f"nullif(concat_ws({text(_JOINT)}, {', '.join(columns)}), '')"


def read_category(options: CategoryPathType, columns: list[Sql]) -> Reading:
    """A path of cleaned names, from the widest to the narrowest; level 1 must be there."""
    if len(columns) > 1:
        cells = [f"coalesce({clean_text(column)}, '')" for column in columns]
        return Reading(
            cell=f"concat_ws({text(_JOINT)}, {', '.join(cells)})",
            parse=lambda cell: f"split({cell}, {text(_JOINT)})",
            value=lambda _, parsed: case(
                (f"get({parsed}, 0) <> ''", only(parsed, lambda item: f"{item} <> ''"))
            ),
            problems=(Problem("missing", lambda _, parsed: f"coalesce(get({parsed}, 0), '') = ''"),),
            sql_type="array<string>",
        )

    def parse(cell: Sql) -> Sql:
        return case((f"{cell} is not null", items_of(cell, options.separators + "＞›»")))

    return Reading(
        cell=clean_text(columns[0]),
        parse=parse,
        value=lambda _, parsed: case((f"size({parsed}) > 0", parsed)),
        problems=(
            unreadable("missing"),
            Problem("missing", lambda _, parsed: f"(size({parsed}) = 0)"),
        ),
        sql_type="array<string>",
    )
