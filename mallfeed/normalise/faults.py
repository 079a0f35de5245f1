"""What is told about a row: rejects and warnings as arrays of (code, field, value)."""

from __future__ import annotations

from dataclasses import dataclass

from mallfeed.kinds.sql.pieces import Sql, called, case, text
from mallfeed.reading.raw_columns import NOTES

FAULTS_TYPE = "array<struct<code:string,field:string,value:string>>"
NONE = f"cast(array() as {FAULTS_TYPE})"


@dataclass(frozen=True)
class Told:
    """One thing that may be told.

    Attributes
    ----------
    code : SQL of the code, null when all is well
    field : canonical field, or source column where the fault is not a field's
    value : SQL of what the mall wrote
    """

    code: Sql
    field: str | None
    value: Sql


def any_of(told: list[Told]) -> Sql:
    """Whether one of them holds."""
    return f"(coalesce({', '.join(one.code for one in told)}) is not null)" if told else "false"


def listed(told: list[Told]) -> Sql:
    """Those that hold, as an array; a row without any pays for one look at each code."""
    if not told:
        return NONE
    return case((any_of(told), _faults(told)), otherwise=NONE)


def is_torn() -> Sql:
    """Whether the record could not be taken apart."""
    return f"coalesce(not {_is_noted()}, false)"


def noted() -> Told:
    """What was wrong with a record that was read all the same."""
    return Told(case((_is_noted(), "_fault")), None, "_fault_detail")


def _is_noted() -> Sql:
    return f"(_fault in ({', '.join(map(text, NOTES))}))"


def torn() -> Sql:
    """A record that could not be taken apart: its fault is all there is to tell."""
    return _faults([Told("_fault", None, "_fault_detail")])


def _faults(told: list[Told]) -> Sql:
    codes = ", ".join(one.code for one in told)
    values = ", ".join(f"cast({one.value} as string)" for one in told)
    # One field a line: a column's name may hold line ends (an attribute is called by its column).
    fields = "\n".join(" ".join((one.field or "").split("\n")) for one in told)
    return called("faults", f"array({codes})", text(fields), f"array({values})")
