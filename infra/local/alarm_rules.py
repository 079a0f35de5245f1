"""The state of an alarm from its data points: M of N, and what becomes of those that are missing.

Source: Amazon CloudWatch User Guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data", whose tables of examples
are the test. How far back an alarm looks for data points is said there for one example only (5 for an alarm of 3): here it is two more than N.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
_MORE = 2
_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


@dataclass(frozen=True)
class Rule:
    """When an alarm rings.

    Attributes
    ----------
    periods : N, EvaluationPeriods
    needed : M, DatapointsToAlarm
    missing : `missing`, `ignore`, `breaching` or `notBreaching`
    """

    comparison: str
    threshold: float
    periods: int
    needed: int
    missing: str = "missing"

    @property
    def range(self) -> int:
        """How many data points are looked at, from the oldest on."""
        return self.periods + _MORE

    def breaches(self, value: float) -> bool:
        """Whether a value is beyond the threshold. Raises KeyError for a comparison with a band."""
        return bool(_COMPARISONS[self.comparison](value, self.threshold))


def state(rule: Rule, points: Sequence[float | None]) -> str | None:
    """The state after these data points, from the oldest to the newest, None where one is missing; None: it stays as it is."""
    breaching = [None if value is None else rule.breaches(value) for value in points[-rule.range :]]
    real = [one for one in breaching if one is not None]
    if len(real) >= rule.periods:
        return ALARM if sum(real[-rule.periods :]) >= rule.needed else OK
    filled = rule.periods - len(real)
    if rule.missing == "breaching":
        return ALARM if sum(real) + filled >= rule.needed else OK
    if sum(real) >= rule.needed:
        return ALARM
    if rule.missing == "notBreaching" or not all(real):
        return OK
    if rule.missing == "ignore":
        return None
    return ALARM if _has_breached_for(breaching) >= rule.needed else INSUFFICIENT


def _has_breached_for(breaching: Sequence[bool | None]) -> int:
    """Periods since the oldest data point, if there is one: none since then was within the threshold."""
    there = [place for place, one in enumerate(breaching) if one is not None]
    return len(breaching) - there[0] if there else 0
