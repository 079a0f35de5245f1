"""Whether a feed contains only changes, and with which words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mallfeed.authoring.suggest.profile import profile
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.values import OPERATIONS
from mallfeed.catalog.feed_spec import Operation
from mallfeed.catalog.names import roles_of

_FILE = re.compile(r"summary|delta|change|diff|incr|update|요약|변경|증분", re.IGNORECASE)


@dataclass(frozen=True)
class Changes:
    """The column that says what happens to a product, its words, and why."""

    column: str
    upsert: tuple[str, ...]
    delete: tuple[str, ...]
    confidence: float
    why: str

    @property
    def usual(self) -> bool:
        """Whether the catalog already knows the words."""
        known = Operation.model_validate({"from": "op"})
        return set(self.upsert) <= set(known.upsert) and set(self.delete) <= set(known.delete)


def changes_in(sample: Sample, file_name: str) -> Changes | None:
    """The operation column of a delta; None for a full feed."""
    for column in sample.columns:
        named = roles_of(column.name).get("operation", 0.0)
        least = 0.75 if named >= 0.9 else 0.99
        if named < 0.5 or not column.values or column.share("operation") < least:
            continue
        if column.filled < 0.95 or len(column.values) > 8:
            continue
        known = [value for value in column.values if value.strip().lower() in OPERATIONS]
        words = {value: OPERATIONS[value.strip().lower()] for value in known}
        upsert = tuple(word for word, meaning in words.items() if meaning == "upsert")
        delete = tuple(word for word, meaning in words.items() if meaning == "delete")
        if (
            not delete
            and not _FILE.search(file_name)
            and {w.lower() for w in upsert} <= {"i", "insert"}
        ):
            continue  # full EPs carry `class` too
        sure = named * (0.97 if delete else 0.75)
        told = ", ".join(f"{word} {count:,}" for word, count in column.words)
        return Changes(column.name, upsert, delete, sure, f"it says what happens: {told}")
    return None


def without_deletes(sample: Sample, changes: Changes) -> Sample:
    """The records that describe a product: the other columns of a delete are blank or meaningless."""
    gone = set(changes.delete)
    kept = [i for i, cell in enumerate(sample[changes.column].cells) if cell not in gone]
    if not kept:
        return sample
    columns = tuple(
        profile(c.name, [c.cells[i] for i in kept], c.sql_type, c.element_of)
        for c in sample.columns
    )
    return replace(sample, columns=columns)
