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
    expressions = any(isinstance(type_, ExpressionType) for type_ in types)
    return Wanted(tuple(dict.fromkeys(named)), expressions or feed.extra_columns == "attributes")


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
    return tuple(dict.fromkeys(named))
