"""What a column without a meaningful name may contain, judged by its values alone; only ever a guess."""

from __future__ import annotations

import re

from mallfeed.authoring.suggest.fits import is_row_number
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.values import amount_of

BY_VALUES = 0.62
"""The highest confidence for values without a name."""
_SAME_BY_CHANCE = 5
"""Rows that may have one price by chance."""
_MOST_STARS = 10
"""Amounts none of which is above this are ratings, weights, counts."""
_CENTS = re.compile(r"[.,]\d{2}$")


def guesses(column: Column, place: int) -> dict[str, float]:
    """Role → how likely, for a column at this position of the feed."""
    if not column.values:
        return {}
    found: dict[str, float] = {}
    if column.share("picture") > 0.9:
        found["image_url"] = BY_VALUES
    elif column.share("url") > 0.9 and column.distinct > 0.7:
        found["url"] = BY_VALUES
    elif column.share("path") > 0.95 and column.distinct > 0.7:
        found["url"] = 0.5
    if column.share("gtin") > 0.9 and column.length >= 11.5 and column.distinct > 0.5:
        found["gtin"] = BY_VALUES
    if column.share("currency_code") > 0.99:
        found["currency"] = BY_VALUES
    if _is_price(column):
        found["price"] = BY_VALUES - (0.05 if column.share("with_currency") < 0.5 else 0)
    if _is_title(column):
        found["title"] = BY_VALUES - 0.02
    if (
        column.share("levels") > 0.7
        and column.length > 3  # `N|N` are flags
        and column.share("words") > 0.9
        and (column.distinct < 0.8 or len(column.cells) < 50)
    ):
        found["category_path"] = BY_VALUES
    if _is_id(column):
        found["product_id"] = BY_VALUES - 0.02 - min(place, 10) * 0.02
    if column.share("html") > 0.4 or (column.length > 120 and column.share("spaced") > 0.8):
        found["description"] = 0.5
    few = 1 < len(column.values) <= 6 and column.share("words") > 0.9
    if few and column.share("availability") > 0.95 and column.share("yes_no") < 0.5:
        found["availability"] = 0.5
    if few and column.share("condition") > 0.95:
        found["condition"] = 0.5
    return found


def _is_price(column: Column) -> bool:
    if column.share("money") < 0.97 or column.share("gtin", "epoch", "moment") > 0.5:
        return False
    if len(column.values) == 1 and len(column.cells) > _SAME_BY_CHANCE:
        return False  # a threshold, a fee
    if column.share("with_currency") > 0.8:
        return True
    amounts = [one for value in column.values[:300] if (one := amount_of(value))]
    if len(amounts) < 5 or column.filled < 0.9 or column.distinct < 0.1:
        return False
    round_ones = sum(one % 10 == 0 and one >= 100 for one in amounts)
    if max(amounts) <= _MOST_STARS:
        return False
    cents = sum(bool(_CENTS.search(value)) for value in column.values[:300])
    return max(round_ones, cents) > len(amounts) * 0.8


def _is_title(column: Column) -> bool:
    return (
        column.share("spaced") > 0.4 and column.share("words") > 0.95 and column.distinct > 0.6
        and 6 <= column.length <= 120 and column.share("html", "levels", "moment", "money") < 0.3
        and column.filled > 0.9
    )  # fmt: skip


def _is_id(column: Column) -> bool:
    return (
        column.distinct > 0.995 and column.filled > 0.99 and column.share("code") > 0.95
        and column.length <= 30 and column.share("url", "moment", "gtin", "with_currency") < 0.3
        and not is_row_number(column)
    )  # fmt: skip
