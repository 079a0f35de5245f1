"""The same value for every row, read as whatever the field holds."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Found, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sources import Sources
from mallfeed.kinds.sql.pieces import text


class ConstantType(FieldType):
    """The same value for every row."""

    type: Literal["constant"] = "constant"
    value: str = Field(description="The value, read by the target's own type.")


def _find(options: ConstantType, _sources: Sources) -> Found:
    return Found((text(options.value),), is_said=True)


CONSTANT = Kind(name="constant", options=ConstantType, finds=_find, reads_columns=False)
