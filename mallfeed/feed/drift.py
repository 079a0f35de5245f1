"""Whether a feed's header fits its catalog, before a row is loaded. Pure."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mallfeed.catalog.model import Catalog
from mallfeed.feed.wanted import required_columns, wanted_columns

MOST_SHOWN = 30
"""Unexpected columns in the message; `unexpected` has all."""


@dataclass(frozen=True)
class Drift:
    """How a header differs from its catalog.

    Attributes
    ----------
    missing : required source columns that are not in the feed, each with the likeliest rename
    unexpected : columns that no field names
    message : the table for people
    """

    missing: Mapping[str, str | None]
    unexpected: tuple[str, ...]
    message: str


def check_header(
    columns: Sequence[str], types: Mapping[str, str], catalog: Catalog, feed_name: str
) -> Drift | None:
    """The drift of a feed's columns from its catalog; None where it fits.

    Extra columns alone are no drift: the catalog says whether they are kept or ignored.
    """
    del types  # typed feeds are read by the field types as they are
    found = set(columns)
    absent = [name for name in required_columns(catalog, feed_name) if name not in found]
    if not absent:
        return None
    named = set(wanted_columns(catalog, feed_name).named)
    unexpected = tuple(name for name in columns if name not in named)
    missing = {name: likeliest(name, unexpected) for name in absent}
    return Drift(missing, unexpected, _message(missing, unexpected, catalog, feed_name))


def likeliest(name: str, candidates: Sequence[str]) -> str | None:
    """The candidate that the column was probably renamed to; None where none is alike."""
    folded = {_folded(candidate): candidate for candidate in candidates}
    close = difflib.get_close_matches(_folded(name), list(folded), n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in text if character.isalnum())


def _message(
    missing: Mapping[str, str | None],
    unexpected: Sequence[str],
    catalog: Catalog,
    feed_name: str,
) -> str:
    renamed = {new for new in missing.values() if new}
    rows = [("the catalog reads", "the feed has")]
    rows += [(name, f"- (renamed to {new}?)" if new else "-") for name, new in missing.items()]
    rows += [("-", name) for name in unexpected if name not in renamed][:MOST_SHOWN]
    width = max(len(left) for left, _ in rows)
    table = "\n".join(f"  {left:<{width}}  {right}" for left, right in rows)
    more = max(0, len(unexpected) - len(renamed) - MOST_SHOWN)
    return (
        f"the columns do not fit catalog v{catalog.version} of {catalog.mall}, feed {feed_name}\n"
        f"{table}\n"
        + (f"  and {more} more columns that no field reads\n" if more else "")
        + "Nothing was loaded. Publish a catalog version for the new columns and release the feed "
        "with it (mallfeed release RUN --catalog vN), or ask the mall to send the old ones."
    )
