"""Several values in one cell, from several columns, or in a JSON array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mallfeed.catalog.field_types import CategoryPathType, ListType
from mallfeed.normalise.types.reading import Problem, Reading, Sql, cell_is_null, cut, is_longer
from mallfeed.normalise.types.text import clean_text, unseen
from mallfeed.normalise.types.url import address, is_short
from mallfeed.product.fields import CanonicalField
from mallfeed.product.sql import called, case, each, only, stripped, text

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


def read_texts(options: ListType, source: Sql, target: CanonicalField) -> Reading:
    """A list of texts, each once, in their order; items that are too long are cut."""
    limit = _limit(options, target)

    def parse(cell: Sql) -> Sql:
        return case(
            (f"{cell} is not null", f"array_distinct({cleaned_items_of(cell, options.separators)})")
        )

    reading = Reading(
        cell=clean_text(source),
        parse=parse,
        value=lambda cell, items: _filled(limit)(cell, _cut(cell, items, target)),
        problems=(_no_item, *unseen(source, cell_is_null), *_long_item(target)),
        sql_type="array<string>",
        written=lambda cell: f"coalesce({cell}, {source})",
    )
    return _bounded(reading, limit)


def read_urls(
    options: ListType, source: Sql, base_url: str | None, target: CanonicalField
) -> Reading:
    """A list of URLs, each once; items that are none, or are too long, are dropped and told."""
    limit = _limit(options, target)

    def parse(cell: Sql) -> Sql:
        items = each(items_of(cell, options.separators), lambda item: address(item, base_url))
        return case((f"{cell} is not null", f"array_distinct({items})"))

    def kept(item: Sql) -> Sql:
        most = target.max_length
        return is_short(item, most) if most else f"{item} is not null"

    dropped = Problem("invalid", lambda _, parsed: f"exists({parsed}, x -> x is null)", False)
    reading = Reading(
        source,
        parse,
        lambda cell, parsed: _filled(limit)(cell, only(parsed, kept)),
        (dropped, _no_item, *_long_item(target)),
        "array<string>",
    )
    return _bounded(reading, limit, kept)


def _limit(options: ListType, target: CanonicalField) -> int | None:
    return min((n for n in (options.max_items, target.max_items) if n is not None), default=None)


def _cut(cell: Sql, items: Sql, target: CanonicalField) -> Sql:
    """The items, those that are too long cut."""
    most = target.max_length
    if most is None:
        return items
    return case(
        (_has_long_item(cell, items, most), each(items, lambda item: cut(item, most))),
        otherwise=items,
    )


def _long_item(target: CanonicalField) -> tuple[Problem, ...]:
    most = target.max_length
    if most is None:
        return ()
    return (Problem("too_long", lambda cell, items: _has_long_item(cell, items, most), False),)


def _has_long_item(cell: Sql, items: Sql, characters: int) -> Sql:
    """No item has more characters than its cell has bytes: most cells are done with by that."""
    longer = f"exists({items}, x -> {is_longer('x', characters)})"
    return f"(octet_length({cell}) > {characters} and {longer})"


def _bounded(
    reading: Reading,
    limit: int | None,
    kept: Callable[[Sql], Sql] = lambda item: f"{item} is not null",
) -> Reading:
    return replace(reading, also=(_too_many(limit, kept),)) if limit else reading


def _filled(limit: int | None) -> Callable[[Sql, Sql], Sql]:
    """The first items, null instead of none."""

    def value(_: Sql, items: Sql) -> Sql:
        first = f"slice({items}, 1, {limit})" if limit else items
        return case((f"size({items}) > 0", first))

    return value


_no_item = Problem(
    "no_text", lambda cell, parsed: f"({cell} is not null and coalesce(size({parsed}), 0) = 0)"
)


def _too_many(limit: int, kept: Callable[[Sql], Sql]) -> Problem:
    return Problem("too_many", lambda _, parsed: f"(size({only(parsed, kept)}) > {limit})", False)


def joined(columns: list[Sql]) -> Sql:
    """One cell of several columns, each value of which is an item."""
    if len(columns) == 1:
        return columns[0]
    return f"nullif(concat_ws({text(JOINT)}, {', '.join(columns)}), '')"


def shown(cell: Sql) -> Sql:
    """A joined cell as a person reads it."""
    return f"replace(trim(trailing {text(JOINT)} from {cell}), {text(JOINT)}, '>')"


def read_category(options: CategoryPathType, sources: list[Sql], target: CanonicalField) -> Reading:
    """A path of cleaned names, from the widest to the narrowest; level 1 must be there.

    `sources` are one to be split, or one a level. Names that are too long are cut, levels behind the
    last that there may be are left out.
    """
    source, columns = joined(sources), [clean_text(one) for one in sources]
    if len(columns) == 1:
        separators = options.separators + "＞›»"
        return _category(columns[0], lambda c: cleaned_items_of(c, separators), source, target)
    levels = ", ".join(f"coalesce({column}, '')" for column in columns)
    cell = f"nullif(concat_ws({text(JOINT)}, {levels}), {text(JOINT * (len(columns) - 1))})"
    return _category(cell, lambda cell: f"split({cell}, {text(JOINT)})", source, target)


def _category(
    cell: Sql, parse: Callable[[Sql], Sql], source: Sql, target: CanonicalField
) -> Reading:
    """Blank levels go, but not the first: what it is below is not known then."""
    most = target.max_items

    def filled(item: Sql) -> Sql:
        return f"{item} <> ''"

    def path(cell: Sql, parsed: Sql) -> Sql:
        levels = _cut(cell, only(parsed, filled), target)
        return f"slice({levels}, 1, {most})" if most else levels

    return Reading(
        cell=cell,
        parse=lambda c: case((f"{c} is not null", parse(c))),
        value=lambda cell, parsed: case((f"get({parsed}, 0) <> ''", path(cell, parsed))),
        problems=(
            Problem("missing", _without_first),
            *unseen(source, cell_is_null)[1:],
            *_long_item(target),
            *((_too_many(most, filled),) if most else ()),
        ),
        sql_type="array<string>",
        written=lambda cell: f"coalesce({cell}, {source})",
    )


def _without_first(cell: Sql, parsed: Sql) -> Sql:
    return f"({cell} is not null and coalesce(get({parsed}, 0), '') = '')"
