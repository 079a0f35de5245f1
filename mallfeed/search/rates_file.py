"""The text of rates, as people write it in a file (YAML or JSON) and a stack keeps it in a parameter.

as_of: 2026-11-30
to: KRW
rates: {USD: 1390.5, JPY: 9.02}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from mallfeed.errors import SettingsInvalid
from mallfeed.kinds.sql.currencies import CURRENCIES
from mallfeed.product.rates import SHOP_CURRENCY, Rates
from mallfeed.wording import nearest
from mallfeed.yaml_files.fault import Fault, lines_of
from mallfeed.yaml_files.yaml_tree import read_tree

PARAMETER = "search/rates"
"""Below the stack's prefix."""
_KEYS = ("as_of", "to", "rates")
_MOST = Decimal(10) ** 9
"""More of the shop's currency than any unit of money is worth."""


def read(text: str, name: str) -> Rates:
    """The rates; `name` is the file's or the parameter's. Raises SettingsInvalid that lists all faults with their places."""
    tree = read_tree(text)
    faults = [] if tree.faults else list(_faults(tree.data))
    if tree.faults or faults:
        raise SettingsInvalid("\n".join(lines_of(faults, tree, name)))
    given = tree.data
    rates = {code: Decimal(str(rate)) for code, rate in (given.get("rates") or {}).items()}
    to = given.get("to") or SHOP_CURRENCY
    rates.pop(to, None)
    return Rates(to, date.fromisoformat(given["as_of"]), rates)


def written(rates: Rates) -> str:
    """The same as text, in one line."""
    as_of = rates.as_of and rates.as_of.isoformat()
    each = {code: float(rate) for code, rate in sorted(rates.rates.items())}
    return json.dumps({"as_of": as_of, "to": rates.to, "rates": each})


def _faults(data: Any) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault((), "these are no rates", "a mapping with `as_of`, `to` and `rates`")
        return
    for key in data:
        if key not in _KEYS:
            yield Fault(
                (key,), f"unknown key `{key}`", "as_of, to or rates", nearest(str(key), _KEYS), True
            )
    yield from _faults_of_day(data.get("as_of"))
    to = data.get("to", SHOP_CURRENCY)
    yield from _faults_of_currency(to, ("to",))
    rates = data.get("rates")
    if not isinstance(rates, dict):
        yield Fault(("rates",), "`rates` is missing", "a mapping such as `{USD: 1390.5}`")
        return
    for code, rate in rates.items():
        yield from _faults_of_currency(code, ("rates", code), at_key=True)
        yield from _faults_of_rate(code, rate, to)


def _faults_of_day(day: Any) -> Iterator[Fault]:
    try:
        date.fromisoformat(day)
    except (TypeError, ValueError):
        what = "`as_of` is missing" if day is None else f"`as_of` is {day!r}"
        yield Fault(("as_of",), what, "the day of the rates, such as 2026-11-30")


def _faults_of_currency(
    code: Any, path: tuple[str | int, ...], at_key: bool = False
) -> Iterator[Fault]:
    if not isinstance(code, str) or code not in CURRENCIES:
        meant = nearest(str(code).upper(), sorted(CURRENCIES))
        yield Fault(path, f"{code!r} is no currency", "a code of ISO 4217", meant, at_key)


def _faults_of_rate(code: Any, rate: Any, to: Any) -> Iterator[Fault]:
    path = ("rates", code)
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        yield Fault(path, f"the rate of {code} is {rate!r}", f"how much {to} one {code} is")
    elif not 0 < rate < _MOST:
        yield Fault(
            path, f"the rate of {code} is {rate!r}", f"a number above 0 and below {_MOST:,}"
        )
    elif code == to and rate != 1:
        yield Fault(path, f"{code} is the shop's own currency, and its rate {rate!r}", "1, or none")
