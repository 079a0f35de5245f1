"""Plain text and HTML to text: entities, tags, invisible characters, white space, NFC."""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, called

MAX_CELL = 100_000
"""Characters of a cell that cleaning looks at; what is behind them is cut (and told as too long)."""


def clean_text(value: Sql) -> Sql:
    """One line of text: no tag, entity or control character, spaces folded, NFC; null when blank."""
    return called("clean_text", value)


def clean_html(value: Sql) -> Sql:
    """Readable text of an HTML fragment; blocks become line breaks; null when blank."""
    return called("clean_html", value)
