"""Amounts in the shop's currency, and ranges of them in another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.product.rates import NO_RATES, Range, Rates

RATES = Rates("KRW", date(2026, 11, 30), {"USD": Decimal("1390.5"), "JPY": Decimal("9.02")})
CENTS = st.integers(1, 10**8).map(lambda cents: Decimal(cents) / 100)


def test_an_amount_has_the_decimals_of_the_shops_currency() -> None:
    assert RATES.in_shop(Decimal("299"), "USD") == 415_760
    assert RATES.in_shop(Decimal("100"), "JPY") == 902
    assert Rates("USD", None, {"KRW": Decimal("0.00072")}).in_shop(12_900, "KRW") == Decimal("9.29")


def test_an_amount_in_the_shops_currency_stays_as_it_is() -> None:
    assert RATES.in_shop(12_900.5, "KRW") == Decimal("12900.5")
    assert RATES.range_in("KRW", Decimal(10), None) == Range(Decimal(10), None)


@pytest.mark.parametrize("currency", ["EUR", "", None])
def test_an_amount_without_a_rate_is_none(currency: str | None) -> None:
    assert RATES.in_shop(10, currency) is None
    assert NO_RATES.in_shop(10, "USD") is None


@given(CENTS, st.integers(1, 10**10), st.integers(0, 10**8), st.sampled_from(["KRW", "USD", "BHD"]))
def test_a_range_holds_exactly_the_prices_that_come_out_in_it(
    price: Decimal, rate: int, width: int, to: str
) -> None:
    rates = Rates(to, None, {"EUR": Decimal(rate) / 10**6})
    shown = rates.in_shop(price, "EUR")
    assert shown is not None
    for low, high in (
        (shown, shown + width),
        (shown + rates.step, shown + width + 1),
        (Decimal(0), shown - rates.step),
    ):
        held = rates.range_in("EUR", low, high)
        assert held.at_least is not None
        assert held.at_most is not None
        assert (held.at_least <= price <= held.at_most) == (low <= shown <= high)


def test_currencies_that_compare_begin_with_the_shops() -> None:
    assert RATES.currencies == ("KRW", "JPY", "USD")
    assert NO_RATES.currencies == ("KRW",)
