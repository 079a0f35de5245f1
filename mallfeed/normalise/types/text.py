"""Plain text and HTML to text: entities, tags, invisible characters, white space, NFC, length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mallfeed.catalog.field_types import HtmlTextType, TextType
from mallfeed.normalise.types.reading import (
    Condition,
    Problem,
    Reading,
    Sql,
    cut,
    is_longer,
    longer_than,
)
from mallfeed.product.sql import called

MAX_CELL = 100_000
"""Characters of a cell that cleaning looks at; what is behind them is cut (and told as too long)."""


def clean_text(value: Sql) -> Sql:
    """One line of text: no tag, entity or control character, spaces folded, NFC; null when blank."""
    return called("clean_text", value)


def clean_html(value: Sql) -> Sql:
    """Readable text of an HTML fragment; blocks become line breaks; null when blank."""
    return called("clean_html", value)


def unseen(source: Sql, is_gone: Condition) -> tuple[Problem, ...]:
    """What cleaning may take out of a text that the mall must be told of.

    No text at all behind the markup, where `is_gone` says that none was left; everything behind a
    script, style or comment that is never closed; what is behind the first MAX_CELL characters.
    """
    written = called("is_written", source)
    return (
        Problem("no_text", lambda cell, parsed: f"({is_gone(cell, parsed)} and {written})"),
        Problem("unclosed", lambda _cell, _parsed: called("unclosed", source), False),
        Problem("too_long", lambda _cell, _parsed: is_longer(source, MAX_CELL), False),
    )


def read_text(options: TextType, source: Sql, max_length: int | None) -> Reading:
    """Cleaned text, cut at the shorter of the option's and the field's length."""
    return _cut(clean_text, source, options.max_length, max_length)


def read_html(options: HtmlTextType, source: Sql, max_length: int | None) -> Reading:
    """Text of an HTML fragment, cut at the shorter of the option's and the field's length."""
    return _cut(clean_html, source, options.max_length, max_length)


def _cut(clean: Callable[[Sql], Sql], source: Sql, *lengths: int | None) -> Reading:
    whole = Reading(
        source,
        clean,
        problems=unseen(source, _nothing_is_left),
        blank=_nothing_is_left,
        written=lambda cell: f"coalesce({clean(cell)}, {cell})",
    )
    limits = [length for length in lengths if length is not None]
    if not limits:
        return whole
    length = min(limits)
    short = replace(whole, value=lambda _, clean_one: cut(clean_one, length))
    return short.with_problem(longer_than(length), first=True)


def _nothing_is_left(_cell: Sql, cleaned: Sql) -> Sql:
    return f"({cleaned} is null)"
