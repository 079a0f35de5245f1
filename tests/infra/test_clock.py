"""When schedules fire, and what a tick starts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from infra.local.clock import Calendar, Schedule, Trigger, check, schedules, triggers
from infra.local.cron import is_due
from infra.local.deploy_template import Plain
from infra.local.processes import StackError

ARN = "arn:aws:lambda:ap-northeast-2:123456789012:function"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("expression", "at", "due"),
    [
        ("cron(30 18 * * ? *)", "2026-11-24T03:30+09:00", True),
        ("cron(30 18 * * ? *)", "2026-11-24T18:30:59Z", True),
        ("cron(30 18 * * ? *)", "2026-11-24T18:31Z", False),
        ("cron(30 18 * * ? *)", "2026-11-24T03:30Z", False),
        ("cron(0/15 * * * ? *)", "2026-11-24T03:45Z", True),
        ("cron(0/15 * * * ? *)", "2026-11-24T03:50Z", False),
        ("cron(0 9-17/2 ? * MON-FRI *)", "2026-11-24T13:00Z", True),  # a Tuesday
        ("cron(0 9-17/2 ? * MON-FRI *)", "2026-11-24T14:00Z", False),
        ("cron(0 9-17/2 ? * MON-FRI *)", "2026-11-22T13:00Z", False),  # a Sunday
        ("cron(0 0 ? * 1 *)", "2026-11-22T00:00Z", True),  # 1 is Sunday
        ("cron(0 0 1,15 JAN,NOV ? 2026)", "2026-11-15T00:00Z", True),
        ("cron(0 0 1,15 JAN,NOV ? 2026)", "2027-01-15T00:00Z", False),
        ("rate(1 minute)", "2026-11-24T03:31Z", True),
        ("rate(10 minutes)", "2026-11-24T03:31Z", False),
        ("rate(10 minutes)", "2026-11-24T03:30Z", True),
        ("rate(1 hour)", "2026-11-24T03:00Z", True),
    ],
)
def test_a_schedule_fires_in_its_minutes(expression: str, at: str, due: bool) -> None:
    assert is_due(expression, moment(at)) is due


@pytest.mark.parametrize(
    "expression",
    [
        "cron(30 18 * * ?)",
        "cron(60 18 * * ? *)",
        "cron(0 0 L * ? *)",
        "cron(5-1 0 * * ? *)",
        "cron(0 0 1 * MON *)",
        "cron(0 0 ? * ? *)",
        "cron(? 0 * * ? *)",
        "cron(*-5 0 * * ? *)",
        "cron(0/0 0 * * ? *)",
        "cron(0 0 ? * MON#1 *)",
        "cron(0 0 ? MAI * *)",
        "rate(0 minutes)",
        "daily",
    ],
)
def test_an_invalid_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"cron|rate"):
        is_due(expression, moment("2026-11-24T03:30Z"))


def night(expression: str) -> Plain:
    """A template with that one trigger."""
    trigger = {"Name": "m-nightly", "Type": "SCHEDULED", "Schedule": expression,
               "Actions": [{"JobName": "m-maintain"}]}  # fmt: skip
    return Plain({"Night": {"Type": "AWS::Glue::Trigger", "Properties": trigger}}, {})


def test_a_deployment_whose_schedule_cannot_be_read_is_refused_by_name() -> None:
    check(night("cron(30 18 * * ? *)"))
    with pytest.raises(StackError, match="m-nightly would never fire: cron field 'L'"):
        check(night("cron(30 18 L * ? *)"))


def test_a_schedule_fires_once_per_minute_and_missed_times_are_not_made_up_for() -> None:
    (trigger,) = triggers(night("cron(30 18 * * ? *)"))
    hourly = Schedule("hourly", "f", None, "cron(0 * * * ? *)")
    calendar = Calendar(moment("2026-11-24T18:28:59Z"))

    def rings(at: str) -> list[Schedule | Trigger]:
        return calendar.due([trigger, hourly], moment(at))

    assert rings("2026-11-24T18:29Z") == []
    assert rings("2026-11-24T18:30:01Z") == [trigger]
    assert rings("2026-11-24T18:30:02Z") == []
    assert rings("2026-11-24T18:29:59Z") == rings("2026-11-24T18:30Z") == []  # put back
    assert rings("2026-11-24T22:05Z") == []  # the machine slept over three hours' ends
    assert rings("2026-11-24T23:00:59Z") == [hourly]


def test_a_stack_that_comes_up_within_a_minute_leaves_that_minute_to_the_one_before() -> None:
    found = triggers(night("cron(30 18 * * ? *)"))
    calendar = Calendar(moment("2026-11-24T18:30:01Z"))
    assert calendar.due(found, moment("2026-11-24T18:30:02Z")) == []
    assert calendar.due(found, moment("2026-11-25T18:30Z")) == found


def test_rules_and_triggers_of_the_template_are_found() -> None:
    timer = {"Name": "m-timer", "ScheduleExpression": "rate(1 minute)", "State": "ENABLED",
             "Targets": [{"Id": "1", "Arn": f"{ARN}:m-dispatch"}]}  # fmt: skip
    off = {**timer, "Name": "m-off", "State": "DISABLED"}
    night = {"Name": "m-nightly", "Type": "SCHEDULED", "Schedule": "cron(30 18 * * ? *)",
             "Actions": [{"JobName": "m-maintain", "Arguments": {"--who": "night"}}]}  # fmt: skip
    after = {"Name": "m-after", "Type": "CONDITIONAL", "Actions": [{"JobName": "x"}]}
    found = Plain(
        {
            "Timer": {"Type": "AWS::Events::Rule", "Properties": timer},
            "Off": {"Type": "AWS::Events::Rule", "Properties": off},
            "Night": {"Type": "AWS::Glue::Trigger", "Properties": night},
            "After": {"Type": "AWS::Glue::Trigger", "Properties": after},
        },
        {},
    )
    assert schedules(found) == [Schedule("m-timer", "m-dispatch", 5.0, "rate(1 minute)")]
    (trigger,) = triggers(found)
    assert (trigger.name, trigger.jobs) == ("m-nightly", (("m-maintain", {"--who": "night"}),))


def test_the_event_tells_the_time_at_which_it_was_to_ring() -> None:
    schedule = Schedule("timer", "f", None, "rate(1 minute)")
    assert schedule.event(moment("2026-11-24T03:30+09:00"))["time"] == "2026-11-23T18:30:00Z"
    now = moment(schedule.event()["time"].replace("Z", "+00:00"))
    assert abs((datetime.now(UTC) - now).total_seconds()) < 60
