"""Time windows in which a mall's feeds may be taken (`schedule.window` of its catalog)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def opens_at(window: str | None, zone: str, now: datetime) -> datetime | None:
    """When the window `HH:MM-HH:MM` opens next; None if it is open now (or there is none).

    A window may span midnight (`22:00-05:00`); equal times mean the whole day.
    """
    if window is None:
        return None
    start, end = (time.fromisoformat(part) for part in window.split("-"))
    local = now.astimezone(ZoneInfo(zone))
    moment = local.time()
    inside = start <= moment < end if start < end else (moment >= start or moment < end)
    if inside:
        return None
    opening = local.replace(hour=start.hour, minute=start.minute, second=0, microsecond=0)
    return opening if opening > local else opening + timedelta(days=1)
