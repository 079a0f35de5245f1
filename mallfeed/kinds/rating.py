"""Ratings: 0 to 5 with two decimals."""

from __future__ import annotations

from mallfeed.kinds.decimal import DecimalType
from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType

RATING: Kind[FieldType] = Kind(
    name="rating",
    default=DecimalType(precision=3, scale=2, minimum=0, maximum=5),
    holds=("decimal", "integer", "money"),
    problems=("not_a_number", "out_of_range"),
    sql_type="decimal(3,2)",
    index_types=("scaled_float",),
)
