"""Category paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind, as_joined
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import blank_item, long_item, odd_item, too_many, unseen
from mallfeed.kinds.reading import Context, Problem, Reading, cell_is_null
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.clean import clean_text
from mallfeed.kinds.sql.items import (
    JOINT,
    cleaned_items_of,
    cut_items,
    first_items,
    has_odd_item,
    is_container,
    joined,
)
from mallfeed.kinds.sql.pieces import Sql, case, matches, only, stripped, text
from mallfeed.kinds.target import Target

_ARROWS = "＞›»"
"""That separate levels whatever the catalog says."""


class CategoryPathType(FieldType):
    """A category path, from one split cell or from one column per level."""

    type: Literal["category_path"] = "category_path"
    separators: str = Field(default=">|", description="Each character of it separates levels.")


def _read(options: CategoryPathType, cells: Cells, target: Target, _context: Context) -> Reading:
    """A path of cleaned names, from the widest to the narrowest; level 1 must be there.

    The cells are one to be split, or one a level. Names that are too long are cut, levels behind the
    last that there may be are left out.
    """
    source, columns = joined(cells.texts), [clean_text(one) for one in cells.texts]
    # A path that lacks a level is another one. Of several columns each is one level, and no list.
    is_odd = has_odd_item if len(columns) == 1 else is_container
    odd = odd_item([stripped(one) for one in cells.texts], is_odd, loses_value=True)
    path = _of(options, cells, target, source, columns).with_problem(odd, first=True)
    value = path.value
    return replace(
        path,
        value=lambda cell, parsed: case(
            (f"not {odd.condition(cell, parsed)}", value(cell, parsed))
        ),
    )


def _of(
    options: CategoryPathType, cells: Cells, target: Target, source: Sql, columns: Sequence[Sql]
) -> Reading:
    if len(columns) == 1:
        separators = options.separators + _ARROWS
        path = _path(
            columns[0], lambda c: cleaned_items_of(c, separators, cells.words), source, target
        )
        also = (_only_numbers(separators), *blank_item(separators, cells.words))
        return replace(path, also=also)
    levels = ", ".join(f"coalesce({column}, '')" for column in columns)
    cell = f"nullif(concat_ws({text(JOINT)}, {levels}), {text(JOINT * (len(columns) - 1))})"
    path = _path(cell, lambda cell: f"split({cell}, {text(JOINT)})", source, target)
    return replace(path, also=(_only_numbers(""),))


def _path(cell: Sql, parse: Callable[[Sql], Sql], source: Sql, target: Target) -> Reading:
    """Blank levels go, but not the first: what it is below is not known then."""

    def is_filled(item: Sql) -> Sql:
        return f"{item} <> ''"

    def path(cell: Sql, parsed: Sql) -> Sql:
        levels = cut_items(cell, only(parsed, is_filled), target.max_length)
        return first_items(levels, target.max_items)

    no_text, *told = unseen(cell_is_null, source)
    return Reading(
        cell=cell,
        parse=lambda c: case((f"{c} is not null", parse(c))),
        value=lambda cell, parsed: case((f"get({parsed}, 0) <> ''", path(cell, parsed))),
        problems=(
            Problem("missing", _without_first),
            *told,
            *long_item(target.max_length),
            *too_many(target.max_items, is_filled),
            no_text,
        ),
        sql_type="array<string>",
        written=lambda cell: f"coalesce({cell}, {source})",
    )


def _only_numbers(separators: str) -> Problem:
    """Numbers of categories (Google's, Naver's) where their names belong."""
    between = "".join(f"\\{char}" for char in separators if not char.isalnum())
    pattern = f"^[0-9\\s{between}{JOINT}]*[0-9][0-9\\s{between}{JOINT}]*$"
    return Problem("only_numbers", lambda cell, _: matches(cell, pattern), False)


def _without_first(cell: Sql, parsed: Sql) -> Sql:
    return f"({cell} is not null and coalesce(get({parsed}, 0), '') = '')"


CATEGORY_PATH = Kind(
    name="category_path",
    options=CategoryPathType,
    default=CategoryPathType(),
    holds=("category_path",),
    read=_read,
    problems=("missing", "too_long", "too_many", "unclosed", "no_text"),
    holds_objects=True,
    sql_type="array<string>",
    as_text=as_joined,
    between=" > ",
)
