"""How a schema grows over releases: columns are added, nothing else. Pure, for tables of any sort.

A release that adds a field finds tables made by the release before: the column is added, null in the
rows that are there. A column that it does not know is a later release's, and stays. What is not
additive is refused before anything is written (docs/decisions/schema-growth.md).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mallfeed.errors import SchemaDiffers

Column = tuple[str, str]
"""Name and type, as its table names types."""


def additions(
    table: str, ours: Sequence[Column], found: Sequence[Column], added: Collection[str]
) -> tuple[Column, ...]:
    """The columns that the table lacks, in order.

    `ours` are this release's, `found` those of the table, `added` names those that came after the first
    release: only they can be missing from a table that is whole. Raises SchemaDiffers, which names each
    column that has another type or is gone.
    """
    there = dict(found)
    wrong = [
        f"{name} is {there[name]}, this release writes {kind}"
        for name, kind in ours
        if name in there and there[name] != kind
    ]
    wrong += [
        f"{name} ({kind}) is gone" for name, kind in ours if name not in there and name not in added
    ]
    if wrong:
        raise SchemaDiffers(
            f"{table} has other columns than this release writes to: {'; '.join(wrong)}. Nothing has been "
            "written. A column neither changes its type nor goes: bring it back as it was, or go on "
            "with the release that made the table; a field of another type is a new field under a "
            "new name (docs/decisions/schema-growth.md)"
        )
    return tuple((name, kind) for name, kind in ours if name not in there)
