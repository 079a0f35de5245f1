"""A file that a platform has written: recognised by its header, and drafted as what differs from the platform."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.authoring.suggest.suggested_field import MEDIUM, FoundField
from mallfeed.catalog.model import Catalog, FeedSpec
from mallfeed.catalog.platform import Platform, Platforms
from mallfeed.kinds.expression import ExpressionType
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.product.fields import BY_NAME


@dataclass(frozen=True)
class OnPlatform:
    """What a draft on a platform is written from.

    Attributes
    ----------
    platform : the version that the file is one of
    found : what the file adds to it: fields that the platform leaves to malls, or reads from columns that the file lacks
    without : path of what the platform says of columns that the file lacks, and the file has no other column for
    format : of the feed's format and options, what the file says otherwise
    needs_base_url : addresses are built on the shop's own, which nobody has named
    """

    platform: Platform
    found: Suggestion
    without: tuple[tuple[str, ...], ...] = ()
    format: Mapping[str, Any] | None = None
    needs_base_url: bool = False

    @property
    def feed(self) -> str:
        """The platform's feed that the file is one of."""
        return next(iter(self.platform.catalog.feeds))


def recognised(columns: Collection[str], platforms: Platforms) -> Platform | None:
    """The platform whose file has these columns: of several, that with most of them, then the newest version.

    Raises CatalogInvalid where a platform is faulty.
    """
    known = [platforms.platform(one) for one in sorted(platforms.known())]
    named = set(columns)
    fitting = [one for one in known if named.issuperset(_needed(one))]
    return max(fitting, key=lambda one: (_read_of(one, named), one.reference.version), default=None)


def _needed(one: Platform) -> tuple[str, ...]:
    """Columns without which a file is none of the platform's, or cannot be brought together as its rows are."""
    feed = next(iter(one.catalog.feeds))
    return (*one.head.recognised_by, *one.catalog.columns_to_gather(feed))


def _read_of(one: Platform, columns: set[str]) -> int:
    """How many of the columns it reads."""
    return len(columns.intersection(one.catalog.columns_of(next(iter(one.catalog.feeds)))))


def on_platform(found: Suggestion, platforms: Platforms, base_url: str | None) -> OnPlatform | None:
    """The suggestion as what differs from a platform; None where the file is none of one's, or holds only changes."""
    columns = {column.name for column in found.sample.columns}
    one = recognised(columns, platforms) if found.changes is None else None
    if one is None:
        return None
    catalog = one.catalog
    feed = next(iter(catalog.feeds))
    lacking = dict(_lacking(catalog.fields_of(feed), columns))
    wanted = (*one.head.left_to_malls, *lacking)
    own = tuple(
        _in_place_of(field, lacking.get(field.name), one)
        for field in found.fields
        if field.name in wanted
    )
    missing = {name for name in wanted if BY_NAME[name].required} - {field.name for field in own}
    without = (
        *(("fields", name) for name in lacking if name not in (*missing, *_names(own))),
        *(("attributes", name) for name, _ in _lacking(catalog.attributes_of(feed), columns)),
        *_rules_without(catalog, feed, columns),
    )
    helps = dict(found.missing)
    told = tuple((name, helps.get(name, "its column is not in this file")) for name in missing)
    rest = replace(found, fields=own, attributes=(), left_out=(), missing=told)
    built = "url" not in one.head.left_to_malls and catalog.base_url is None and base_url is None
    return OnPlatform(one, rest, without, _format(found.spec, catalog.feeds[feed]), built)


def _in_place_of(field: FoundField, known: FieldType | None, one: Platform) -> FoundField:
    """Another column than the platform's is what the builder calls it now, or another thing: a person has to look."""
    if known is None:
        return field
    named = ", ".join(f"`{name}`" for name in _read_by(known))
    why = f"in place of {named}, which {one.reference} reads and this file lacks; {field.why}"
    return replace(field, confidence=min(field.confidence, MEDIUM), why=why)


def _read_by(type_: FieldType) -> Sequence[str]:
    """The columns that a field is read from."""
    return columns_of(type_.sql) if isinstance(type_, ExpressionType) else type_.sources


def _names(fields: Iterable[FoundField]) -> list[str]:
    return [field.name for field in fields]


def _lacking(
    types: Mapping[str, FieldType], columns: Collection[str]
) -> Iterator[tuple[str, FieldType]]:
    """Fields that cannot do without columns which the file lacks."""
    for name, type_ in types.items():
        if not type_.optional and not set(_read_by(type_)) <= set(columns):
            yield name, type_


def _rules_without(
    catalog: Catalog, feed: str, columns: Collection[str]
) -> Iterator[tuple[str, ...]]:
    names = catalog.names_for_rules(feed)
    for rule in catalog.row_rules(feed):
        if not rule.keeps and not set(names.columns_of(rule.sql)) <= set(columns):
            yield ("rows", "drop", rule.name)


def _format(found: FeedSpec, known: FeedSpec) -> Mapping[str, Any] | None:
    """What the file's format says otherwise than the platform's feed."""
    row, options = found.format_row, found.options
    said = {} if options is None else options.model_dump(exclude_defaults=True)
    said |= {key: getattr(options, key) for key in row.drafted}
    if found.format != known.format:
        return {"format": found.format, **({found.format: said} if said else {})}
    differs = {key: value for key, value in said.items() if value != getattr(known.options, key)}
    return {found.format: differs} if differs else None
