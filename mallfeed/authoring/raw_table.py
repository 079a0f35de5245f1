"""A feed of a catalog as a table of the AWS Glue Data Catalog, over the files as the mall sent them.

Athena reads it if a SerDe for the format exists; otherwise the table is metadata, and says why. Sources:
Athena's user guide, chapters "Lazy Simple SerDe", "Open CSV SerDe", "OpenX JSON SerDe" and "Parquet SerDe".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mallfeed.catalog.field_types import FieldType
from mallfeed.catalog.known import codec_of
from mallfeed.catalog.model import Catalog, FeedSpec
from mallfeed.feed.formats.records import steps
from mallfeed.feed.wanted import wanted_columns

VERSION, HASH = "mallfeed.catalog_version", "mallfeed.catalog_hash"
"""Parameters of a table version: which catalog version it is."""

_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_TYPES = {"integer": "bigint", "bool": "boolean", "timestamp": "timestamp", "date": "date"}
_NAME = re.compile(r"[a-z0-9_]{1,255}")
_NO_HEADER = "its columns are named by the file's header, whose order no SerDe follows"


@dataclass(frozen=True)
class Readable:
    """How Athena reads the files; `serde` is None if it cannot, and `why` says why not."""

    serde: Mapping[str, Any] | None
    why: str = ""
    formats: tuple[str, str] = (_TEXT_INPUT, _TEXT_OUTPUT)


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
    columns, mappings = _columns(catalog, feed_name)
    storage: dict[str, Any] = {
        "Columns": columns,
        "Location": f"s3://{feeds_bucket}/feeds/{catalog.mall}/{_folder(feed.key_pattern)}",
    }
    if readable.serde is not None:
        named = {f"mapping.{column}": key for column, key in mappings.items()}
        parameters = {**readable.serde["Parameters"], **(named if feed.format == "json" else {})}
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
    if feed.format == "csv":
        return _csv(feed)
    if feed.format == "json":
        return _json(feed)
    if feed.format == "parquet":
        library = {"SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe"}
        why = "by column names; a column with a different type in the files cannot be read"
        formats = (f"{_PARQUET}.MapredParquetInputFormat", f"{_PARQUET}.MapredParquetOutputFormat")
        return Readable({**library, "Parameters": {"serialization.format": "1"}}, why, formats)
    return Readable(None, f"there is no SerDe for {feed.format}")


def _csv(feed: FeedSpec) -> Readable:
    options = feed.csv
    if options.header:
        return Readable(None, _NO_HEADER)
    if not _is_utf8(options.encoding):
        return Readable(None, f"Athena reads UTF-8, the files are {options.encoding}")
    if options.quote is None:
        parameters = {"field.delim": options.separator, "serialization.format": options.separator}
        library = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    else:
        parameters = {"separatorChar": options.separator, "quoteChar": options.quote}
        if options.escape:
            parameters["escapeChar"] = options.escape
        library = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
    return Readable({"SerializationLibrary": library, "Parameters": parameters})


def _json(feed: FeedSpec) -> Readable:
    if feed.json_.layout != "lines":
        return Readable(
            None, "a file is one JSON document, and the SerDe reads one object per line"
        )
    if not _is_utf8(feed.json_.encoding):
        return Readable(None, f"Athena reads UTF-8, the files are {feed.json_.encoding}")
    library = "org.openx.data.jsonserde.JsonSerDe"
    return Readable(
        {"SerializationLibrary": library, "Parameters": {"ignore.malformed.json": "true"}}
    )


def _is_utf8(label: str) -> bool:
    return codec_of(label) in ("utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii")


def _columns(catalog: Catalog, feed_name: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Glue's columns, in the order of the file if that is known, and column → key in the file
    if they differ: Athena's names consist of a-z, 0-9 and _."""
    feed = catalog.feeds[feed_name]
    types = [*catalog.fields_of(feed_name).items(), *catalog.attributes_of(feed_name).items()]
    readers = {source: (field, type_) for field, type_ in types for source in type_.sources}
    columns = feed.csv.columns if feed.format == "csv" and not feed.csv.header else None
    names = columns or _top_level(wanted_columns(catalog, feed_name).named, feed)
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
                "Type": _type(name, type_, catalog, feed_name),
                "Comment": comment[:255],
            }
        )
    return found, mapped


def _top_level(named: tuple[str, ...], feed: FeedSpec) -> tuple[str, ...]:
    """Columns of the file; of dotted paths into records, the first step."""
    if feed.format not in ("json", "parquet"):
        return named
    return tuple(dict.fromkeys(str(steps(name)[0]) for name in named))


def _column_name(name: str, field: str, place: int, taken: set[str]) -> str:
    for candidate in (name.lower(), re.sub(r"[^a-z0-9]+", "_", field.lower()).strip("_")):
        if _NAME.fullmatch(candidate) and candidate not in taken:
            return candidate
    return f"column_{place}"


def _type(name: str, type_: FieldType | None, catalog: Catalog, feed_name: str) -> str:
    """Text, except for Parquet: what the field type expects; nested paths are structs and arrays."""
    named = wanted_columns(catalog, feed_name).named
    below = [
        steps(path)[1:] for path in named if str(steps(path)[0]) == name and len(steps(path)) > 1
    ]
    format_ = catalog.feeds[feed_name].format
    if below and format_ in ("json", "parquet"):
        return _nested(below)
    if format_ == "parquet" and type_ is not None:
        kind = getattr(type_, "type", "text")
        return "decimal(18,2)" if kind in ("money", "decimal") else _TYPES.get(kind, "string")
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
