"""Source columns as text, whatever type a Parquet feed gave them."""

from __future__ import annotations

from collections.abc import Mapping

from mallfeed.catalog.expression import safe_sql
from mallfeed.product.sql import case, replaced, text

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
            return "cast(null as string)"
        return cell_text(self.places[name], self.types[name])

    def expression(self, sql: str) -> str:
        """SQL for the text of a catalog's expression over the source columns."""
        return safe_sql(sql, self.cell)

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
        return f"coalesce({_without_zeros(plain)}, cast({value} as string))"
    if sql_type == "timestamp":
        return f"date_format({value}, {text(_ISO_MICROS)})"
    if sql_type.startswith(("array", "struct", "map")):
        return case((f"{value} is not null", f"to_json({value})"))
    return f"cast({value} as string)"


def _without_zeros(number: str) -> str:
    return replaced(number, r"(?:[.]|([.][0-9]*?[1-9]))0*$", "$1")
