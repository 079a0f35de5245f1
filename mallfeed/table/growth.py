"""How an existing table comes to have the columns that a release writes: by adding them, or not at all. Pure.

Iceberg tables, warehouse tables and index mappings all grow by this one rule:

- A column that this release knows and the table lacks is added; it is null in existing rows.
- A column that this release does not know belongs to a later release, and is left alone.
- Any other difference cannot be resolved by adding columns: a type that cannot hold what is written,
  or a missing column that every table has had from the start. Such a table is refused, with all such
  columns in one message, before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import eq

from mallfeed.errors import Terminal


@dataclass(frozen=True)
class Wanted:
    """A column as this release writes it.

    Attributes
    ----------
    addable : whether a table may be older than the column. If not, a missing column was dropped, and
        its values are lost
    """

    name: str
    type: str
    addable: bool = True


@dataclass(frozen=True)
class Difference:
    """A difference in a column that cannot be resolved by adding one.

    `found` is the column's type in the table, None if the column is gone; `kind` is the word for columns
    at that place.
    """

    place: str
    column: str
    expected: str
    found: str | None
    kind: str = "column"

    def __str__(self) -> str:
        found = "is gone" if self.found is None else f"is {self.found}"
        return f"{self.place}: {self.kind} {self.column} {found}, expected {self.expected}"


@dataclass(frozen=True)
class Growth:
    """The columns that a table lacks (`add`, in the release's order), and the differences that remain."""

    add: tuple[Wanted, ...] = ()
    differences: tuple[Difference, ...] = ()


class SchemaDiffers(Terminal):
    """A table or index does not fit this release, and adding columns cannot change that. Nothing was written.

    Attributes
    ----------
    differences : every column that differs from what this release writes
    """

    def __init__(self, differences: Sequence[Difference], what_to_do: str) -> None:
        listed = "; ".join(map(str, differences))
        super().__init__(f"{listed}. Nothing was written. {what_to_do}")
        self.differences = tuple(differences)


def growth(
    place: str,
    wanted: Iterable[Wanted],
    found: Mapping[str, str],
    fits: Callable[[str, str], bool] = eq,
    kind: str = "column",
) -> Growth:
    """The columns to add to the table at `place` (its name in messages), and the differences that remain.

    `found` is column → type in the table. `fits(found, expected)` says whether a column of the found type
    can hold every value of the expected one. `kind` is the word for a column there in messages.
    """
    add, differences = [], []
    for column in wanted:
        held = found.get(column.name)
        if held is None and column.addable:
            add.append(column)
        elif held is None or not fits(held, column.type):
            differences.append(Difference(place, column.name, column.type, held, kind))
    return Growth(tuple(add), tuple(differences))


def refuse(growths: Iterable[Growth], what_to_do: Callable[[Sequence[Difference]], str]) -> None:
    """Raises SchemaDiffers if differences remain; `what_to_do` makes its advice from them."""
    differences = [one for each in growths for one in each.differences]
    if differences:
        raise SchemaDiffers(differences, what_to_do(differences))
