"""The states of alarms: the tables of the CloudWatch User Guide, statistics, expressions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from infra.local import alarm_metrics
from infra.local.alarm_metrics import NotEvaluated, Sample
from infra.local.alarm_rules import Rule, state

NOW = datetime(2026, 12, 1, 12, 0, 30, tzinfo=UTC)
WORDS = ("missing", "ignore", "breaching", "notBreaching")
STATES = {"A": "ALARM", "O": "OK", "I": "INSUFFICIENT_DATA", "-": None}


@pytest.mark.parametrize(
    ("needed", "points", "states"),
    [
        (3, "0-X-X", "OOOO"),
        (3, "0----", "OOOO"),
        (3, "-----", "I-AO"),
        (3, "0XX-X", "AAAA"),
        (3, "----X", "I-AO"),
        (3, "X----", "A-AO"),
        (2, "0-X-X", "AAAA"),
        (2, "00X0X", "AAAA"),
        (2, "0-X--", "OOAO"),
        (2, "----0", "OOAO"),
        (2, "----X", "I-AO"),
        (2, "-XX--", "AAAA"),
        (2, "-X---", "A-AO"),
    ],
)
def test_an_alarm_of_three_periods_has_the_state_that_aws_documents(
    needed: int, points: str, states: str
) -> None:
    """CloudWatch User Guide, Configuring how CloudWatch alarms treat missing data; the last two are ours."""
    values = [{"X": 5.0, "0": 1.0, "-": None}[point] for point in points]
    for missing, expected in zip(WORDS, states, strict=True):
        rule = Rule("GreaterThanThreshold", 3, 3, needed, missing)
        assert state(rule, values) == STATES[expected], missing


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanThreshold", [4]),
        ("GreaterThanOrEqualToThreshold", [3, 4]),
        ("LessThanThreshold", [2]),
        ("LessThanOrEqualToThreshold", [2, 3]),
    ],
)
def test_the_threshold_itself_belongs_to_where_the_comparison_says(
    comparison: str, breaching: list[int]
) -> None:
    rule = Rule(comparison, 3, 1, 1)
    assert [value for value in (2, 3, 4) if state(rule, [value]) == "ALARM"] == breaching


def test_what_is_older_than_the_range_counts_no_more() -> None:
    rule = Rule("GreaterThanThreshold", 3, 1, 1, "notBreaching")
    assert state(rule, [5.0, None, None]) == "ALARM"
    assert state(rule, [5.0, None, None, None]) == "OK"


def test_a_statistic_is_taken_per_period_and_missing_where_there_is_nothing() -> None:
    spans = alarm_metrics.windows(NOW, 60, 3)
    assert spans[-1] == (NOW.replace(minute=59, hour=11, second=0), NOW.replace(second=0))
    before = spans[0][0] - timedelta(seconds=1)
    samples = [
        Sample(before, 9, 9, 9),
        Sample(spans[0][0], 1, 1, 1),
        Sample(spans[0][0], 4, 4, 4),
        Sample(spans[2][0], 1, 3, 6, 3),
    ]
    for statistic, expected in {
        "Sum": [5, None, 6], "Average": [2.5, None, 2], "Minimum": [1, None, 1],
        "Maximum": [4, None, 3], "SampleCount": [2, None, 3], "p50": [1, None, 3], "p95": [4, None, 3],
    }.items():  # fmt: skip
        assert alarm_metrics.points(samples, statistic, spans) == expected, statistic
    with pytest.raises(NotEvaluated, match="TM"):
        alarm_metrics.points(samples, "TM(10%:90%)", spans)


def test_a_period_of_minutes_is_looked_at_each_minute_and_a_short_one_more_often() -> None:
    assert alarm_metrics.windows(NOW, 300, 1)[0][1] == NOW.replace(second=0)
    assert alarm_metrics.windows(NOW, 10, 1)[0][1] == NOW


def test_an_expression_has_no_data_point_where_one_of_its_metrics_has_none() -> None:
    """CloudWatch User Guide, Using metric math."""
    errors, requests = [5.0, 1.0, None, 3.0], [100.0, 4.0, 100.0, None]
    series = {"errors": errors, "requests": requests}
    share = "100 * errors / IF(requests > 20, requests, 20)"
    assert alarm_metrics.computed(share, series) == [5, 5, None, None]
    assert alarm_metrics.computed("FILL(errors, 0) + 1", series) == [6, 2, 1, 4]
    assert alarm_metrics.computed("errors / (requests - 100)", series) == [
        None,
        -1 / 96,
        None,
        None,
    ]
    with pytest.raises(NotEvaluated, match="ANOMALY"):
        alarm_metrics.computed("ANOMALY_DETECTION_BAND(errors)", series)
