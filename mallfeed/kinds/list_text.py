"""Lists of texts."""

from __future__ import annotations

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.list import LIST_SQL, ListType
from mallfeed.kinds.options import FieldType

LIST_TEXT: Kind[FieldType] = Kind(
    name="list_text",
    default=ListType(separators="|,"),
    holds=("list",),
    problems=("too_many", "too_long", "no_text", "unclosed"),
    holds_objects=True,
    sql_type=LIST_SQL,
)
