"""The kind of record that the rows of a feed become; passed to all code that reads, stores or sends rows.

`PRODUCT` is the first and, so far, the only one. A second kind (orders) begins with a second value of this
class. docs/decisions/records.md lists what takes its fields, key and table from the record that it is handed,
and what is made for products only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mallfeed.kinds.field import CanonicalField
from mallfeed.product.fields import LINEAGE_COLUMNS, PRODUCT_FIELDS
from mallfeed.product.first_release import FIRST_FIELDS

Columns = tuple[tuple[str, str], ...]
"""Names and Spark SQL types, in order."""


@dataclass(frozen=True)
class Record:
    """One kind of record.

    Attributes
    ----------
    fields : its canonical fields, in the order of the table's columns
    first : names of the fields that every table has, whenever it was created
    key : columns that identify one record; the first one is the mall
    newest_by : the field by which a catalog may decide which of several rows with one key counts
    table : name of its Iceberg table
    """

    fields: tuple[CanonicalField, ...]
    first: frozenset[str]
    key: tuple[str, str]
    newest_by: str | None
    table: str

    @property
    def id(self) -> str:
        """The column that names one record of a mall."""
        return self.key[1]

    @cached_property
    def by_name(self) -> Mapping[str, CanonicalField]:
        """Name → canonical field."""
        return {field.name: field for field in self.fields}

    @cached_property
    def added(self) -> frozenset[str]:
        """The fields that were added after the record's first release: an older table may lack them, and
        content_hash does not change if they are null."""
        return frozenset(field.name for field in self.fields if field.name not in self.first)

    @cached_property
    def columns(self) -> Columns:
        """Columns of the table: mall, canonical fields, lineage."""
        fields = ((field.name, field.sql_type) for field in self.fields)
        return (("mall_id", "string"), *fields, *LINEAGE_COLUMNS)

    @cached_property
    def change_columns(self) -> tuple[str, ...]:
        """The columns of a change for the sinks: mall, canonical fields, content_hash."""
        return ("mall_id", *(field.name for field in self.fields), "content_hash")


PRODUCT = Record(
    fields=PRODUCT_FIELDS,
    first=FIRST_FIELDS,
    key=("mall_id", "product_id"),
    newest_by="mall_updated_at",
    table="products",
)
