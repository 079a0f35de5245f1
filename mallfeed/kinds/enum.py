"""Words of a fixed set, as malls write them in Korean and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from mallfeed.kinds.fault import OptionFault, Written
from mallfeed.kinds.kind import NUMBERS, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.pieces import text
from mallfeed.kinds.sql.vocabulary import key_of, meaning_of
from mallfeed.kinds.target import Target
from mallfeed.wording import listed, nearest, shown


class EnumType(FieldType):
    """A word of a fixed set. The usual Korean and English spellings are known already."""

    type: Literal["enum"] = "enum"
    values: dict[str, str] = Field(
        default_factory=dict,
        description="The mall's own words → canonical words, beside the ones already known.",
    )
    blank: str | None = Field(default=None, description="Canonical word for a blank cell.")


def vocabulary(options: EnumType, target: Target) -> dict[str, str]:
    """Looked-up word → canonical word, the mall's own words first."""
    known = {key_of(word): word for word in target.values} | target.words
    return known | {key_of(word): canonical for word, canonical in options.values.items()}


def _read(options: EnumType, cells: Cells, target: Target, _context: Context) -> Reading:
    """The canonical word; an unknown one is dropped and told."""
    words = vocabulary(options, target)
    blank = options.blank or target.blank
    cell = f"coalesce({cells.first}, {text(blank)})" if blank else cells.first
    return Reading(cell, lambda c: meaning_of(c, words), problems=(unreadable("unknown"),))


def _check(written: Written) -> Iterator[OptionFault]:
    """Words that the canonical field does not have."""
    target, values = written.target, written.options.get("values")
    if target is None or not target.values:
        return
    given: list[tuple[tuple[str, ...], Any]] = [(("blank",), written.options.get("blank"))]
    if isinstance(values, dict):
        given += [(("values", key), word) for key, word in values.items()]
    for path, word in given:
        if isinstance(word, str) and word not in target.values:
            what = f"{shown(word)} is no word of `{target.name}`"
            yield OptionFault(path, what, listed(target.values), nearest(word, target.values))


ENUM = Kind(
    name="enum",
    options=EnumType,
    default=EnumType(),
    holds=("enum",),
    read=_read,
    problems=("unknown",),
    known_words=vocabulary,
    check=_check,
    raw_types=("string", "boolean", *NUMBERS),
    max_length=16,
)
