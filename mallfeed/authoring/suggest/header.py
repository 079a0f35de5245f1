"""Whether the first record of a file names the columns."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.authoring.suggest.values import is_data
from mallfeed.catalog.names import PARTLY, is_known_name, roles_of


class KnownNames:
    """`mallfeed.formats.looking.Names`: what mallfeed knows of columns' names."""

    def is_known(self, cell: str) -> bool:
        """Whether a cell is a name that columns of feeds have."""
        return is_known_name(cell)

    def field(self, name: str) -> str:
        """The canonical field that a column of this name most likely holds; empty = none that is known."""
        field, sure = next(iter(roles_of(name).items()), ("", 0.0))
        return field if sure >= PARTLY else ""

    def are_first(self, records: Sequence[Sequence[str]]) -> tuple[bool, str]:
        """Whether the first record names the columns, and why."""
        return has_header(records)


def has_header(records: Sequence[Sequence[str]]) -> tuple[bool, str]:
    """Whether the first record names the columns, and why."""
    if not records:
        return True, "there is no record to show whether there is a header"
    first = [cell.strip() for cell in records[0]]
    named = sum(is_known_name(cell) for cell in first)
    data = sum(is_data(cell) for cell in first)
    filled = [cell for cell in first if cell]
    if data == 0 and (named >= 2 or (named and named >= len(filled) / 2)):
        return True, f"the first record has {named} known column names"
    if data > max(1, named):
        return False, f"no header: {data} cells of the first record are data as those below"
    if len(set(filled)) < len(filled) or not filled:
        return False, "no header: the first record says the same twice"
    below = [record for record in records[1:50] if any(cell.strip() for cell in record)]
    typed = [i for i in range(len(first)) if below and _mostly_data(below, i)]
    if typed and not any(is_data(first[i]) for i in typed):
        return True, "the first record is words where those below are data"
    return (True, "the first record is taken for the names") if named else (
        False, "no header: the first record looks as those below"
    )  # fmt: skip


def _mostly_data(records: Sequence[Sequence[str]], place: int) -> bool:
    return sum(is_data(record[place]) for record in records) > len(records) * 0.6
