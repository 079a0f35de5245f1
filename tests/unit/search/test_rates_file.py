"""Rates as people write them; what is wrong is said with its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mallfeed.errors import SettingsInvalid
from mallfeed.product.rates import Rates
from mallfeed.search import rates_file

GOOD = "as_of: 2026-11-30\nto: KRW\nrates: {USD: 1390.5, JPY: 9.02, KRW: 1}\n"
READ = Rates("KRW", date(2026, 11, 30), {"USD": Decimal("1390.5"), "JPY": Decimal("9.02")})


def test_yaml_and_json_say_the_same() -> None:
    assert rates_file.read(GOOD, "rates.yaml") == READ
    assert rates_file.read(rates_file.written(READ), "search/rates") == READ


def test_the_shops_currency_is_won_unless_it_is_said() -> None:
    assert rates_file.read("as_of: 2026-11-30\nrates: {}\n", "r").to == "KRW"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[1]", "r:1:1: these are no rates; expected a mapping with `as_of`, `to` and `rates`"),
        (
            "rates: {USD: 1390}",
            "r:1:1: `as_of` is missing; expected the day of the rates, such as 2026-11-30",
        ),
        (
            "as_of: yesterday\nrates: {}",
            "r:1:8: `as_of` is 'yesterday'; expected the day of the rates, such as 2026-11-30",
        ),
        (
            "as_of: 2026-11-30\nrate: {USD: 1390}\nrates: {}",
            "r:2:1: unknown key `rate`; expected as_of, to or rates; did you mean `rates`?",
        ),
        (
            "as_of: 2026-11-30",
            "r:1:1: `rates` is missing; expected a mapping such as `{USD: 1390.5}`",
        ),
        (
            "as_of: 2026-11-30\nto: WON\nrates: {}",
            "r:2:5: 'WON' is no currency; expected a code of ISO 4217",
        ),
        (
            "as_of: 2026-11-30\nrates: {usd: 1390}",
            "r:2:9: 'usd' is no currency; expected a code of ISO 4217; did you mean `USD`?",
        ),
        (
            "as_of: 2026-11-30\nrates: {USD: '1,390'}",
            "r:2:14: the rate of USD is '1,390'; expected how much KRW one USD is",
        ),
        (
            "as_of: 2026-11-30\nrates: {USD: 0}",
            "r:2:14: the rate of USD is 0; expected a number above 0 and below 1,000,000,000",
        ),
        (
            "as_of: 2026-11-30\nrates: {KRW: 2}",
            "r:2:14: KRW is the shop's own currency, and its rate 2; expected 1, or none",
        ),
        ("as_of: [", "r:1:9: not YAML: "),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(SettingsInvalid) as raised:
        rates_file.read(text, "r")
    assert str(raised.value).startswith(told)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsInvalid) as raised:
        rates_file.read("as_of: 2026-11-30\nrates: {USD: -1, XYZ: 3}", "r")
    assert len(str(raised.value).splitlines()) == 2
