"""Brings an index to the fields of this release, by adding properties to its mapping; otherwise it needs a reindex.

OpenSearch can add fields and sub-fields to a mapping, but change hardly anything else in it. Existing
documents have no value in a new field until they are written again (OpenSearch documentation, PUT mapping).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mallfeed.errors import SinkRefused
from mallfeed.table.growth import Wanted, growth, refuse

Properties = Mapping[str, Any]
"""The `properties` of a mapping."""

REINDEX = "What to do: run `mallfeed reindex`, which builds an index of this release"


def wanted(directory: Path) -> Properties:
    """The properties that this release writes, from the definition in that folder."""
    properties: Properties = json.loads((directory / "mapping.json").read_text("utf-8"))[
        "properties"
    ]
    return properties


def lacks(index: str, found: Properties, expected: Properties) -> dict[str, Any]:
    """The properties that must be put so that the index has all that are expected, each with its sub-fields.

    Raises SchemaDiffers if the index has one of them with another type.
    """
    have = dict(_types(found))
    grown = growth(f"index {index}", [Wanted(*one) for one in _types(expected)], have, kind="field")
    refuse([grown], lambda _differences: REINDEX)
    names = dict.fromkeys(one.name.partition(".")[0] for one in grown.add)
    return {name: expected[name] for name in names}


def put(client: Any, index: str, properties: Properties) -> None:
    """Add these properties to the mapping. Raises SinkRefused if that fails; then none was added."""
    from opensearchpy.exceptions import RequestError

    if not properties:
        return
    try:
        client.indices.put_mapping(index=index, body={"properties": dict(properties)})
    except RequestError as error:
        raise SinkRefused(
            f"{', '.join(properties)} cannot be added to index {index}: {error.info}. "
            f"Nothing was written. {REINDEX}"
        ) from error


def grow(client: Any, index: str, expected: Properties) -> None:
    """Add the properties that the index lacks. Raises what `lacks` and `put` raise."""
    found = client.indices.get_mapping(index=index)[index]["mappings"].get("properties", {})
    put(client, index, lacks(index, found, expected))


def _types(properties: Properties, above: str = "") -> Iterator[tuple[str, str]]:
    """(path, type) of each field, its sub-fields, and the fields of objects."""
    for name, field in properties.items():
        path = f"{above}{name}"
        yield path, field.get("type", "object")
        yield from _types(field.get("fields", {}), f"{path}.")
        yield from _types(field.get("properties", {}), f"{path}.")
