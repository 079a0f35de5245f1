"""Time zones by their names in the IANA list."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from mallfeed.wording import nearest, shown

_ABBREVIATED = {
    **dict.fromkeys(("KST", "UTC+9", "GMT+9", "+09:00", "+0900", "SEOUL"), "Asia/Seoul"),
    **dict.fromkeys(("JST", "TOKYO"), "Asia/Tokyo"),
}


def is_zone(name: str) -> bool:
    """Whether the IANA time zone list has it."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def unknown_zone(name: str) -> tuple[str, str, str | None]:
    """Of a name that the list does not have: what is wrong, what was expected, what may be meant."""
    meant = _ABBREVIATED.get(name.strip().upper()) or nearest(name, _zone_names())
    return f"{shown(name)} is no time zone", "an IANA name as Asia/Seoul", meant


@cache
def _zone_names() -> tuple[str, ...]:
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))
