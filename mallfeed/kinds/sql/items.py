"""Several values in one cell, from several columns, or in a JSON array."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.kinds.sql.pieces import (
    Sql,
    called,
    case,
    cut,
    each,
    is_longer,
    text,
)

JOINT = "\ue01f"
"""Between items of a cell put together from columns: a private character, which cleaning keeps."""


def set_aside(cell: Sql, separators: str, escape: str | None) -> Sql:
    """The cell, a private character in place of each separator that `escape` stands before; `brought_back` undoes it."""
    for place, char in enumerate(separators if escape else ""):
        cell = f"replace({cell}, {text(f'{escape}{char}')}, {text(_private(place))})"
    return cell


def brought_back(items: Sql, separators: str, escape: str | None) -> Sql:
    """The items of a cell whose escaped separators were set aside, with them."""
    if not escape:
        return items
    private = "".join(_private(place) for place in range(len(separators)))
    return each(items, lambda item: f"translate({item}, {text(private)}, {text(separators)})")


def _private(place: int) -> str:
    return chr(ord(JOINT) + 1 + place)


def items_of(cell: Sql, separators: str, words: Sql) -> Sql:
    """The items of a cell: a JSON array's single values, else split at each separator, trimmed; blanks, and words that
    mean nothing, gone."""
    return called("items", cell, text(separators + JOINT), words)


def cleaned_items_of(cell: Sql, separators: str, words: Sql) -> Sql:
    """As `items_of`, of cleaned text, which has single spaces only: that is cheaper."""
    return called("clean_items", cell, text(separators + JOINT), words)


def has_blank_item(cell: Sql, separators: str, words: Sql) -> Sql:
    """Whether one of several items is a word that means nothing."""
    return called("has_blank_item", cell, text(separators + JOINT), words)


def has_odd_item(cell: Sql) -> Sql:
    """Whether the cell is a JSON object, or a JSON array with items that are no single values: lists, objects, true
    or false. It is never null."""
    return called("has_odd_item", cell)


def is_container(cell: Sql) -> Sql:
    """Whether the cell is a JSON object or a JSON array. It is never null."""
    return called("is_container", cell)


def cut_items(cell: Sql, items: Sql, characters: int | None) -> Sql:
    """The items, those that are longer cut; None = of any length."""
    if characters is None:
        return items
    return case(
        (has_long_item(cell, items, characters), each(items, lambda item: cut(item, characters))),
        otherwise=items,
    )


def has_long_item(cell: Sql, items: Sql, characters: int) -> Sql:
    """No item has more characters than its cell has bytes: most cells are done with by that."""
    longer = f"exists({items}, x -> {is_longer('x', characters)})"
    return f"(octet_length({cell}) > {characters} and {longer})"


def first_items(items: Sql, most: int | None) -> Sql:
    """The first items; None = all."""
    return f"slice({items}, 1, {most})" if most else items


def filled(items: Sql, most: int | None) -> Sql:
    """The first items, null instead of none."""
    return case((f"size({items}) > 0", first_items(items, most)))


def joined(columns: Sequence[Sql]) -> Sql:
    """One cell of several columns, each value of which is an item."""
    if len(columns) == 1:
        return columns[0]
    return f"nullif(concat_ws({text(JOINT)}, {', '.join(columns)}), '')"


def as_joint_items(cell: Sql) -> Sql:
    """The cell, of a JSON array its single values with JOINT between them."""
    return called("joint_items", cell, text(JOINT))


def as_joints(cell: Sql, separators: str) -> Sql:
    """The cell with white space that separates made to last: cleaning folds it."""
    blanks = "".join(char for char in separators if char.isspace())
    if not blanks:
        return cell
    return f"translate({cell}, {text(blanks)}, {text(JOINT * len(blanks))})"


def shown(cell: Sql) -> Sql:
    """A joined cell as a person reads it."""
    return f"replace(trim(trailing {text(JOINT)} from {cell}), {text(JOINT)}, '>')"
