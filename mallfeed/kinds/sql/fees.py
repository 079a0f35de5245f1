"""Delivery fees of several countries in one cell: the own country's is taken."""

from __future__ import annotations

import re

from mallfeed.kinds.sql.currencies import decimals, words_of
from mallfeed.kinds.sql.pieces import Sql, called, text, word_list

_ORDER = re.compile(r"\([\w: -]*\bprice\b[\w: -]*\)$")


def fee_of(cell: Sql, source: str | None, country: str, currency: str) -> Sql:
    """The text of the country's own fee, where the cell has fees by country; any other cell as it is.

    `source` is the column or path that the cell is of: it may end in the order of the parts, `shipping(country:price)`,
    or lead to the amount itself, `shipping.price`. Where there are others' fees only, they stand behind the mark
    OTHER_COUNTRY.
    """
    words = word_list(words_of(currency))
    return called(
        "fee", cell, text(country), text(_said_by(source or "")), text(currency), words, decimals()
    )


def _said_by(source: str) -> str:
    order = _ORDER.search(source)
    return order[0] if order else source.rpartition(".")[2]
