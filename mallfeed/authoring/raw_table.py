"""A feed of a catalog as a table of the AWS Glue Data Catalog, over the files as the mall sent them.

Athena reads it where a SerDe for the format exists; else the table is metadata, and says why.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from mallfeed.arrival.key import key_of
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.model import Catalog
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.formats.athena import Readable
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.registry import KINDS
from mallfeed.reading.records import steps

VERSION, HASH = "mallfeed.catalog_version", "mallfeed.catalog_hash"
"""Parameters of a table version: which catalog version it is."""

_NAME = re.compile(r"[a-z0-9_]{1,255}")


def table_name(catalog: Catalog, feed_name: str) -> str:
    """`feeds_<mall>` for the mall's main feed, `feeds_<mall>_<feed>` for further ones."""
    main = next((name for name, feed in catalog.feeds.items() if feed.default), None)
    main = main or next(iter(catalog.feeds))
    if feed_name == main:
        return f"feeds_{catalog.mall}"
    return f"feeds_{catalog.mall}_{re.sub(r'[^a-z0-9_]+', '_', feed_name.lower())}"


def table_input(
    catalog: Catalog, feed_name: str, catalog_hash: str, feeds_bucket: str
) -> dict[str, Any]:
    """Glue's TableInput of one feed in one catalog version."""
    feed = catalog.feeds[feed_name]
    readable = readable_by_athena(feed)
    columns, mappings = _columns(catalog, feed_name, readable)
    storage: dict[str, Any] = {
        "Columns": columns,
        "Location": f"s3://{feeds_bucket}/{key_of(catalog.mall, _folder(feed.key_pattern))}",
    }
    if readable.serde is not None:
        named = {f"mapping.{column}": key for column, key in mappings.items()}
        parameters = {**readable.serde["Parameters"], **(named if readable.maps_names else {})}
        storage["SerdeInfo"] = {**readable.serde, "Parameters": parameters}
        storage["InputFormat"], storage["OutputFormat"] = readable.formats
    return {
        "Name": table_name(catalog, feed_name),
        "Description": f"{catalog.name or catalog.mall}: feed {feed_name} as it was sent, catalog "
        f"v{catalog.version}",
        "Owner": catalog.owner,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": storage,
        "Parameters": _parameters(catalog, feed_name, catalog_hash, readable),
    }


def _parameters(
    catalog: Catalog, feed_name: str, catalog_hash: str, readable: Readable
) -> dict[str, str]:
    feed = catalog.feeds[feed_name]
    told = {
        "EXTERNAL": "TRUE",
        "classification": feed.format,
        VERSION: str(catalog.version),
        HASH: catalog_hash,
        "mallfeed.effective_from": catalog.effective_from.isoformat(),
        "mallfeed.feed": feed_name,
        "mallfeed.mode": feed.mode,
        "mallfeed.key_pattern": feed.key_pattern,
        "mallfeed.athena": "reads it" if readable.serde is not None else "metadata only",
    }
    return told | ({"mallfeed.athena_why": readable.why} if readable.why else {})


def readable_by_athena(feed: FeedSpec) -> Readable:
    """Whether and how Athena reads files of this feed."""
    readable = feed.format_row.athena(feed.options)
    if readable.serde is None and not readable.why:
        return replace(readable, why=f"there is no SerDe for {feed.format}")
    return readable


def _columns(
    catalog: Catalog, feed_name: str, readable: Readable
) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Glue's columns, in the order of the file where that is known, and column → key in the file
    where they differ: Athena's names are of a-z, 0-9 and _."""
    feed = catalog.feeds[feed_name]
    types = [*catalog.fields_of(feed_name).items(), *catalog.attributes_of(feed_name).items()]
    readers = {source: (field, type_) for field, type_ in types for source in type_.sources}
    named = wanted_columns(catalog, feed_name).named
    names = feed.format_row.columns(feed.options) or (
        _top_level(named) if readable.nests else named
    )
    found: list[dict[str, str]] = []
    mapped: dict[str, str] = {}
    for place, name in enumerate(names, 1):
        field, type_ = readers.get(name, ("", None))
        column = _column_name(name, field, place, {one["Name"] for one in found})
        if column != name:
            mapped[column] = name
        comment = f"`{name}`" + (f" → {field}" if field else "")
        found.append(
            {
                "Name": column,
                "Type": _type(name, type_, named, readable),
                "Comment": comment[:255],
            }
        )
    return found, mapped


def _top_level(named: tuple[str, ...]) -> tuple[str, ...]:
    """Columns of the file: of dotted paths into records, their first step."""
    return tuple(dict.fromkeys(str(steps(name)[0]) for name in named))


def _column_name(name: str, field: str, place: int, taken: set[str]) -> str:
    for candidate in (name.lower(), re.sub(r"[^a-z0-9]+", "_", field.lower()).strip("_")):
        if _NAME.fullmatch(candidate) and candidate not in taken:
            return candidate
    return f"column_{place}"


def _type(name: str, type_: FieldType | None, named: tuple[str, ...], readable: Readable) -> str:
    """Text, but in a typed file what the field type expects; nested paths are structs and arrays."""
    below = [
        steps(path)[1:] for path in named if str(steps(path)[0]) == name and len(steps(path)) > 1
    ]
    if below and readable.nests:
        return _nested(below)
    if readable.typed and type_ is not None:
        return KINDS[type_.type].raw_column
    return "string"


def _nested(paths: list[tuple[str | int, ...]]) -> str:
    """Hive's type of the content of a column: `struct<sale:string>`, `array<struct<url:string>>`."""
    paths = [path for path in paths if path]
    if not paths:
        return "string"
    if any(isinstance(path[0], int) for path in paths):
        return f"array<{_nested([path[1:] for path in paths])}>"
    keys = dict.fromkeys(str(path[0]) for path in paths)
    inner = (f"{key.lower()}:{_nested([p[1:] for p in paths if p[0] == key])}" for key in keys)
    return f"struct<{','.join(inner)}>"


def _folder(pattern: str) -> str:
    """The part of a key pattern before its first wildcard, up to a slash."""
    literal = re.split(r"[*?\[]", pattern)[0]
    return literal[: literal.rfind("/") + 1]
