"""Web addresses: made absolute, percent-encoded, their host checked."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from mallfeed.normalise.types.reading import Problem, Reading, Sql, unreadable
from mallfeed.product.sql import NO_TEXT, called, case, text


def read_url(source: Sql, base_url: str | None, max_length: int | None) -> Reading:
    """A URL as it can be fetched; null when it cannot be one, or is too long: it cannot be cut."""
    reading = Reading(
        cell=source,
        parse=lambda cell: address(cell, base_url),
        problems=(unreadable("invalid"),),
    )
    if max_length is None:
        return reading
    too_long = Problem("too_long", lambda _, parsed: f"(not {is_short(parsed, max_length)})")
    short = replace(reading, value=lambda _, parsed: case((is_short(parsed, max_length), parsed)))
    return short.with_problem(too_long)


def is_short(url: Sql, characters: int) -> Sql:
    """Whether an address, which is ASCII, has no more characters than that."""
    return f"(octet_length({url}) <= {characters})"


def address(cell: Sql, base_url: str | None) -> Sql:
    """The absolute, percent-encoded URL of a cell, or null."""
    if not base_url:
        return called("address", cell, text("https"), NO_TEXT, NO_TEXT, NO_TEXT)
    base = urlsplit(base_url)
    root = f"{base.scheme}://{base.netloc}"
    folder = root + base.path.rsplit("/", 1)[0] + "/"
    page = root + (base.path or "/")
    return called("address", cell, text(base.scheme), text(root), text(folder), text(page))
