"""Which source columns a catalog names: what the reader of a nested format must pull out."""

from __future__ import annotations

from mallfeed.catalog.field_types import ExpressionType
from mallfeed.catalog.model import Catalog


def wanted_columns(catalog: Catalog, feed_name: str) -> tuple[str, ...] | None:
    """Source columns or dotted paths in the catalog's order; None = all that are found.

    All are kept when an expression may name any, or when extra columns become attributes.
    """
    feed = catalog.feeds[feed_name]
    types = [
        *catalog.fields_of(feed_name).values(),
        *catalog.attributes_of(feed_name).values(),
    ]
    if feed.extra_columns == "attributes" or any(isinstance(t, ExpressionType) for t in types):
        return None
    named = [source for type_ in types for source in type_.sources]
    if feed.operation is not None:
        named.append(feed.operation.source)
    return tuple(dict.fromkeys(named))


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
