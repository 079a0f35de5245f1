"""The time of a decision that a person makes: S3's, whatever the clock of that person's machine says.

A mall's feeds are ordered by time. Those of files have S3's LastModified; a replay, a rollback or a dropped slice has no
file of its own, so a small object is written for its time. By a clock that runs four minutes ahead, what the mall
uploads in the next four minutes would come before the rollback, and be superseded by it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

MARKER = "clock/now"
"""The object in the lake bucket whose LastModified is read."""
MOST_OFF = timedelta(seconds=30)
"""How far a clock may be off without being reported: LastModified has whole seconds, and a request may take some."""


class ServiceTime(NamedTuple):
    """The time, UTC, and by how much this machine's clock is ahead of it (negative: behind)."""

    at: datetime
    ahead: timedelta

    @property
    def warning(self) -> str | None:
        """What to tell of a clock that is off by more than MOST_OFF."""
        seconds = round(self.ahead.total_seconds())
        if abs(seconds) <= MOST_OFF.total_seconds():
            return None
        side = "ahead of" if seconds > 0 else "behind"
        return (
            f"The clock of this machine is {abs(seconds)} s {side} that of S3; S3's counts. "
            "Set the machine's clock: signed requests fail when it is off by 15 minutes."
        )


def service_time(s3: Any, bucket: str, own: Callable[[], datetime]) -> ServiceTime:
    """S3's time now, by an object written into the bucket; `own` is this machine's clock.

    Below a second it is this machine's, so that two decisions of one second have two times. Raises ClientError if the
    bucket cannot be written.
    """
    s3.put_object(Bucket=bucket, Key=MARKER, Body=b"")
    told = s3.head_object(Bucket=bucket, Key=MARKER)["LastModified"].astimezone(UTC)
    here = own()
    return ServiceTime(told.replace(microsecond=here.microsecond), here - told)
