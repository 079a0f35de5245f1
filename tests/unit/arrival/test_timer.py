"""What dispatch_runs does on the timer's events: which clock it uses, and which feeds are late."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mallfeed.ledger.states import State
from mallfeed.plan.overdue_feeds import TURNS, in_turn
from tests.unit.arrival.conftest import CATALOG
from tests.unit.arrival.test_handlers import Context, Stack, load, sqs, stack

__all__ = ["stack"]

FULL = "feeds/mall_a/full_1.csv"
EXPECTING = CATALOG.replace('window: "02:00-05:00"', "every_hours: 24")


def rings(at: datetime) -> dict[str, Any]:
    """The timer's event of that time."""
    time = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"source": "aws.events", "detail-type": "Scheduled Event", "time": time}


def minute_of(mall_id: str, since: datetime) -> datetime:
    """The first minute from then on in which it is the mall's turn."""
    minutes = (since + timedelta(minutes=n) for n in range(TURNS))
    return next(minute for minute in minutes if in_turn([mall_id], minute))


def windowed(stack: Stack, opens: datetime) -> None:
    """Lets a feed wait for a window of one hour that opens at that time."""
    window = f'window: "{opens:%H:%M}-{opens + timedelta(hours=1):%H:%M}"'
    text = CATALOG.replace('window: "02:00-05:00"', window).replace(
        "owner:", "timezone: UTC\nowner:"
    )
    stack.publish(text)
    load("feed_arrived").handler(sqs(stack.body(FULL)), Context())
    assert stack.by_key()[FULL].state is State.WAITING


def late_feeds(capsys: pytest.CaptureFixture[str]) -> list[float]:
    """The values of LateFeeds that have been measured since the last call."""
    lines = [line for line in capsys.readouterr().out.splitlines() if "LateFeeds" in line]
    return [value for line in lines for value in json.loads(line)["LateFeeds"]]


def test_a_timer_from_the_future_opens_a_window(stack: Stack) -> None:
    opens = datetime.now(UTC).replace(second=0) + timedelta(hours=5)
    windowed(stack, opens)
    handler = load("dispatch_runs").handler
    handler(rings(opens - timedelta(minutes=1)), Context())
    assert stack.by_key()[FULL].state is State.WAITING
    answer = handler(rings(opens), Context())
    assert list(answer["started"].values()) == [1]
    assert stack.by_key()[FULL].state is State.RUNNING


def test_an_old_event_does_not_turn_the_clock_back(stack: Stack) -> None:
    opened = datetime.now(UTC) - timedelta(hours=5)
    windowed(stack, opened)
    load("dispatch_runs").handler(rings(opened + timedelta(minutes=1)), Context())
    assert stack.by_key()[FULL].state is State.WAITING


@pytest.mark.parametrize("event", [{}, {"time": "soon"}])
def test_a_timer_that_names_no_time_is_this_moment_s(stack: Stack, event: dict[str, str]) -> None:
    windowed(stack, datetime.now(UTC) + timedelta(hours=5))
    answer = load("dispatch_runs").handler({"detail-type": "Scheduled Event", **event}, Context())
    assert answer["started"] == {}


def test_a_mall_is_asked_in_its_minute_alone(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.publish(EXPECTING)
    handler = load("dispatch_runs").handler
    minute = minute_of("mall_a", datetime.now(UTC))
    handler(rings(minute), Context())
    assert late_feeds(capsys) == [1]
    for other in range(1, TURNS):
        handler(rings(minute + timedelta(minutes=other)), Context())
    assert late_feeds(capsys) == [0] * (TURNS - 1)


def test_a_feed_that_came_is_not_late(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.publish(EXPECTING)
    load("feed_arrived").handler(sqs(stack.body(FULL)), Context())
    handler = load("dispatch_runs").handler
    for days in (0, 2):
        in_days = datetime.now(UTC) + timedelta(days=days)
        handler(rings(minute_of("mall_a", in_days)), Context())
    assert late_feeds(capsys) == [0, 1]


def test_the_end_of_a_run_asks_no_mall(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.publish(EXPECTING)
    minute = minute_of("mall_a", datetime.now(UTC))
    ended = {**rings(minute), "source": "aws.glue", "detail-type": "Glue Job State Change"}
    load("dispatch_runs").handler(ended, Context())
    assert late_feeds(capsys) == []
