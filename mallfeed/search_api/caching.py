"""Answers with an ETag: a client or cache that already has the same answer gets 304."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.content_types import APPLICATION_JSON


def cached_json(
    body: Any, if_none_match: str | None, max_age_s: int, took_ms: float | None = None
) -> Response[str]:
    """The body as JSON; see `cached`."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return cached(text, APPLICATION_JSON, if_none_match, max_age_s, took_ms)


def cached(
    text: str,
    content_type: str,
    if_none_match: str | None,
    max_age_s: int,
    took_ms: float | None = None,
) -> Response[str]:
    """200 with the text, or 304 without it if one of the given tags stands for the same text.

    The tag is weak (RFC 9110, 8.8.1): the same answer is also sent compressed. How long the search
    took goes into `Server-Timing`, because in the body it would make every answer different.
    """
    tag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={max_age_s}, stale-while-revalidate={max_age_s}",
        "Vary": "Accept-Encoding",
    }
    if took_ms is not None:
        headers["Server-Timing"] = f"search;dur={took_ms:.1f}"
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers, compress=False)
    return Response(200, content_type, text, headers=headers, compress=len(text) > 1024)


def matches(if_none_match: str | None, tag: str) -> bool:
    """Weak comparison of an If-None-Match field with the tag (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    sent = (one.strip().removeprefix("W/") for one in if_none_match.split(","))
    return tag.removeprefix("W/") in sent
