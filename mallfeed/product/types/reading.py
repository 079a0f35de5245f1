"""What reading a field consists of: cell, parsed, value, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

Sql = str
"""Spark SQL text of an expression."""


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
    condition: Callable[[Sql, Sql], Sql]
    loses_value: bool = True


@dataclass(frozen=True)
class Reading:
    """How a field is read, in steps that become projections of their own (each computed once).

    Attributes
    ----------
    cell : SQL over the source columns: what the mall wrote, null when blank
    parse : cell → parsed, null when it cannot be read
    value : (cell, parsed) → the value, before it is cast to the field's type
    problems : what may be wrong, the first that holds is told
    sql_type : Spark type of the value
    cleaned : the cell stands in the projection behind the one that cleans texts
    also : what is told beside that
    source : SQL over the source columns of what the mall wrote, where the cell is cleaned of it
    """

    cell: Sql
    parse: Callable[[Sql], Sql]
    value: Callable[[Sql, Sql], Sql] = lambda _cell, parsed: parsed
    problems: tuple[Problem, ...] = ()
    sql_type: str = "string"
    cleaned: bool = False
    also: tuple[Problem, ...] = ()
    source: Sql | None = None

    def with_problem(self, problem: Problem, *, first: bool = False) -> Reading:
        """The same reading with one more thing that may be wrong."""
        problems = (problem, *self.problems) if first else (*self.problems, problem)
        return replace(self, problems=problems)


class Cleaning:
    """Cells to be cleaned together: one expression for all of a kind keeps the plan small."""

    def __init__(self) -> None:
        self.lines: list[Sql] = []
        self.fragments: list[Sql] = []
        self.addresses: dict[str | None, list[Sql]] = {}

    def line(self, source: Sql) -> Sql:
        """Where the cleaned text of a source will stand."""
        self.lines.append(source)
        return f"get(_lines, {len(self.lines) - 1})"

    def fragment(self, source: Sql) -> Sql:
        """Where the readable text of an HTML fragment will stand."""
        self.fragments.append(source)
        return f"get(_fragments, {len(self.fragments) - 1})"

    def address(self, source: Sql, base_url: str | None) -> Sql:
        """Where the absolute URL of a source will stand."""
        same_base = self.addresses.setdefault(base_url, [])
        same_base.append(source)
        return f"get(_urls_{list(self.addresses).index(base_url)}, {len(same_base) - 1})"


@dataclass(frozen=True)
class Context:
    """What a type knows of the catalog around it.

    Attributes
    ----------
    currency : the catalog's ISO 4217 code
    timezone : zone of times that name none
    base_url : makes relative URLs absolute; None = they are invalid
    cleaning : where texts are handed in to be cleaned
    """

    currency: str
    timezone: str
    base_url: str | None
    cleaning: Cleaning = field(default_factory=Cleaning)


def unreadable(kind: str) -> Problem:
    """The cell holds something, and nothing could be made of it."""
    return Problem(kind, lambda cell, parsed: f"({cell} is not null and {parsed} is null)")


def longer_than(length: int) -> Problem:
    """The text was cut."""
    return Problem("too_long", lambda cell, _: f"(char_length({cell}) > {length})", False)
