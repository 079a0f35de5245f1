"""What reading a field consists of: cell, parsed, value, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from mallfeed.kinds.rules_of_versions import CLEAN_IDS, NEWEST_RULES
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql

Condition = Callable[[Sql, Sql], Sql]
"""SQL boolean of (cell, parsed)."""


@dataclass(frozen=True)
class Problem:
    """Something that can be wrong with a cell.

    Attributes
    ----------
    kind : what, as in the code `<field>_<kind>`
    condition : SQL boolean of (cell, parsed)
    loses_value : the field becomes null; a required field then rejects its row
    """

    kind: str
    condition: Condition
    loses_value: bool = True


def cell_is_null(cell: Sql, _parsed: Sql) -> Sql:
    """The mall wrote nothing."""
    return f"({cell} is null)"


@dataclass(frozen=True)
class Reading:
    """How a field is read, in steps: cell, parsed, value.

    Attributes
    ----------
    cell : SQL over the source columns: what the mall wrote, null when blank
    parse : cell → parsed, null when it cannot be read
    value : (cell, parsed) → the value, before it is cast to the field's type
    problems : what may be wrong, the first that holds is told
    sql_type : Spark type of the value
    also : what is told beside that
    blank : (cell, parsed) → whether there is nothing to read
    written : cell → what is told of the cell
    amount : (cell, SQL of its currency) → the amount in it; None = its kind knows no currency
    number : cell → the number in it, before an amount was fitted to its currency
    all_values : (cell, parsed) → all values where there may be several, of which `value` is the first; None = there
        is one
    unread : SQL of why something written is no value (`blank_word`, `not_a_value` …), else null
    """

    cell: Sql
    parse: Callable[[Sql], Sql]
    value: Callable[[Sql, Sql], Sql] = lambda _cell, parsed: parsed
    problems: tuple[Problem, ...] = ()
    sql_type: str = "string"
    also: tuple[Problem, ...] = ()
    blank: Callable[[Sql, Sql], Sql] = cell_is_null
    written: Callable[[Sql], Sql] = lambda cell: cell
    amount: Callable[[Sql, Sql], Sql] | None = None
    number: Callable[[Sql], Sql] = lambda cell: cell
    all_values: Callable[[Sql, Sql], Sql] | None = None
    unread: Sql = NO_TEXT

    def with_problem(self, problem: Problem, *, first: bool = False) -> Reading:
        """The same reading with one more thing that may be wrong."""
        problems = (problem, *self.problems) if first else (*self.problems, problem)
        return replace(self, problems=problems)


@dataclass(frozen=True)
class Context:
    """What a kind knows of the catalog around it.

    Attributes
    ----------
    currency : the catalog's ISO 4217 code
    timezone : zone of times that name none
    base_url : makes relative URLs absolute; None = they are invalid
    blank_words : words that mean nothing in the feed's fields; None = each field's own
    rules : by which ids are read (`mallfeed.kinds.rules_of_versions`)
    country : where the mall's shoppers are, in ISO 3166's two letters
    """

    currency: str
    timezone: str
    base_url: str | None
    blank_words: tuple[str, ...] | None = None
    rules: int = NEWEST_RULES
    country: str = "KR"

    @property
    def cleans_ids(self) -> bool:
        """Whether ids may come out otherwise than an earlier release made them."""
        return self.rules >= CLEAN_IDS
