"""Prices finer than their currency: `10.99` is no amount of won, and a draft in won would round it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mallfeed.authoring.suggest.profile import Column
from mallfeed.kinds.sql.currencies import decimals_of

_CENTS = re.compile(r"\d[.,](\d{1,2}|\d{4,})\D*$")
"""Three digits may be thousands."""
FEW = 0.05
"""Share of prices that may have cents by mistake: an average, a price with its tax."""


def with_cents(columns: Iterable[Column], currency: str) -> tuple[float, str]:
    """The share of amounts that have cents though the currency has none, and one of them; (0.0, "") = it has some."""
    if not currency or decimals_of(currency):
        return 0.0, ""
    amounts, finer, example = 0, 0, ""
    for column in columns:
        for value, count in column.words:
            amounts += count
            found = _CENTS.search(value)
            if found and found[1].strip("0"):
                finer += count
                example = example or value
    return finer / max(amounts, 1), example
