"""Since when a row holds, where the catalog says in which column that stands (`as_of`).

A stamp is read as any time is. One that is missing, that cannot be read or that lies ahead counts as none, with a warning:
the row then counts as made when its feed was.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.reading import Reading
from mallfeed.kinds.sql.pieces import Sql, case
from mallfeed.normalise.faults import Told
from mallfeed.product.holding import at

STAMP = CanonicalField("as_of", "timestamp")
"""What is read as a stamp is; it is no field of a product."""
AHEAD = timedelta(minutes=5)
"""Clocks differ: so far ahead of the pipeline's own a stamp is believed."""
_CELL, _PARSED, _VALUE, _CODE = "c_as_of", "p_as_of", "v_as_of", "x_as_of"


def stamp_values(reading: Reading) -> dict[str, Sql]:
    """The columns of the stamp and of the code of what is wrong with it, over its cell and what was parsed of it."""
    value = f"try_cast({reading.value(_CELL, _PARSED)} as timestamp)"
    blank = f"coalesce({reading.unread}, 'blank_word') = 'blank_word'"
    code = case(
        (f"{_CELL} is null and {blank}", "'as_of_missing'"),
        (f"{value} is null", "'as_of_invalid'"),
    )
    return {_VALUE: value, _CODE: code}


def _is_ahead(moment: datetime | None) -> Sql:
    return "false" if moment is None else f"coalesce({_VALUE} > {at(moment + AHEAD)}, false)"


def stamp_that_counts(moment: datetime | None) -> Sql:
    """The row's stamp, null where it counts as none; `moment` is now."""
    return f"cast({case((f'not {_is_ahead(moment)}', _VALUE))} as timestamp)"


def stamp_told(reading: Reading, moment: datetime | None) -> list[Told]:
    """What is told of the row's stamp."""
    code = case((_is_ahead(moment), "'as_of_ahead'"), otherwise=_CODE)
    return [Told(code, STAMP.name, reading.written(_CELL))]
