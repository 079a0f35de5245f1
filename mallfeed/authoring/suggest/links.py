"""A column whose cells are links has two things to say: its texts, and where they lead.

A field that holds addresses is read from the targets, any other one from the texts (`mallfeed.kinds.sql.marks.LINK`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mallfeed.authoring.suggest.profile import Column, profile
from mallfeed.authoring.suggest.values import is_url
from mallfeed.kinds.sql.marks import LINK, LINKED_TEXT, unmarked

_MOST = 0.5
_TELLS_MORE = 2
"""How many times as many targets as texts there are where the texts only say that there is a link: `View`."""


def linked(name: str, cells: Sequence[str | None], sql_type: str) -> Iterator[Column]:
    """The column as it is looked at: its texts, with the targets of its links beside them; or the targets alone,
    where the texts say nothing of a product."""
    texts = [None if cell is None else unmarked(cell) for cell in cells]
    targets = [_target(cell) for cell in cells]
    filled = sum(1 for cell in cells if cell)
    if sum(1 for one in targets if one and is_url(one)) <= _MOST * filled:
        yield profile(name, texts, sql_type)
    elif len(set(targets)) >= _TELLS_MORE * len(set(texts)):
        yield profile(name, targets, sql_type)
    else:
        yield profile(name, texts, sql_type)
        if any(cell and cell[:1] == LINK for cell in cells):
            yield profile(f"{LINK}{name}", targets, sql_type, element_of=name)


def is_of_targets(column: Column) -> bool:
    """Whether it holds the targets of a column that has texts as well."""
    return column.name[:1] == LINK


def named_in_file(column: str) -> str:
    """The name of the column in the file."""
    return column.removeprefix(LINK)


def _target(cell: str | None) -> str | None:
    if cell is None or cell[:1] != LINK:
        return None if cell is None else unmarked(cell)
    return cell[1:].partition(LINKED_TEXT)[0] or None
