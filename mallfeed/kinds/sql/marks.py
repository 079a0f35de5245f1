"""Marks before the text of a cell: what a record has where one text or number belongs.

Readers of nested and of typed records write them (`mallfeed.reading`), for only they still see what stood
there. They are noncharacters, which no text holds; the JVM functions `no_value` and
`value_in` know them as well.
"""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, case, matches, text

NESTED = "\ufdd2"
"""A list or an object stands there, the text is its JSON."""
MISPLACED = "\ufdd3"
"""The path leads through something of another shape, and this is it: `a[0].url`, and `a[0]` is a text."""
BYTES = "\ufdd4"
"""The column holds bytes that are no text, the text is their hex digits."""
UNDECODABLE = "\ufdd5"
"""The same of single cells of a column that holds text."""
LINK, LINKED_TEXT = "\ufdd6", "\ufdd7"
"""A cell with a link: the first stands before its target, the second between that and the text."""
UNRESOLVED = "\ufdd8"
"""A formula without a result, or the error that it gave."""
NUMBER = "\ufdd9"
"""A JSON number that could be thousands if it were a text: `1.255` has its decimal mark by construction."""
OTHER_COUNTRY = "\ufddc"
"""Delivery fees of other countries only, which stand behind it; no reader's, but of `mallfeed.kinds.sql.fees`."""
BOOLEAN = "\ufddd"
"""JSON's true or false, the text is that word: what takes neither has a value as little as of an object."""
_ALL = BOOLEAN + NUMBER + NESTED + MISPLACED + BYTES + UNDECODABLE + UNRESOLVED + OTHER_COUNTRY

CONTAINER = r"^\s*+[{\[]"
"""How JSON begins that holds further values."""


def unmarked(cell: str) -> str:
    """The cell's text, for people."""
    if cell[:1] == LINK:
        return cell.partition(LINKED_TEXT)[2]
    return cell[1:] if cell[:1] and cell[:1] in _ALL else cell


def shown(cell: Sql) -> Sql:
    """`unmarked` in SQL."""
    return without(linked_text(cell), _ALL)


def linked_text(cell: Sql) -> Sql:
    """The text of a cell with a link; any other as it is."""
    behind = f"substring_index({cell}, {text(LINKED_TEXT)}, -1)"
    return case((f"startswith({cell}, {text(LINK)})", behind), otherwise=cell)


def link_target(cell: Sql) -> Sql:
    """The target of a cell with a link; any other as it is."""
    before = f"substring(substring_index({cell}, {text(LINKED_TEXT)}, 1), 2)"
    return case((f"startswith({cell}, {text(LINK)})", before), otherwise=cell)


def without(cell: Sql, taken: str) -> Sql:
    """The cell for what takes the values that are marked so; to what does not take true or false they are no values."""
    bare = f"trim(leading {text(taken)} from {cell})" if taken else cell
    return bare if BOOLEAN in taken else f"translate({bare}, {text(BOOLEAN)}, {text(NESTED)})"


def found(cell: Sql) -> Sql:
    """The cell for what looks into it; null where there is nothing that could be looked into."""
    gone = " or ".join(
        f"startswith({cell}, {text(mark)})" for mark in (MISPLACED, UNDECODABLE, UNRESOLVED)
    )
    return case((f"not ({gone})", linked_text(without(cell, BOOLEAN + NESTED + BYTES + NUMBER))))


def marked_json(value: Sql) -> Sql:
    """The text of a list or an object marked as such, nothing of an empty one; any other text as it is."""
    is_json = f"({matches(value, CONTAINER)} and get_json_object({value}, '$') is not null)"
    marked = f"concat({text(NESTED)}, {value})"
    return case((f"{value} in ('[]', '{{}}')", "null"), (is_json, marked), otherwise=value)
