"""What an amount in another currency is in the shop's, by rates of one day.

Rates are data: people write a file, `mallfeed rates put` checks it and stores it for the stack. An amount whose
currency has no rate has no price in the shop's currency, and is compared with nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, localcontext

from mallfeed.kinds.sql.currencies import decimals_of

SHOP_CURRENCY = "KRW"
"""The shop's currency where no rates say another."""
_CENT = Decimal("0.01")
"""Prices are kept to two decimals, whatever the currency."""


@dataclass(frozen=True)
class Range:
    """The prices of one currency that a range of prices in the shop's holds, both ends included; None = open."""

    at_least: Decimal | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True)
class Rates:
    """The rates of a day.

    Attributes
    ----------
    to : the shop's currency
    as_of : the day; None = there are none, and only prices in the shop's currency compare
    rates : currency → how much of the shop's currency one unit of it is
    """

    to: str = SHOP_CURRENCY
    as_of: date | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def rate(self, currency: str | None) -> Decimal | None:
        """Of a currency; None if there is none."""
        return Decimal(1) if currency == self.to else self.rates.get(currency or "")

    @property
    def currencies(self) -> tuple[str, ...]:
        """All that compare, the shop's own first."""
        return (self.to, *sorted(set(self.rates) - {self.to}))

    def in_shop(self, amount: Decimal | float, currency: str | None) -> Decimal | None:
        """The amount in the shop's currency; None if its currency has no rate.

        What is converted has the decimals of the shop's currency; what is in it already stays as it is.
        """
        rate = self.rate(currency)
        exact = Decimal(str(amount))
        if rate is None or currency == self.to:
            return None if rate is None else exact
        with localcontext(prec=60):
            return (exact * rate).quantize(self.step, ROUND_HALF_UP)

    def range_in(self, currency: str, low: Decimal | None, high: Decimal | None) -> Range:
        """The prices in a currency that has a rate whose price in the shop's is from `low` to `high`, as `in_shop`
        rounds them."""
        rate = self.rate(currency)
        assert rate is not None, f"{currency} has no rate"
        if currency == self.to:
            return Range(low, high)
        return Range(
            None if low is None else self._first_above(low, rate),
            None if high is None else self._first_above(self._step_above(high), rate) - _CENT,
        )

    def _first_above(self, amount: Decimal, rate: Decimal) -> Decimal:
        """The lowest price that comes out as this much or more."""
        with localcontext(prec=60):
            least = (amount / self.step).to_integral_value(ROUND_CEILING) * self.step
            return ((least - self.step / 2) / rate / _CENT).to_integral_value(ROUND_CEILING) * _CENT

    def _step_above(self, amount: Decimal) -> Decimal:
        """The next amount that the shop's currency can write."""
        with localcontext(prec=60):
            return (amount // self.step + 1) * self.step

    @property
    def step(self) -> Decimal:
        """The smallest amount of the shop's currency: 1 won, 0.01 dollars."""
        return Decimal(1).scaleb(-decimals_of(self.to))


NO_RATES = Rates()
"""Only won compare."""
