"""The stack's rates, looked up again every minute: a change of them reaches every answer without a deployment."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from mallfeed.errors import SettingsInvalid, Transient
from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import rates_file

logger = logging.getLogger(__name__)
KEPT_S = 60.0
Clock = Callable[[], float]


class KeptRates:
    """Calling it gives the rates.

    `look_up` returns the parameter's text, None if there is none. What cannot be read or reached is logged, and the
    rates before it stay: a search without a foreign price is better than none.
    """

    def __init__(self, look_up: Callable[[], str | None], clock: Clock = time.monotonic) -> None:
        self._look_up, self._clock = look_up, clock
        self._rates, self._until = NO_RATES, float("-inf")

    def __call__(self) -> Rates:
        """The rates as they stood at most a minute ago."""
        if self._clock() >= self._until:
            self._until = self._clock() + KEPT_S
            try:
                text = self._look_up()
                self._rates = NO_RATES if text is None else self._read(text)
            except (SettingsInvalid, Transient) as error:
                logger.warning("the rates cannot be used, those before stay: %s", error)
        return self._rates

    @staticmethod
    def _read(text: str) -> Rates:
        return rates_file.read(text, f"parameter {rates_file.PARAMETER}")
