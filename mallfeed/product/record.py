"""The kind of record that the rows of a feed become; passed to all code that reads, stores or sends rows.

`PRODUCT` is the first and, so far, the only one. A second kind (orders) begins with a second value of this
class. docs/decisions/records.md lists what takes its fields, key and table from the record that it is handed,
and what is made for products only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.pieces import Sql
from mallfeed.product import holding
from mallfeed.product.fields import LINEAGE_COLUMNS, PRODUCT_FIELDS
from mallfeed.product.first_release import FIRST_FIELDS
from mallfeed.product.silence import CONTAINED_AT

Columns = tuple[tuple[str, str], ...]
"""Names and Spark SQL types, in order."""
PRESENT_SINCE = "present_since"
"""The order of the delta that brought the record; null where a full feed did."""
SLICE, SLICE_MOVES = "slice", "slice_moves"
"""The slice of the shop to which the record belongs (`mallfeed.ledger.slices`), and what moved it there since a full
feed brought it: the orders of deltas, ascending, each with the slice before; null where nothing did."""
SLICE_MOVES_TYPE = "array<struct<since:string,before:string>>"
EXPIRED = "expired"
"""True where the record stays in the table only: no sink has it. Else null."""
SAID_AT = "said_at"
"""Of what is remembered beside the products of a mall whose rows have stamps (`mallfeed.table.stamps`): the rows whose
values a product has, oldest first, each with its time, the order of its feed, what it does and the fields that no
later one names (null = all). Null in products."""
SAID_AT_TYPE = "array<struct<at:timestamp,by:string,does:string,names:array<string>>>"
SUPPLEMENTED = "supplemented"
"""What primary feeds say of the fields over which supplements lie (`mallfeed.table.overlay`), as JSON; null where none
does."""


def said_column(field: str) -> str:
    """The column that keeps what was said of a field which a rule between fields has kept out."""
    return f"{field}_said"


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
    said : fields that a rule between fields may keep out; what was said of them is kept beside, in the
        table's column `<field>_said`, since a later row may change the other field
    own : field → SQL over the record's columns of what was said of it, where its column holds what follows from that
    """

    fields: tuple[CanonicalField, ...]
    first: frozenset[str]
    key: tuple[str, str]
    newest_by: str | None
    table: str
    said: tuple[str, ...] = ()
    own: Mapping[str, Sql] = field(default_factory=dict, hash=False)

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
        """Columns of the table: mall, canonical fields, lineage, what the fold of deltas needs."""
        fields = ((field.name, field.sql_type) for field in self.fields)
        return (("mall_id", "string"), *fields, *LINEAGE_COLUMNS, *self.fold_columns)

    @cached_property
    def fold_columns(self) -> Columns:
        """What comparing must know of a record, beside what it is: `PRESENT_SINCE`, its slice, what was said of
        fields in `said`, `EXPIRED`, `SUPPLEMENTED`, `CONTAINED_AT` and `SAID_AT`. Null in rows of releases that did not
        know them."""
        said = ((said_column(name), self.by_name[name].sql_type) for name in self.said)
        return (
            (PRESENT_SINCE, "string"),
            (SLICE, "string"),
            (SLICE_MOVES, SLICE_MOVES_TYPE),
            *said,
            (EXPIRED, "boolean"),
            (SUPPLEMENTED, "string"),
            (CONTAINED_AT, "timestamp"),
            (SAID_AT, SAID_AT_TYPE),
        )

    @cached_property
    def in_parts(self) -> Record:
        """The same of which a row may say any part: only its id must be there."""
        fields = tuple(replace(one, required=one.name == self.id) for one in self.fields)
        return replace(self, fields=fields)

    @cached_property
    def addable(self) -> frozenset[str]:
        """Columns that a table of an earlier release may lack."""
        return self.added | {name for name, _ in self.fold_columns}

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
    said=("list_price", "availability"),
    own=holding.SAID,
)
