"""Yes or no."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import NUMBERS, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.vocabulary import all_meaning, meaning_of
from mallfeed.kinds.target import Target

_YES = "y yes true 1 t o on 예 네 유 있음 해당 가능"
_NO = "n no false 0 f x off 아니오 아니요 무 없음 해당없음 비해당 불가"


class BoolType(FieldType):
    """Yes or no: Y/N, true/false, 1/0, 예/아니오; blank is no unless `default` says else."""

    type: Literal["bool"] = "bool"
    true: tuple[str, ...] = Field(default=(), description="More words for yes.")
    false: tuple[str, ...] = Field(default=(), description="More words for no.")


def vocabulary(options: BoolType, _target: Target) -> dict[str, str]:
    """Looked-up word → true or false, the mall's own words first."""
    words = dict.fromkeys(_YES.split(), "true") | dict.fromkeys(_NO.split(), "false")
    return words | all_meaning(options.true, "true") | all_meaning(options.false, "false")


def _read(options: BoolType, cells: Cells, target: Target, _context: Context) -> Reading:
    """Yes or no; blank is no."""
    words = vocabulary(options, target)
    return Reading(
        cell=f"coalesce({cells.first}, 'N')",
        parse=lambda c: f"({meaning_of(c, words)} = 'true')",
        problems=(unreadable("unknown"),),
        sql_type="boolean",
    )


BOOL = Kind(
    name="bool",
    options=BoolType,
    default=BoolType(),
    holds=("bool",),
    read=_read,
    problems=("unknown",),
    known_words=vocabulary,
    raw_types=("string", "boolean", *NUMBERS),
    sql_type="boolean",
    index_types=("boolean",),
    raw_column="boolean",
)
