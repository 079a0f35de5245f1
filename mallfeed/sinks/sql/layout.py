"""The tables and columns of one warehouse: a dialect over a list of canonical fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mallfeed.kinds.field import CanonicalField
from mallfeed.sinks.sql.columns import MALL_ID, Column
from mallfeed.sinks.sql.dialect import Dialect
from mallfeed.sinks.sql.tables import Table, tables

_OP = Column("op", "VARCHAR(1)", "VARCHAR(1)")
_HASH = Column("content_hash", "VARCHAR(64)", "VARCHAR(64)")


@dataclass(frozen=True)
class Layout:
    """What the statements of a load are made of."""

    dialect: Dialect
    fields: Sequence[CanonicalField]

    @cached_property
    def products(self) -> tuple[Column, ...]:
        """What a change carries: key, canonical columns, hash."""
        return (MALL_ID, *map(self.dialect.column, self.fields), _HASH)

    @cached_property
    def stage(self) -> tuple[Column, ...]:
        """Columns of the stage table and, by position, of what fills it."""
        return (_OP, *self.products)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The warehouse's tables, in the order in which they are made."""
        return tables(self.products)
