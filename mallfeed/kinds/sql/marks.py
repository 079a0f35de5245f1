"""Marks before the text of a cell: what a record has where one text or number belongs.

Readers of nested and of typed records write them (`mallfeed.reading`), for only they still see what stood
there. They are noncharacters, which no text holds; the JVM functions `no_value` and
`value_in` know them as well.
"""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, called, text

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
    return text_of(cell, _ALL)


def text_of(cell: Sql, taken: str) -> Sql:
    """The cell's text for what takes the values that are marked so: of a cell with a link its text, and to what takes
    neither true nor false they are no values."""
    return called("text_of_cell", cell, text(taken))


def target_of(cell: Sql, taken: str) -> Sql:
    """The same, of a cell with a link its target."""
    return called("target_of_cell", cell, text(taken))


def found(cell: Sql) -> Sql:
    """The cell for what looks into it; null where there is nothing that could be looked into."""
    return called("found_in_cell", cell)


def marked_json(value: Sql) -> Sql:
    """The text of a list or an object marked as such, nothing of an empty one; any other text as it is."""
    return called("marked_json", value)
