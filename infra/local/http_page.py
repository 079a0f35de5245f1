"""The shop-search page's files, as any static web server would serve them."""

from __future__ import annotations

import hashlib

from infra.local.http_event import Answer, Request
from infra.paths import CHECKOUT

WEB = CHECKOUT / "web"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SAFETY = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    (
        "content-security-policy",
        "default-src 'self'; img-src 'self' data: https: http:; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
)


def answer(request: Request) -> Answer | None:
    """The page's file at that path; None if the page has no such file."""
    path = request.target.partition("?")[0]
    name = "index.html" if path == "/" else path.removeprefix("/")
    if request.method not in ("GET", "HEAD") or "/" in name or name.startswith("."):
        return None
    file = WEB / name
    if file.suffix not in _TYPES or not file.is_file():
        return None
    body = file.read_bytes()
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    known = {name.lower(): value for name, value in request.headers}.get("if-none-match")
    headers = (
        ("content-type", _TYPES[file.suffix]),
        ("etag", etag),
        ("cache-control", "no-cache"),
        *_SAFETY,
    )
    return Answer(304, headers, b"") if known == etag else Answer(200, headers, body)
