"""Which source columns a catalog names: what the reader of a nested format must pull out."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.expression import ExpressionType
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.rules_of_versions import CLEAN_IDS
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.product.fields import BY_NAME
from mallfeed.product.record import PRODUCT
from mallfeed.reading.wanted import Wanted


def wanted_columns(catalog: Catalog, feed_name: str) -> Wanted:
    """What the feed's fields and attributes read, and what says what its rows do."""
    feed = catalog.feeds[feed_name]
    types = [
        *catalog.fields_of(feed_name).values(),
        *catalog.attributes_of(feed_name).values(),
    ]
    named = [source for type_ in types for source in type_.sources]
    named += catalog.row_columns(feed_name)
    named += catalog.columns_to_gather(feed_name)
    named += feed.inherit.variant if feed.inherit is not None else ()
    reads_any = any(isinstance(type_, ExpressionType) for type_ in types) or columns_of_rules(
        catalog, feed_name
    )
    everything = bool(reads_any) or feed.extra_columns == "attributes"
    around = _paths_of_countries(catalog, feed_name, named)
    return Wanted(
        tuple(dict.fromkeys(named)),
        everything,
        catalog.merges(feed_name),
        around,
        as_shown=catalog.rules >= CLEAN_IDS,  # they may be ids
    )


def _paths_of_countries(catalog: Catalog, feed_name: str, named: Sequence[str]) -> frozenset[str]:
    """Of fields of which there may be one value per country, the paths that nothing else reads: beside the value
    stands the country."""
    found = (
        source
        for name, type_ in catalog.fields_of(feed_name).items()
        if name in BY_NAME and BY_NAME[name].by_country and KINDS[type_.type].finds is None
        for source in type_.sources
    )
    others = columns_of_rules(catalog, feed_name)
    return frozenset(
        path
        for path in found
        if "." in path and "[" not in path and named.count(path) == 1 and path not in others
    )


def columns_read(catalog: Catalog, feed_name: str) -> tuple[str, ...]:
    """Every source column that the feed reads, whatever for: fields, attributes, operation, `inherit`, conditions of `rows`."""
    inherit = catalog.feeds[feed_name].inherit
    named = (
        *catalog.columns_of(feed_name),
        *(inherit.variant if inherit is not None else ()),
        *columns_of_rules(catalog, feed_name),
    )
    return tuple(dict.fromkeys(named))


def columns_of_rules(catalog: Catalog, feed_name: str) -> tuple[str, ...]:
    """Source columns that the conditions of the feed's `rows` read."""
    names = catalog.names_for_rules(feed_name)
    rules = catalog.row_rules(feed_name)
    return tuple(dict.fromkeys(name for rule in rules for name in names.columns_of(rule.sql)))


def required_columns(catalog: Catalog, feed_name: str) -> tuple[str, ...]:
    """Source columns whose absence is drift: those of fields and attributes not `optional`.

    Where rows change what they name only, none is but those of the id, the operation, the slice and the stamp.
    """
    if catalog.merges(feed_name):
        return _columns_of_changes(catalog, feed_name)
    types = [
        *catalog.fields_of(feed_name).values(),
        *catalog.attributes_of(feed_name).values(),
    ]
    named = [source for type_ in types if not type_.optional for source in type_.sources]
    named += catalog.row_columns(feed_name)
    named += catalog.columns_to_gather(feed_name)
    return tuple(dict.fromkeys(named))


def _columns_of_changes(catalog: Catalog, feed_name: str) -> tuple[str, ...]:
    id_type = catalog.fields_of(feed_name).get(PRODUCT.id)
    named = columns_of_type(id_type) if id_type is not None else ()
    return tuple(dict.fromkeys([*named, *catalog.row_columns(feed_name)]))


def columns_of_type(type_: FieldType) -> tuple[str, ...]:
    """The source columns that a field is read from, those of an expression included."""
    return tuple(columns_of(type_.sql)) if isinstance(type_, ExpressionType) else type_.sources
