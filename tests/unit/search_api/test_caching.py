"""Entity tags and what If-None-Match means."""

from __future__ import annotations

import pytest

from mallfeed.search_api.caching import cached_json, matches


@pytest.mark.parametrize(
    ("sent", "same"),
    [
        (None, False),
        ('W/"a"', True),
        ('"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ('W/"aa"', False),
        ("", False),
    ],
)
def test_tags_are_compared_weakly(sent: str | None, same: bool) -> None:
    assert matches(sent, 'W/"a"') is same


def test_how_long_it_took_does_not_change_the_tag() -> None:
    one, other = (cached_json({"a": "가"}, None, 30, took_ms=ms) for ms in (1.0, 2.0))
    assert one.headers["ETag"] == other.headers["ETag"]
    assert one.headers["Server-Timing"] != other.headers["Server-Timing"]
    assert one.body == '{"a":"가"}'
