"""Which source columns a catalog names: what the reader of a nested format must pull out."""

from __future__ import annotations

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.expression import ExpressionType
from mallfeed.reading.wanted import Wanted


def wanted_columns(catalog: Catalog, feed_name: str) -> Wanted:
    """What the feed's fields, attributes and operation read."""
    feed = catalog.feeds[feed_name]
    types = [
        *catalog.fields_of(feed_name).values(),
        *catalog.attributes_of(feed_name).values(),
    ]
    named = [source for type_ in types for source in type_.sources]
    if feed.operation is not None:
        named.append(feed.operation.source)
    named += catalog.columns_to_gather(feed_name)
    named += feed.inherit.variant if feed.inherit is not None else ()
    reads_any = any(isinstance(type_, ExpressionType) for type_ in types) or columns_of_rules(
        catalog, feed_name
    )
    everything = bool(reads_any) or feed.extra_columns == "attributes"
    return Wanted(tuple(dict.fromkeys(named)), everything)


def columns_of_rules(catalog: Catalog, feed_name: str) -> tuple[str, ...]:
    """Source columns that the conditions of the feed's `rows` read."""
    names = catalog.names_for_rules(feed_name)
    rules = catalog.row_rules(feed_name)
    return tuple(dict.fromkeys(name for rule in rules for name in names.columns_of(rule.sql)))


def required_columns(catalog: Catalog, feed_name: str) -> tuple[str, ...]:
    """Source columns whose absence is drift: those of fields and attributes not `optional`."""
    types = [
        *catalog.fields_of(feed_name).values(),
        *catalog.attributes_of(feed_name).values(),
    ]
    named = [source for type_ in types if not type_.optional for source in type_.sources]
    operation = catalog.feeds[feed_name].operation
    if operation is not None:
        named.append(operation.source)
    named += catalog.columns_to_gather(feed_name)
    return tuple(dict.fromkeys(named))
