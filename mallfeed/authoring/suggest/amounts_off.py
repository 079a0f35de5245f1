"""Columns that are called a sale's price, and hold what is taken off: `할인가` is either, and only the values tell which."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mallfeed.authoring.suggest.assign import Candidate
from mallfeed.authoring.suggest.prices import comma_marks
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import HIGH
from mallfeed.authoring.suggest.values import amount_of
from mallfeed.catalog.name_words import LIKELY, USUAL
from mallfeed.catalog.names import is_other
from mallfeed.product.fields import AMOUNTS

_REDUCED = ("sale_price", "coupon_price", "card_price")
_PAID = ("price", "sale_price", "list_price")
_NEARLY_ALL, _ALL = 0.9, 0.95
_NO_SALE, _RARE_SALE = 0.2, 0.5
"""Shares of the usual price: hardly anything is sold below the first, and not all of a shop below the second."""
_LEAST_ROWS = 3
_ROUNDED = 0.005
_BELOW_ZERO = re.compile(r"^\s*[-\u2212]\s*\D{0,3}\d")
_MOST_PERCENT, _STEP_OF_PERCENT = 95, 5


@dataclass(frozen=True)
class AmountOff:
    """What a column that is called a price is instead: how sure, what shows it, and the column of what is paid, if any."""

    field: str
    column: Column
    base: Column
    is_sure: bool
    seen: str
    paid: Column | None = None

    def said(self) -> str:
        """What is to be checked."""
        name, base = self.column.name, self.base.name
        if self.is_sure:
            return f"`{name}` {self.seen}: it is what is taken off, and no price is read from it"
        mapped = (
            f"`price: [{name}, {base}]` and `list_price: {base}`"
            if self.field == "sale_price"
            else f"`{self.field}: {name}`"
        )
        return (
            f"`{name}` {self.seen}: is it what is paid, or what is taken off? No price is read from it; if it is paid, "
            f"map {mapped}"
        )


def without_amounts_off(
    found: list[Candidate],
    sample: Sample,
    choose: Callable[[list[Candidate]], Mapping[str, Candidate]],
) -> tuple[list[Candidate], list[AmountOff]]:
    """The candidates without columns that would be chosen as a price and are an amount off; what is paid in their place."""
    told: list[AmountOff] = []
    while one := next(_amounts_off(choose(found), found, sample), None):
        told.append(one)
        found = [c for c in found if c.column is not one.column or c.role not in AMOUNTS]
        if one.paid is not None:
            found = _with(
                found, one.base, one.paid, f"`{one.base.name}` less `{one.column.name}`", choose
            )
    return found, told


def _with(
    found: list[Candidate],
    base: Column,
    paid: Column,
    why: str,
    choose: Callable[[list[Candidate]], Mapping[str, Candidate]],
) -> list[Candidate]:
    """The candidates, in which one column is the usual price and the other one what is paid."""
    chosen = {role: one.column for role, one in choose(found).items()}
    if chosen.get("price") is base:
        found = [one for one in found if one.column is not paid or one.role not in _PAID]
        return [*found, Candidate("sale_price", paid, HIGH, USUAL, why)]
    if chosen.get("price") is paid and chosen.get("list_price") is not base:
        found = [one for one in found if one.column is not base or one.role not in _PAID]
        return [
            *found,
            Candidate("list_price", base, HIGH, USUAL, f"`{paid.name}` and what is off"),
        ]
    return found


def _amounts_off(
    chosen: Mapping[str, Candidate], found: Sequence[Candidate], sample: Sample
) -> Iterator[AmountOff]:
    usual = [chosen[role] for role in ("list_price", "price") if role in chosen]
    base = next((one.column for one in usual if one.column.filled > 0.5), None)
    for role in _REDUCED:
        if base is not None and role in chosen and chosen[role].column.values:
            one = _amount_off(role, chosen[role].column, base, found, sample)
            if one is not None:
                yield one


def _amount_off(
    role: str, column: Column, base: Column, found: Sequence[Candidate], sample: Sample
) -> AmountOff | None:
    comma = comma_marks([column, base])
    below = [cell for cell in column.cells if cell and _BELOW_ZERO.match(cell)]
    if len(below) >= _NEARLY_ALL * sum(1 for cell in column.cells if cell):
        return AmountOff(role, column, base, True, f"is below zero (`{below[0]}`)")
    pairs = list(_pairs(column, base, comma))
    if len(pairs) < _LEAST_ROWS:
        return None
    shares = sorted(low / high for low, high in pairs)
    seen = f"is {_range(shares)} of `{base.name}`"
    rest = _third(column, base, sample, comma, 1)
    is_less = statistics.median(shares) < _RARE_SALE
    if rest is not None:
        is_price = any(c.column is rest and c.role in _PAID and c.named >= LIKELY for c in found)
        if not is_less or is_other(rest.name):
            return None
        if is_price or shares[-1] < _RARE_SALE:
            seen = f"is what `{base.name}` has more than `{rest.name}`"
            return AmountOff(role, column, base, True, seen, rest)
    if is_less and (usual := _third(column, base, sample, comma, -1)) is not None:
        seen = f"is what `{usual.name}` has more than `{base.name}`"
        return AmountOff(role, column, usual, True, seen, base)
    if _share(shares, _NO_SALE) >= _NEARLY_ALL:
        return AmountOff(role, column, base, True, seen)
    if _share(shares, _RARE_SALE) >= _ALL or _are_percent(pairs):
        return AmountOff(role, column, base, False, seen)
    return None


def _pairs(column: Column, base: Column, comma: bool) -> Iterator[tuple[float, float]]:
    """(amount, usual price) of the rows that have both."""
    for x, y in zip(column.cells, base.cells, strict=True):
        low, high = amount_of(x or "", comma), amount_of(y or "", comma)
        if low and high:
            yield low, high


def _range(shares: Sequence[float]) -> str:
    least, most = f"{shares[0]:.0%}", f"{shares[-1]:.0%}"
    return least if least == most else f"{least} to {most}"


def _share(shares: Sequence[float], below: float) -> float:
    return sum(one < below for one in shares) / len(shares)


def _are_percent(pairs: Sequence[tuple[float, float]]) -> bool:
    """Whether the amounts are whole fives up to 95, as the prices beside them are not."""

    def whole(amounts: Sequence[float]) -> float:
        told = [one <= _MOST_PERCENT and one % _STEP_OF_PERCENT == 0 for one in amounts]
        return sum(told) / len(told)

    low, high = zip(*pairs, strict=True)
    return whole(low) >= _ALL and whole(high) < _RARE_SALE


def _third(column: Column, base: Column, sample: Sample, comma: bool, sign: int) -> Column | None:
    """The column of what is left of the usual price without this one; with the sign -1 of what the usual one was."""
    for other in sample.columns:
        if other.name in (column.name, base.name) or other.share("money") < _NEARLY_ALL:
            continue
        rows = [
            (off, third, price)
            for x, y, z in zip(column.cells, other.cells, base.cells, strict=True)
            if (off := amount_of(x or "", comma))
            and (third := amount_of(y or "", comma))
            and (price := amount_of(z or "", comma))
        ]
        fits = sum(
            abs(price - sign * off - third) <= _ROUNDED * price for off, third, price in rows
        )
        if len(rows) >= _LEAST_ROWS and fits >= _NEARLY_ALL * len(rows):
            return other
    return None
