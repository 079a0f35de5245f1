"""Reads the limits of dispatching, as operators have set them, from SSM and keeps them for a short time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mallfeed.aws.ssm import parameters
from mallfeed.errors import SettingsInvalid
from mallfeed.plan.limits import Limits, parse_right

KEEP_SECONDS = 30.0


class LimitsReader:
    """The limits as operators have set them; read from SSM again after KEEP_SECONDS.

    A mistake in one parameter does not stop the loads of a night: its last right value stays in effect,
    or its default, and `fault` says what is wrong, for an alarm.
    """

    def __init__(
        self, client: Any, prefix: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._prefix = f"{prefix.rstrip('/')}/limits"
        self._clock = clock
        self._read_at: float | None = None
        self._limits = Limits()
        self._right: dict[str, str] = {}
        self.fault: SettingsInvalid | None = None

    def read(self) -> Limits:
        """The limits now; `fault` is set if a parameter is wrong."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= KEEP_SECONDS:
            values = parameters(self._client, self._prefix)
            self._limits, self._right, self.fault = parse_right(values, self._right)
            self._read_at = now
        return self._limits
