"""Web addresses: made absolute, percent-encoded, their host checked."""

from __future__ import annotations

from urllib.parse import urlsplit

from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, called, text


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
