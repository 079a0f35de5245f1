"""Amazon CloudWatch: what alarms and metric data may say.

Sources: CloudWatch API Reference, PutMetricAlarm (Period, EvaluationPeriods, DatapointsToAlarm, TreatMissingData) and
PutMetricData (1,000 metrics, 150 values, two weeks back and two hours ahead, namespaces of AWS's own). The messages are ours where
the reference has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.limits.errors import Check, Refusal

MOST_METRICS = 1000
MOST_VALUES = 150
OLDEST, NEWEST = timedelta(days=14), timedelta(hours=2)
_DAY_S, _WEEK_S, _HOUR_S = 86_400, 604_800, 3600
_SHORT_PERIODS = (10, 20, 30)
MISSING = ("breaching", "notBreaching", "ignore", "missing")


def _invalid(message: str) -> Refusal:
    return Refusal("ValidationError", message)


def put_metric_alarm(asked: Mapping[str, Any], _: Any = None) -> None:
    """Period, N and M, and what becomes of missing data."""
    period, periods = asked.get("Period"), asked.get("EvaluationPeriods")
    if period is not None and period not in _SHORT_PERIODS and (period < 60 or period % 60):
        raise _invalid("The period for this alarm must be 10, 20, 30 or a multiple of 60 seconds")
    if period is not None and periods is not None:
        most = _DAY_S if period < _HOUR_S else _WEEK_S
        if period * periods > most:
            raise _invalid(f"Metrics cannot be checked across more than {most} seconds")
    needed = asked.get("DatapointsToAlarm")
    if needed is not None and periods is not None and needed > periods:
        raise _invalid("DatapointsToAlarm must not be more than EvaluationPeriods")
    if (missing := asked.get("TreatMissingData")) is not None and missing not in MISSING:
        raise _invalid(f"TreatMissingData must be one of {', '.join(MISSING)}: {missing}")


def put_metric_data(asked: Mapping[str, Any], _: Any = None) -> None:
    """Number, namespace and times."""
    if str(asked.get("Namespace", "")).startswith("AWS/"):
        raise Refusal("InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid.")
    given = list(asked.get("MetricData") or [])
    for group in asked.get("EntityMetricData") or []:
        given += group.get("MetricData") or []
    if len(given) > MOST_METRICS:
        raise Refusal(
            "InvalidParameterValue",
            f"The collection MetricData must not have a size greater than {MOST_METRICS}.",
        )
    for datum in given:
        _datum(datum, datetime.now(UTC))


def _datum(datum: Mapping[str, Any], now: datetime) -> None:
    if len(datum.get("Values") or []) > MOST_VALUES:
        raise Refusal(
            "InvalidParameterValue",
            f"The collection Values must not have a size greater than {MOST_VALUES}.",
        )
    when = datum.get("Timestamp")
    if not isinstance(when, datetime):
        return
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    if not now - OLDEST <= when <= now + NEWEST:
        raise Refusal(
            "InvalidParameterValue",
            "The parameter MetricData.member.Timestamp must be at most two weeks old and two hours ahead.",
        )


RULES: dict[str, Check] = {"PutMetricAlarm": put_metric_alarm, "PutMetricData": put_metric_data}
