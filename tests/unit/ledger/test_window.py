"""Time windows, for any window and any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mallfeed.ledger.window import opens_at

clock = st.times().map(lambda time: f"{time:%H:%M}")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(clock, clock, moments)
def test_a_closed_window_opens_within_a_day_and_is_open_then(
    start: str, end: str, now: datetime
) -> None:
    window = f"{start}-{end}"
    opening = opens_at(window, "Asia/Seoul", now)
    if opening is not None:
        assert now < opening <= now + timedelta(days=1)
        assert opens_at(window, "Asia/Seoul", opening) is None
        assert f"{opening:%H:%M}" == start


@given(clock, moments)
def test_equal_times_mean_the_whole_day(time: str, now: datetime) -> None:
    assert opens_at(f"{time}-{time}", "Asia/Seoul", now) is None


def test_no_window_is_always_open() -> None:
    assert opens_at(None, "Asia/Seoul", datetime(2026, 1, 1, tzinfo=UTC)) is None
