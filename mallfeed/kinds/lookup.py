"""A value looked up in a small table beside the catalog, read as whatever the field holds.

How a table is written and checked stands in `mallfeed.catalog.tables`. Its rows are joined to the feed's before
anything is read (`mallfeed.normalise.lookups`): here the value that was found is a column like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from mallfeed.kinds.fault import OptionFault, Written
from mallfeed.kinds.kind import Found, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sources import OURS, Sources
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, stripped
from mallfeed.wording import shown

TABLE_NAME = r"[a-z0-9][a-z0-9_-]{0,62}"
"""As a regular expression without anchors."""


class LookupType(FieldType):
    """A value looked up in a table: `<table>.csv` beside the catalog, in UTF-8, with a header, of up to 100,000 rows.

    It is the cell of the column `value` in the row whose `key` is the text of the feed's cell; the field's own
    type reads it, and a blank one is no value. A text that the table lacks is a warning (`<field>_not_in_table`) and no value, or `default`, or,
    with a warning of its own (`<field>_from_elsewhere`), what `otherwise` reads.
    """

    type: Literal["lookup"] = "lookup"
    table: str = Field(description="The table's name, `brands` for `brands.csv`.")
    key: str = Field(description="Its column that is compared with the cell.")
    value: str = Field(description="Its column with the value.")

    otherwise: str | tuple[str, ...] | None = Field(
        default=None,
        description="Source column that is read where the table lacks the text or has no value for it, or the cell is blank: the mall's own "
        "`product_type` beside Google's number. Several are the levels of a category.",
    )

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that are looked up, then those that are read otherwise."""
        return (*self.keys, *self.others)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns whose text is looked up."""
        return super().sources

    @property
    def others(self) -> tuple[str, ...]:
        """The columns that are read where the table lacks the text."""
        if self.otherwise is None:
            return ()
        return (self.otherwise,) if isinstance(self.otherwise, str) else self.otherwise

    @property
    def table_name(self) -> str:
        """The table's name without `.csv`, which people may write."""
        return self.table.removesuffix(".csv")

    @property
    def column(self) -> str:
        """The column of the joined frame that holds what was found."""
        named = (*self.keys, self.table_name, self.key, self.value)
        return f"{OURS}looked up: {' '.join(map(repr, named))}"


def key_of(options: LookupType, sources: Sources) -> Sql:
    """SQL of the text that is looked up; of several columns the first that is filled."""
    cells = [stripped(sources.cell(name)) for name in options.keys]
    return f"coalesce({', '.join(cells)})" if cells else NO_TEXT


def _find(options: LookupType, sources: Sources) -> Found:
    found, key = sources.cell(options.column), key_of(options, sources)
    other, filled = _other(options, sources), f"nullif({found}, '')"
    # A code that the table has without a value is blank, and not missing from it.
    unlisted = f"({found} is null and {key} is not null and {other} is null)"
    elsewhere = f"({filled} is null and {key} is not null and {other} is not null)"
    return Found(
        (f"coalesce({filled}, {other})",),
        is_said=not options.others,
        unlisted=None if options.default is not None else lambda _cell, _parsed: unlisted,
        looked_up=key,
        elsewhere=(lambda _cell, _parsed: elsewhere) if options.others else None,
    )


def _other(options: LookupType, sources: Sources) -> Sql:
    """SQL of what is read where the table lacks the text; of several columns each a level."""
    cells = [stripped(sources.cell(name)) for name in options.others]
    if len(cells) < 2:
        return cells[0] if cells else NO_TEXT
    return f"nullif(concat_ws(' > ', {', '.join(cells)}), '')"


def _check(written: Written) -> Iterator[OptionFault]:
    table = written.options.get("table")
    if isinstance(table, str) and not re.fullmatch(TABLE_NAME, table.removesuffix(".csv")):
        expected = (
            "a name of a-z, 0-9, _ and -, as `brands` for the file brands.csv beside the catalog"
        )
        yield OptionFault(("table",), f"`{written.place}.table` is {shown(table)}", expected)


LOOKUP = Kind(name="lookup", options=LookupType, finds=_find, check=_check)
