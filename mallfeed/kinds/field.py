"""A field of a record (of products …): its kind, and what every store of the record holds it as."""

from __future__ import annotations

from dataclasses import dataclass, field

from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.target import Target


@dataclass(frozen=True)
class CanonicalField(Target):
    """One field of a record.

    Attributes
    ----------
    name : column name in the product table, the warehouse and the index
    kind : name of the kind of its values (`mallfeed.kinds.registry`)
    required : a row without a readable value is rejected
    all_of : the field of which it holds all values, where that one holds the first; a catalog maps that one, and
        this one comes with it
    derived : it follows from other fields of the record, so that no catalog maps it
    """

    kind: str
    required: bool = field(default=False, kw_only=True)
    all_of: str | None = field(default=None, kw_only=True)
    derived: bool = field(default=False, kw_only=True)

    @property
    def sql_type(self) -> str:
        """Its Spark SQL type."""
        return KINDS[self.kind].sql_type

    @property
    def is_mapped(self) -> bool:
        """Whether a catalog maps it as one field; attributes are mapped each by its own name, all values of a
        field by that field, and what follows from others not at all."""
        return KINDS[self.kind].default is not None and not self.derived

    @property
    def most_characters(self) -> int | None:
        """Of a text, or of each item of a list; None = it has no bound."""
        return self.max_length or KINDS[self.kind].max_length
