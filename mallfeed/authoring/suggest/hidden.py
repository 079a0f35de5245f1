"""Products that the mall itself does not show: which column says so, and the rule of `rows` that leaves them out.

A full export has what is 진열안함, a draft or archived beside what is for sale. It is left out where the column's name and its
words leave no doubt, and asked about where they do: a rule too many takes products out of the shop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mallfeed.authoring.suggest.hidden_words import (
    is_no,
    is_of_channel,
    is_yes,
    means_hidden,
    means_shown,
    said_by,
)
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.several_rows import SeveralRows
from mallfeed.authoring.suggest.sql_names import literal, quoted
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.values import word_of
from mallfeed.wording import how_many, verb

RULE = "hidden"
"""The name of the rule."""
_MOST_WORDS = 12
"""Distinct values; what has more of them is no status."""


@dataclass(frozen=True)
class Telling:
    """A column that says which products the mall hides.

    Attributes
    ----------
    column : its name
    words : its values that mean hidden, as they stand in the file
    is_sure : whether the name and all values leave no doubt
    places : of the sampled products, those that it says to be hidden
    is_text : whether the column's own type is text
    """

    column: str
    words: tuple[str, ...]
    is_sure: bool
    places: frozenset[int]
    is_text: bool = True

    @property
    def rule(self) -> str:
        """The condition that is true of these products."""
        name = quoted(self.column) if self.is_text else f"cast({quoted(self.column)} as string)"
        folded = any(word.lower() != word.upper() for word in self.words)
        cell = f"lower(trim({name}))" if folded else f"trim({name})"
        words = [literal(one) for one in dict.fromkeys(word.lower() for word in self.words)]
        return f"{cell} = {words[0]}" if len(words) == 1 else f"{cell} in ({', '.join(words)})"


@dataclass(frozen=True)
class Hidden:
    """What a draft leaves out as hidden, and what it asks about.

    Attributes
    ----------
    left_out, asked : the columns that say so without a doubt, and those that may say so
    rows : how many products were sampled
    what : what one of them is called, `row` or `product`
    inherited : of the columns that are left out by, those that are blank in some rows of an article
    """

    left_out: tuple[Telling, ...] = ()
    asked: tuple[Telling, ...] = ()
    rows: int = 0
    what: str = "row"
    inherited: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The condition of `rows.drop`; empty where nothing is left out."""
        return " or ".join(one.rule for one in self.left_out)

    def doubts(self) -> Iterator[tuple[str, str]]:
        """(`rows`, what is to be checked)."""
        if self.left_out:
            count = len(frozenset[int]().union(*(one.places for one in self.left_out)))
            said = " and ".join(_shown(one) for one in self.left_out)
            yield (
                "rows",
                f"{count:,} of {how_many(self.rows, self.what)} {verb(count, 'is', 'are')} left out by `rows.drop.{RULE}`, as products that the "
                f"mall hides, by {said}. Confirm it with the mall, or delete the rule",
            )
        for one in self.asked:
            rule = f'rows: {{drop: {{{RULE}: "{one.rule}"}}}}'
            count = len(one.places)
            yield (
                "rows",
                f"{_shown(one)} may be products that the mall hides: {count:,} of {how_many(self.rows, self.what)}, which the "
                f"draft keeps. If they are, leave them out by `{rule}`",
            )


def _shown(one: Telling) -> str:
    return f"`{one.column}` ({', '.join(one.words)})"


def hidden_in(
    whole: Sample,
    several: SeveralRows | None,
    fields: Sequence[FoundField],
    operation: str | None,
) -> Hidden:
    """Which products the file says to be hidden; of several rows of one product, as its rows are gathered.

    `operation` is the column of a delta that says what happens.
    """
    elsewhere = {operation} | {
        name for one in fields if one.name != "availability" for name in one.sources
    }
    found = [
        one
        for column in whole.columns
        if column.element_of is None and column.name not in elsewhere
        and (one := _telling(column, several)) is not None
    ]  # fmt: skip
    rows = whole.rows if several is None else several.products
    sure = [one for one in found if one.is_sure]
    if sure and len(frozenset[int]().union(*(one.places for one in sure))) >= rows:
        sure = []
    blank = {one.column for one in sure if whole[one.column].filled < 1}
    return Hidden(
        tuple(sure),
        tuple(one for one in found if one not in sure),
        rows,
        "row" if several is None else "product",
        tuple(one.column for one in sure if several is not None and one.column in blank),
    )


def without_flags(fields: Sequence[FoundField], sample: Sample, hidden: Hidden) -> list[FoundField]:
    """The fields; what only says which products are shown is no availability of those that are.

    A yes or a no in a column that may say either is `medium` at most.
    """
    gone = {one.column for one in hidden.left_out}
    return [
        one.doubted() if _is_flag(one, sample) else one
        for one in fields
        if one.name != "availability" or gone.isdisjoint(one.sources)
    ]


def _is_flag(one: FoundField, sample: Sample) -> bool:
    if one.name != "availability" or one.sources[0] not in sample:
        return False
    values = sample[one.sources[0]].values
    is_status = said_by(one.sources[0]) in ("status", "shown", "hidden")
    return is_status and bool(values) and all(is_yes(v) or is_no(v) for v in values)


def _telling(column: Column, several: SeveralRows | None) -> Telling | None:
    """What the column says of products that are hidden; None where it says nothing of it, or hides none."""
    says = said_by(column.name)
    if says is None or not 0 < len(column.values) <= _MOST_WORDS:
        return None
    words = [value for value in column.values if means_hidden(value)]
    flags: list[str] = []
    if says in ("shown", "hidden"):
        flags = [value for value in column.values if (is_no if says == "shown" else is_yes)(value)]
    elif says == "status" and all(is_yes(v) or is_no(v) for v in column.values):
        flags = [value for value in column.values if is_no(value)]
    hidden = (*words, *flags)
    if not hidden:
        return None
    rest = [value for value in column.values if value not in hidden]
    places = _places(column, frozenset(hidden), several)
    if not places:
        return None
    return Telling(
        column.name,
        hidden,
        _is_sure(column, says, flags, rest),
        places,
        column.sql_type == "string",
    )


def _is_sure(column: Column, says: str, flags: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether the others are plainly shown: neither sold out, nor something that nobody knows beside a yes or no."""
    if is_of_channel(column.name) or (says == "status" and flags):
        return False
    yes = is_yes if says != "hidden" else is_no
    shown = [value for value in rest if means_shown(value) or (yes(value) and says != "sale")]
    unknown = [value for value in rest if value not in shown]
    if any(word_of("availability", value) for value in unknown) or (flags and unknown):
        return False
    return bool(shown) or (says == "hidden" and column.filled < 1)


def _places(column: Column, words: frozenset[str], several: SeveralRows | None) -> frozenset[int]:
    """Of the products, those whose row has such a word, or inherits it."""
    cells = column.cells
    if several is None:
        return frozenset(place for place, cell in enumerate(cells) if cell in words)
    first: dict[int, str] = {}
    for group, cell in zip(several.groups, cells, strict=True):
        if cell:
            first.setdefault(group, cell)
    by_parent = "parent" in several.by
    return frozenset(
        place
        for place, row in enumerate(several.kept)
        if (cells[row] or first.get(several.groups[row])) in words
        or (by_parent and cells[several.groups[row]] in words)
    )
