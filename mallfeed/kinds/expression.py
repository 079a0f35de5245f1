"""A Spark SQL expression over source columns, read as whatever the field holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from mallfeed.kinds.fault import OptionFault, Written
from mallfeed.kinds.kind import Found, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sources import Sources
from mallfeed.kinds.sql.expression import check_expression


class ExpressionType(FieldType):
    """A Spark SQL expression over source columns (checked: known columns and functions only).

    At most 50 levels deep and of 2,000 parts; a value may copy a cell 16 times and grow by 1,000,000
    characters beside, counts (`lpad`, `rpad`) are literals up to 1,000. Patterns are those of Java, of up
    to 1,000 characters.
    """

    type: Literal["expression"] = "expression"
    sql: str = Field(description="The expression; its text result is read by the target's type.")


def _find(options: ExpressionType, sources: Sources) -> Found:
    return Found((sources.expression(options.sql),), gave_up=sources.gives_up(options.sql))


def _check(written: Written) -> Iterator[OptionFault]:
    sql = written.options.get("sql")
    if isinstance(sql, str):
        for fault in check_expression(sql):
            yield OptionFault(("sql",), f"`{written.place}`: {fault}")


EXPRESSION = Kind(
    name="expression", options=ExpressionType, finds=_find, check=_check, reads_columns=False
)
