"""Which platform has written a file: the one of which the file has most columns, also where some are renamed or left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mallfeed.catalog.platform import Platform, Platforms
from mallfeed.feed.renamed_columns import renames
from mallfeed.feed.source_columns import columns_of_type, columns_read

LEAST = 0.65
"""Share of the columns known of a platform that a file must have where it lacks one of those that mark it. Of 150 feeds of
others, shops and marketplaces, none has more than 0.55; every export tried with three columns renamed or gone has more."""

ALIKE = 0.7
"""How alike a column's name must be to the one that is missing, so that a draft reads it in its place."""


@dataclass(frozen=True)
class Recognised:
    """The platform's version that a file is one of.

    Attributes
    ----------
    platform : the version
    lacking : columns known of it that the file does not have
    renamed : those of them that the file has under another name, as it seems
    """

    platform: Platform
    lacking: tuple[str, ...]
    renamed: dict[str, str]


def recognised(columns: Collection[str], platforms: Platforms) -> Recognised | None:
    """The platform whose file has these columns, of several that with most of them, in its newest version that fits.

    Raises CatalogInvalid where a platform is faulty.
    """
    named = dict.fromkeys(columns)
    known = [platforms.platform(one) for one in sorted(platforms.known())]
    likely = [_seen(one, named) for one in known if _is_likely(one, named)]
    fitting = [one for one in likely if _is_together(one)]
    if not fitting:
        return None
    best = max(fitting, key=lambda one: len(_known(one.platform)) - len(one.lacking))
    name = best.platform.reference.platform
    return _newest([one for one in fitting if one.platform.reference.platform == name], named)


def _newest(versions: Sequence[Recognised], columns: Collection[str]) -> Recognised:
    """The newest, unless the file has more of what an earlier one reads: it is an export of that time then.

    What only one of two versions has says nothing of the file: a field may be new, or turned out to be wrong.
    """
    best = versions[-1]
    for earlier in reversed(versions[:-1]):
        mine, theirs = _reads(best.platform), _reads(earlier.platform)
        both = mine.keys() & theirs.keys()
        here = sum(_is_there(mine[name], columns) for name in both)
        if sum(_is_there(theirs[name], columns) for name in both) > here:
            best = earlier
    return best


def _reads(one: Platform) -> dict[tuple[str, str], tuple[str, ...]]:
    """What the version reads, and from which columns: fields, attributes, and the rows that it leaves out."""
    feed = next(iter(one.catalog.feeds))
    names = one.catalog.names_for_rules(feed)
    types = {("fields", name): type_ for name, type_ in one.catalog.fields_of(feed).items()}
    types |= {("attributes", n): type_ for n, type_ in one.catalog.attributes_of(feed).items()}
    rules = {
        ("rows", rule.name): names.columns_of(rule.sql) for rule in one.catalog.row_rules(feed)
    }
    return {name: columns_of_type(type_) for name, type_ in types.items()} | rules


def _is_there(read: Collection[str], columns: Collection[str]) -> bool:
    return all(name in columns for name in read)


def _seen(one: Platform, columns: Collection[str]) -> Recognised:
    known = _known(one)
    lacking = _lacking(one, columns)
    feed = next(iter(one.catalog.feeds))
    fields = one.catalog.fields_of(feed)
    missing = {
        name: [f for f, type_ in fields.items() if name in type_.sources] for name in lacking
    }
    others = [name for name in columns if name not in known]
    return Recognised(one, lacking, renames(missing, others, ALIKE))


def _known(one: Platform) -> tuple[str, ...]:
    """The columns of its export, as far as its version names them."""
    feed = next(iter(one.catalog.feeds))
    return tuple(dict.fromkeys((*one.head.recognised_by, *columns_read(one.catalog, feed))))


def _lacking(one: Platform, columns: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in _known(one) if name not in columns)


def _is_likely(one: Platform, columns: Collection[str]) -> bool:
    """Whether there are all columns that mark the platform, or most of those that are known of it."""
    lacking = _lacking(one, columns)
    is_marked = not set(one.head.recognised_by) & set(lacking)
    return is_marked or len(lacking) <= (1 - LEAST) * len(_known(one))


def _is_together(one: Recognised) -> bool:
    """Whether the columns are there by which rows of one article are found."""
    inherit = next(iter(one.platform.catalog.feeds.values())).inherit
    if inherit is None:
        return True
    parent = (inherit.parent.source, *inherit.parent.columns) if inherit.parent else ()
    return set(filter(None, (inherit.key, *parent))) & set(one.lacking) <= one.renamed.keys()
