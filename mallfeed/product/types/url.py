"""Web addresses: made absolute, percent-encoded, their host checked."""

from __future__ import annotations

from urllib.parse import urlsplit

from mallfeed.product.sql import NO_TEXT, called, text
from mallfeed.product.types.reading import Reading, Sql, unreadable


def read_url(source: Sql, base_url: str | None) -> Reading:
    """A URL as it can be fetched; null when it cannot be one."""
    return Reading(
        cell=source,
        parse=lambda cell: address(cell, base_url),
        problems=(unreadable("invalid"),),
    )


def address(cell: Sql, base_url: str | None) -> Sql:
    """The absolute, percent-encoded URL of a cell, or null."""
    if not base_url:
        return called("address", cell, text("https"), NO_TEXT, NO_TEXT, NO_TEXT)
    base = urlsplit(base_url)
    root = f"{base.scheme}://{base.netloc}"
    folder = root + base.path.rsplit("/", 1)[0] + "/"
    page = root + (base.path or "/")
    return called("address", cell, text(base.scheme), text(root), text(folder), text(page))
