"""Names and texts: what a catalog maps one by one, each name with a type of its own."""

from __future__ import annotations

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType

MAP: Kind[FieldType] = Kind(
    name="map",
    holds_objects=True,
    sql_type="map<string,string>",
    index_types=("flat_object",),
)
