"""Source columns as text, whatever type a Parquet feed gave them, and the cells of one field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sql.expression import gives_up, safe_sql
from mallfeed.kinds.sql.pieces import (
    NO_TEXT,
    Sql,
    case,
    stripped,
    text,
    with_default,
    without_zeros,
)

_NUMBERS = ("tinyint", "smallint", "int", "bigint", "decimal")
_ISO_MICROS = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"


class Sources:
    """The columns of a raw frame.

    Parameters
    ----------
    types : column → Spark SQL type name as `DataType.simpleString()` says it
    """

    def __init__(self, types: Mapping[str, str]) -> None:
        self.types = dict(types)
        self.places = {name: f"s_{place}" for place, name in enumerate(types)}

    def cell(self, name: str) -> str:
        """SQL for the column's text, as the mall wrote it; null when the feed lacks the column."""
        if name not in self.types:
            return NO_TEXT
        return cell_text(self.places[name], self.types[name])

    def expression(self, sql: str) -> str:
        """SQL for the text of a catalog's expression over the source columns."""
        return safe_sql(sql, self.cell)

    def gives_up(self, sql: str) -> str | None:
        """SQL of whether a pattern of the expression took too long on the row; None = it has none."""
        return gives_up(sql, self.cell)

    def is_text(self, name: str) -> bool:
        """Whether the feed has the column, as text."""
        return self.types.get(name) == "string"

    def is_number(self, name: str) -> bool:
        """Whether the column holds numbers already, with `.` as decimal mark by construction."""
        kind = self.types.get(name, "string")
        return kind.startswith(_NUMBERS) or kind in ("float", "double")

    def is_moment(self, name: str) -> bool:
        """Whether the column holds timestamps or dates already."""
        return self.types.get(name, "string") in ("timestamp", "timestamp_ntz", "date")


def cell_text(value: str, sql_type: str) -> str:
    """A typed value as text that the field types read back without loss."""
    if sql_type == "string":
        return value
    if sql_type in ("float", "double"):
        plain = f"cast(try_cast({value} as decimal(38,10)) as string)"
        return f"coalesce({without_zeros(plain)}, cast({value} as string))"
    if sql_type == "timestamp":
        return f"date_format({value}, {text(_ISO_MICROS)})"
    if sql_type.startswith(("array", "struct", "map")):
        return case((f"{value} is not null", f"to_json({value})"))
    return f"cast({value} as string)"


def cells_of(type_: FieldType, sources: Sources) -> tuple[Sql, ...]:
    """SQL for the text of each column that a field names; a default fills the blanks of one alone."""
    cells = tuple(sources.cell(name) for name in type_.sources) or (NO_TEXT,)
    return (with_default(cells[0], type_.default),) if len(cells) == 1 else cells


@dataclass(frozen=True)
class Cells:
    """What one field is read from.

    Attributes
    ----------
    texts : SQL of each text, one or more
    are_numbers : they were numbers of the file's own, with `.` as decimal mark by construction
    are_moments : they were times or days of the file's own, in ISO 8601
    """

    texts: tuple[Sql, ...]
    are_numbers: bool = False
    are_moments: bool = False

    @classmethod
    def of(cls, texts: tuple[Sql, ...], names: tuple[str, ...], sources: Sources) -> Cells:
        """The texts of the columns of these names."""
        return cls(
            texts,
            bool(names) and all(sources.is_number(name) for name in names),
            bool(names) and all(sources.is_moment(name) for name in names),
        )

    @property
    def first(self) -> Sql:
        """The first that is not blank, without white space around it."""
        short = [stripped(cell) for cell in self.texts]
        return short[0] if len(short) == 1 else f"coalesce({', '.join(short)})"

    def together(self, separator: str) -> Sql:
        """All that are not blank, with the separator between them."""
        if len(self.texts) == 1:
            return self.texts[0]
        filled = ", ".join(f"nullif(trim({cell}), {text('')})" for cell in self.texts)
        return f"nullif(concat_ws({text(separator)}, {filled}), '')"
