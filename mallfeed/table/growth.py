"""How what a table has becomes what a release writes: by adding columns, or not at all. Pure.

Iceberg tables, warehouse tables and index mappings grow by this one rule:

- A column that this release knows and the table lacks is added; it is null in the rows that are there.
- A column that this release does not know is a later release's, and is left alone.
- All else is no addition: a type that cannot hold what is written, or a column that every table has had
  and that is gone. It is refused, with all such columns at once, before anything is written.
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
    addable : whether a table may be older than the column; one that is missing otherwise is gone, and
        its values with it
    """

    name: str
    type: str
    addable: bool = True


@dataclass(frozen=True)
class Difference:
    """A column that adding cannot mend; `found` is its type in the table, None for one that is gone.

    `kind` is what such columns are called at that place.
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
    """What a table lacks (`add`, in the release's order) and what adding cannot mend (`differences`)."""

    add: tuple[Wanted, ...] = ()
    differences: tuple[Difference, ...] = ()


class SchemaDiffers(Terminal):
    """A table or index cannot be brought to this release by adding to it; nothing was written.

    Attributes
    ----------
    differences : every column that is not as this release writes it
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
    """What is to be added to the table at `place` (as messages name it).

    `found` is column → type as the table has it, `fits(found, expected)` whether a column of the found
    type holds everything that is written as the expected one; `kind` is what messages call a column there.
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
    """Raises SchemaDiffers when adding cannot mend some of them; `what_to_do` says what can."""
    differences = [one for each in growths for one in each.differences]
    if differences:
        raise SchemaDiffers(differences, what_to_do(differences))
