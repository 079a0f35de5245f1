"""Lists of web addresses."""

from __future__ import annotations

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.list import LIST_SQL, ListType
from mallfeed.kinds.options import FieldType

LIST_URL: Kind[FieldType] = Kind(
    name="list_url",
    default=ListType(item="url"),
    holds=("list",),
    problems=("invalid", "too_long", "too_many", "no_text"),
    never_cut=True,
    raw_types=("string",),
    holds_objects=True,
    holds_links=True,
    sql_type=LIST_SQL,
)
