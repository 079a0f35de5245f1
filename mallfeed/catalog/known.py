"""Time zones, as the IANA list has them."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from mallfeed.yaml_files.fault import nearest


def zone_meant(name: str) -> str | None:
    """The zone that an unknown name is likely to mean."""
    return _ABBREVIATED.get(name.strip().upper()) or nearest(name, zone_names())


def is_zone(name: str) -> bool:
    """Whether the IANA time zone list has it."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


@cache
def zone_names() -> tuple[str, ...]:
    """All time zones, for suggestions."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


_ABBREVIATED = {
    **dict.fromkeys(("KST", "UTC+9", "GMT+9", "+09:00", "+0900", "SEOUL"), "Asia/Seoul"),
    **dict.fromkeys(("JST", "TOKYO"), "Asia/Tokyo"),
}
