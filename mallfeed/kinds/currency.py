"""Currencies, by their ISO 4217 codes."""

from __future__ import annotations

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.currencies import words_of
from mallfeed.kinds.sql.vocabulary import meaning_of
from mallfeed.kinds.target import Target
from mallfeed.kinds.text import TextType


def _read(_options: FieldType, cells: Cells, _target: Target, context: Context) -> Reading:
    """An ISO code in any case, or a usual symbol or word."""
    words = {word.lower(): code for word, code in words_of(context.currency).items()}
    return Reading(
        cell=cells.first,
        parse=lambda cell: meaning_of(cell, words),
        problems=(unreadable("unknown"),),
    )


CURRENCY: Kind[FieldType] = Kind(
    name="currency",
    default=TextType(),
    holds=("text",),
    read=_read,
    problems=("unknown",),
    raw_types=("string",),
    max_length=3,
)
