"""The field that a value is read for: its name and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mallfeed.kinds.blank_words import EVERYWHERE

End = Literal["start", "end"]
"""An end of a time."""


@dataclass(frozen=True)
class Target:
    """What a reading must keep to, whatever the catalog says.

    Attributes
    ----------
    name : the canonical field, or `attributes.<name>`
    max_length : most characters after cleaning, of a list's or path's each item; None = the kind
        itself keeps it short
    max_items : most items of a list or path
    minimum, maximum : of a number
    values : the words of an enum
    spellings : canonical word (or number) → the words that mean it, without spaces, hyphens, capitals
    blank : the word that a blank cell means; None = it means nothing
    blank_words : words that mean nothing in it, unless the catalog says which; empty = any text counts
    holds_objects : a list or an object of a nested record is kept, as JSON text, and bytes as hex
        digits, whatever its kind
    is_code : its text is a code, off which a spreadsheet's text mark comes
    may_be_code : its text may be a code: a mark that can be nothing else comes off it
    zero_is_none : an amount of zero is none: of several columns the next one is read
    sales : of several columns so many hold the price of a sale, which is none where it is no lower than the next
        column's
    bounds : of a moment that a time begins or ends with, which of both it is. A day without a time means its
        beginning or its end, and what is out of range the furthest moment that counts
    interval : the end of an interval that is read (`start/end`), where the catalog says that cells hold both
    by_country : there may be several of it, one per country: that of the catalog's country is taken
    """

    name: str
    max_length: int | None = field(default=None, kw_only=True)
    max_items: int | None = field(default=None, kw_only=True)
    minimum: float | None = field(default=None, kw_only=True)
    maximum: float | None = field(default=None, kw_only=True)
    values: tuple[str, ...] = field(default=(), kw_only=True)
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict, kw_only=True, hash=False)
    blank: str | None = field(default=None, kw_only=True)
    blank_words: tuple[str, ...] = field(default=EVERYWHERE, kw_only=True)
    holds_objects: bool = field(default=False, kw_only=True)
    is_code: bool = field(default=False, kw_only=True)
    may_be_code: bool = field(default=False, kw_only=True)
    zero_is_none: bool = field(default=False, kw_only=True)
    sales: int = field(default=0, kw_only=True)
    by_country: bool = field(default=False, kw_only=True)
    bounds: End | None = field(default=None, kw_only=True)
    interval: End | None = field(default=None, kw_only=True)

    @property
    def words(self) -> dict[str, str]:
        """Each spelling → what it means."""
        return {word: meant for meant, words in self.spellings.items() for word in words}
