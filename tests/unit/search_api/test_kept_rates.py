"""Rates are looked up again every minute, and survive what cannot be read."""

from __future__ import annotations

from mallfeed.errors import Transient
from mallfeed.product.rates import NO_RATES
from mallfeed.search_api.kept_rates import KEPT_S, KeptRates


class Stored:
    """A parameter and a clock."""

    def __init__(self, text: str | None) -> None:
        self.text, self.now, self.asked, self.broken = text, 0.0, 0, False

    def look_up(self) -> str | None:
        self.asked += 1
        if self.broken:
            raise Transient("GetParametersByPath: throttled")
        return self.text


def dated(day: int) -> str:
    return f"{{as_of: 2026-11-{day}, rates: {{USD: 1390.5}}}}"


def test_they_are_looked_up_once_a_minute() -> None:
    stored = Stored(dated(29))
    rates = KeptRates(stored.look_up, lambda: stored.now)
    days = [rates().as_of, rates().as_of]
    stored.text = dated(30)
    days.append(rates().as_of)
    stored.now = KEPT_S
    days.append(rates().as_of)
    assert [day.day for day in days if day] == [29, 29, 29, 30]
    assert stored.asked == 2


def test_where_nobody_has_stored_any_there_are_none() -> None:
    assert KeptRates(Stored(None).look_up)() == NO_RATES


def test_what_cannot_be_read_or_reached_leaves_the_rates_before() -> None:
    stored = Stored(dated(29))
    rates = KeptRates(stored.look_up, lambda: stored.now)
    before = rates()
    stored.now, stored.text = KEPT_S, "rates: {USD: -1}"
    assert rates() == before
    stored.now, stored.broken = 2 * KEPT_S, True
    assert rates() == before
