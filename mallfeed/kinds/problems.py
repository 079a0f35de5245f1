"""What may be wrong with a cell, as far as several kinds share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mallfeed.kinds.kind import FINDING_PROBLEMS
from mallfeed.kinds.reading import Condition, Problem, Reading
from mallfeed.kinds.sql.amounts import as_amount
from mallfeed.kinds.sql.clean import MAX_CELL
from mallfeed.kinds.sql.items import has_blank_item, has_long_item
from mallfeed.kinds.sql.pieces import Sql, called, case, cut, is_longer, only, stripped
from mallfeed.kinds.sql.text_marks import has_text_mark

OF_ALL = (
    *FINDING_PROBLEMS,
    "from_elsewhere",
    "blank_word",
    "not_a_value",
    "other_shape",
    "undecodable",
    "not_calculated",
)
"""What may be wrong with any cell, whatever its kind; `mallfeed.kinds.read` finds most of it."""


def unreadable(kind: str) -> Problem:
    """The cell holds something, and nothing could be made of it."""
    return Problem(kind, lambda cell, parsed: f"({cell} is not null and {parsed} is null)")


def unseen(is_gone: Condition, source: Sql | None = None) -> tuple[Problem, ...]:
    """What cleaning may take out of a text, the cell if no other, that the mall must be told of.

    No text at all behind the markup, where `is_gone` says that none was left; everything behind a
    script, style or comment that is never closed; what is behind the first MAX_CELL characters.
    """

    def no_text(cell: Sql, parsed: Sql) -> Sql:
        return f"({is_gone(cell, parsed)} and {called('is_written', source or cell)})"

    return (
        Problem("no_text", no_text),
        Problem("unclosed", lambda cell, _: called("unclosed", source or cell), False),
        Problem("too_long", lambda cell, _: is_longer(source or cell, MAX_CELL), False),
    )


def cleaned(clean: Callable[[Sql], Sql], source: Sql, words: Sql, *lengths: int | None) -> Reading:
    """A text as `clean` leaves it, cut at the shortest of the lengths; null where one of the words is
    all that it leaves (`<b>N/A</b>`)."""
    word = Problem(
        "blank_word",
        lambda cell, parsed: (
            f"({parsed} is null and {called('no_value', clean(cell), words)} is not null)"
        ),
    )
    whole = Reading(
        source,
        lambda cell: called("value_in", clean(cell), words),
        problems=(word, *unseen(_nothing_is_left)),
        blank=_nothing_is_left,
        written=lambda cell: f"coalesce({clean(cell)}, {cell})",
    )
    limits = [length for length in lengths if length is not None]
    if not limits:
        return whole
    length = min(limits)
    short = replace(whole, value=lambda _, clean_one: cut(clean_one, length))
    too_long = Problem("too_long", lambda _, parsed: is_longer(parsed, length), False)
    return short.with_problem(too_long, first=True)


def _nothing_is_left(_cell: Sql, text: Sql) -> Sql:
    return f"({text} is null)"


def text_mark(texts: Sequence[Sql] = ()) -> Problem:
    """A spreadsheet's mark came off a code: the cell, or any of the texts that it was put together from."""

    def is_marked(cell: Sql, _parsed: Sql) -> Sql:
        marked = [f"coalesce({has_text_mark(stripped(one))}, false)" for one in texts or (cell,)]
        return f"({' or '.join(marked)})"

    return Problem("text_mark", is_marked, False)


def long_item(characters: int | None) -> tuple[Problem, ...]:
    """Items that are cut; none where they may be of any length."""
    if characters is None:
        return ()
    return (Problem("too_long", lambda cell, items: has_long_item(cell, items, characters), False),)


def blank_item(separators: str, words: Sql) -> tuple[Problem, ...]:
    """Items that are words which mean nothing; none where no word does."""
    if words == "''":
        return ()

    def has_one(cell: Sql, _items: Sql) -> Sql:
        return has_blank_item(cell, separators, words)

    return (Problem("blank_word", has_one, False),)


def odd_item(texts: Sequence[Sql], is_odd: Callable[[Sql], Sql], *, loses_value: bool) -> Problem:
    """A list or an object stands where one item belongs, in any of the texts that a value is put together from."""
    odd = " or ".join(is_odd(one) for one in texts)
    return Problem("not_a_value", lambda _cell, _parsed: f"({odd})", loses_value)


def too_many(limit: int | None, kept: Callable[[Sql], Sql]) -> tuple[Problem, ...]:
    """Items behind the last that there may be, of those that are kept; none without a limit."""
    if not limit:
        return ()
    return (Problem("too_many", lambda _, items: f"(size({only(items, kept)}) > {limit})", False),)


def within(reading: Reading, low: float, high: float) -> Reading:
    """The reading of an amount, with none outside the bounds."""

    def outside(parsed: Sql) -> Sql:
        return f"({parsed} not between {as_amount(low)} and {as_amount(high)})"

    inside = replace(reading, value=lambda _, parsed: case((f"not {outside(parsed)}", parsed)))
    return inside.with_problem(Problem("out_of_range", lambda _, parsed: outside(parsed)))


def tightest_low(*bounds: float | None) -> float:
    """The highest of the lower bounds that there are."""
    return max(bound for bound in bounds if bound is not None)


def tightest_high(*bounds: float | None) -> float:
    """The lowest of the upper bounds that there are."""
    return min(bound for bound in bounds if bound is not None)
