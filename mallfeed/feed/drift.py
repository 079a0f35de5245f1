"""Whether a feed's columns fit its catalog, before a row is loaded. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from mallfeed.catalog.model import Catalog
from mallfeed.feed.renamed_columns import renames
from mallfeed.feed.retyped_columns import retyped_columns
from mallfeed.feed.source_columns import columns_of_rules, columns_read, required_columns
from mallfeed.kinds.expression import ExpressionType
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.shell import command
from mallfeed.visible import visible_line

_SURELY_RENAMED = 0.75
"""How alike two names must be for a feed to be held because of that alone."""
MOST_SHOWN = 30
"""Unexpected columns in the message; `unexpected` has all."""


@dataclass(frozen=True)
class Drift:
    """How a feed's columns differ from its catalog.

    Attributes
    ----------
    missing : required source columns that are not in the feed, each with the likeliest rename
    unexpected : columns that nothing in the catalog reads
    retyped : columns of a type that their field cannot be read from, in words
    fits : the mall's catalog version that the columns do fit; None = none, or none was asked
    message : the table for people
    """

    missing: Mapping[str, str | None]
    unexpected: tuple[str, ...]
    message: str
    retyped: Mapping[str, str] = field(default_factory=dict)
    fits: int | None = None


def check_header(
    columns: Sequence[str],
    types: Mapping[str, str],
    catalog: Catalog,
    feed_name: str,
    versions: Sequence[Catalog] = (),
) -> Drift | None:
    """The drift of a feed's columns (and, for Parquet, their types) from its catalog; None = it fits.

    Extra columns alone are no drift: the catalog says whether they are kept or ignored. `versions`
    are the mall's published catalogs, among which one that fits is looked for.
    """
    absent = _absent(columns, catalog, feed_name)
    retyped = retyped_columns(columns, types, catalog, feed_name)
    if not absent and not retyped:
        return None
    named = set(columns_read(catalog, feed_name))
    unexpected = tuple(name for name in columns if name not in named)
    likely = renames({name: _fields_of(name, catalog, feed_name) for name in absent}, unexpected)
    missing = {name: likely.get(name) for name in absent}
    fits = _fitting(columns, types, catalog, feed_name, versions)
    drift = Drift(missing, unexpected, "", retyped, fits)
    message = _message(drift, catalog, feed_name) + _hint(columns, catalog, feed_name)
    return Drift(missing, unexpected, message, retyped, fits)


def _absent(columns: Sequence[str], catalog: Catalog, feed_name: str) -> list[str]:
    found = set(columns)
    required = list(required_columns(catalog, feed_name))
    # Where records do not bring their keys, each has all columns: what is absent is drift, but where
    # rows name what they change.
    if not (catalog.feeds[feed_name].format_row.nests or catalog.merges(feed_name)):
        types = [*catalog.fields_of(feed_name).values(), *catalog.attributes_of(feed_name).values()]
        for type_ in types:
            if isinstance(type_, ExpressionType) and not type_.optional:
                required += columns_of(type_.sql)
        required += columns_of_rules(catalog, feed_name)
    absent = [name for name in dict.fromkeys(required) if name not in found]
    return absent or _changed_by_nothing(found, catalog, feed_name)


def _changed_by_nothing(found: Set[str], catalog: Catalog, feed_name: str) -> list[str]:
    """Of a feed whose rows change what they name: what seems to be renamed, where nothing but the id and the
    operation is read.

    It would change nothing, day after day, and nobody would know. One of deletes may have columns that nobody reads.
    """
    if not catalog.merges(feed_name) or catalog.feeds[feed_name].extra_columns == "attributes":
        return []
    always = set(required_columns(catalog, feed_name))
    could = [name for name in columns_read(catalog, feed_name) if name not in always]
    if found & set(could):
        return []
    fields = {name: _fields_of(name, catalog, feed_name) for name in could}
    likely = renames(fields, sorted(found - always), _SURELY_RENAMED)
    return [name for name in could if name in likely]


def _hint(columns: Sequence[str], catalog: Catalog, feed_name: str) -> str:
    """What the format's options may have wrong, as a further sentence."""
    spec = catalog.feeds[feed_name]
    hint = spec.format_row.hint(spec.options, columns, required_columns(catalog, feed_name))
    return f" {hint}" if hint else ""


def _fields_of(column: str, catalog: Catalog, feed_name: str) -> list[str]:
    """Canonical fields that read a column."""
    fields = catalog.fields_of(feed_name)
    return [name for name, type_ in fields.items() if column in type_.sources]


def _fitting(
    columns: Sequence[str],
    types: Mapping[str, str],
    catalog: Catalog,
    feed_name: str,
    versions: Sequence[Catalog],
) -> int | None:
    """The newest other version with a feed of this name and format that the columns fit."""
    written = catalog.feeds[feed_name].format
    for other in sorted(versions, key=lambda one: -one.version):
        if other.version == catalog.version or feed_name not in other.feeds:
            continue
        if other.feeds[feed_name].format == written and not (
            _absent(columns, other, feed_name) or retyped_columns(columns, types, other, feed_name)
        ):
            return other.version
    return None


def _message(drift: Drift, catalog: Catalog, feed_name: str) -> str:
    renamed = {new: old for old, new in drift.missing.items() if new}
    rows = [("the catalog reads", "the feed has")]
    holders = drift.unexpected if catalog.feeds[feed_name].format_row.nests else ()
    rows += [(old, _instead(old, new, holders)) for old, new in drift.missing.items()]
    rows += [(name, f"{name}, but it is {what}") for name, what in drift.retyped.items()]
    others = [name for name in drift.unexpected if name not in renamed]
    rows += [("-", name) for name in others[:MOST_SHOWN]]
    rows = [(visible_line(left), visible_line(right)) for left, right in rows]
    width = max(len(left) for left, _ in rows)
    table = "\n".join(f"  {left:<{width}}  {right}" for left, right in rows)
    more = max(0, len(others) - MOST_SHOWN)
    return (
        f"the columns do not fit catalog v{catalog.version} of {catalog.mall}, feed {feed_name}\n"
        f"{table}\n"
        + (f"  and {more} more columns that nothing reads\n" if more else "")
        + _what_next(drift.fits)
    )


def _instead(old: str, new: str | None, holders: Sequence[str]) -> str:
    """What the feed has for a missing column: nothing, a rename, or a value where the path leads through."""
    ends = (end for end, character in enumerate(old) if character in ".[")
    around = next((old[:end] for end in ends if old[:end] in holders), None)
    if around is not None:
        return f"{around}, but a value or a list that holds no such thing"
    return f"- (renamed to {new}?)" if new else "-"


def _what_next(fits: int | None) -> str:
    if fits is not None:
        return (
            f"Nothing was loaded. Catalog v{fits} fits these columns: release the feed with it "
            f"({command('mallfeed release RUN --catalog', f'v{fits}')}), or ask the mall to send the agreed ones."
        )
    return (
        "Nothing was loaded. Publish a catalog version for the new columns and release the feed "
        "with it (mallfeed release RUN --catalog vN), or ask the mall to send the old ones."
    )
