"""What is told about a row: rejects and warnings as arrays of (code, field, value)."""

from __future__ import annotations

from dataclasses import dataclass

from mallfeed.product.sql import case, only, shortened, text
from mallfeed.product.types.reading import Sql

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

    def struct(self) -> Sql:
        """SQL of the struct, whether or not the code holds."""
        name = text(self.field) if self.field is not None else "cast(null as string)"
        value = f"cast({shortened(self.value)} as string)"
        return f"named_struct('code', {self.code}, 'field', {name}, 'value', {value})"


def listed(told: list[Told]) -> Sql:
    """Those that hold, as an array; a row without any pays for one look at each code."""
    if not told:
        return NONE
    codes = ", ".join(one.code for one in told)
    structs = ", ".join(case((f"{one.code} is not null", one.struct())) for one in told)
    held = only(f"array({structs})", lambda one: f"{one} is not null")
    return case((f"coalesce({codes}) is null", NONE), otherwise=held)


def torn() -> Sql:
    """A record that could not be taken apart: its fault is all there is to tell."""
    return f"array({Told('_fault', None, '_fault_detail').struct()})"
