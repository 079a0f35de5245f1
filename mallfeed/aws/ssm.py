"""Run-time parameters in SSM, by prefix, kept for a short time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from mallfeed.aws.failures import transient
from mallfeed.plan.limits import Limits, parse

KEEP_SECONDS = 30.0


def parameters(client: Any, prefix: str) -> dict[str, str]:
    """Texts of all parameters below a prefix, decrypted, by their name below it."""
    below = prefix.rstrip("/") + "/"
    found: dict[str, str] = {}
    token: dict[str, str] = {}
    while True:
        with transient(f"GetParametersByPath {below}"):
            page = client.get_parameters_by_path(
                Path=below, Recursive=True, WithDecryption=True, **token
            )
        found |= {one["Name"].removeprefix(below): one["Value"] for one in page["Parameters"]}
        if not page.get("NextToken"):
            return found
        token = {"NextToken": page["NextToken"]}


class LimitsReader:
    """The limits as an operator has set them, read again every 30 s."""

    def __init__(
        self, client: Any, prefix: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._prefix = f"{prefix.rstrip('/')}/limits"
        self._clock = clock
        self._read_at: float | None = None
        self._limits = Limits()

    def read(self) -> Limits:
        """Raises SettingsInvalid naming a parameter that is wrong."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= KEEP_SECONDS:
            self._limits = parse(parameters(self._client, self._prefix))
            self._read_at = now
        return self._limits
