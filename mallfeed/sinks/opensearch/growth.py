"""An index grows to the fields of this release: by adding properties to its mapping, or by a reindex.

OpenSearch adds fields and sub-fields to a mapping and alters hardly anything else of one; documents that
are there have no value in a new field until they are written again (OpenSearch documentation, PUT mapping).
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

REINDEX = "What to do: run `mallfeed reindex`, which makes an index of this release"


def wanted(directory: Path) -> Properties:
    """The properties that this release writes, from the definition in that folder."""
    properties: Properties = json.loads((directory / "mapping.json").read_text("utf-8"))[
        "properties"
    ]
    return properties


def lacks(index: str, found: Properties, expected: Properties) -> dict[str, Any]:
    """The properties to put so that the index has all that are expected, each whole.

    Raises SchemaDiffers when one of them is there with another type.
    """
    have = dict(_types(found))
    grown = growth(f"index {index}", [Wanted(*one) for one in _types(expected)], have, kind="field")
    refuse([grown], lambda _differences: REINDEX)
    names = dict.fromkeys(one.name.partition(".")[0] for one in grown.add)
    return {name: expected[name] for name in names}


def put(client: Any, index: str, properties: Properties) -> None:
    """Add these properties; all of them or, with SinkRefused, none."""
    from opensearchpy.exceptions import RequestError

    if not properties:
        return
    try:
        client.indices.put_mapping(index=index, body={"properties": dict(properties)})
    except RequestError as error:
        raise SinkRefused(
            f"index {index} cannot be given {', '.join(properties)}: {error.info}. "
            f"Nothing was written. {REINDEX}"
        ) from error


def grow(client: Any, index: str, expected: Properties) -> None:
    """Add what the index lacks; raises as `lacks` and `put`."""
    found = client.indices.get_mapping(index=index)[index]["mappings"].get("properties", {})
    put(client, index, lacks(index, found, expected))


def _types(properties: Properties, above: str = "") -> Iterator[tuple[str, str]]:
    """(path, type) of each field, of its sub-fields, and of the fields of an object."""
    for name, field in properties.items():
        path = f"{above}{name}"
        yield path, field.get("type", "object")
        yield from _types(field.get("fields", {}), f"{path}.")
        yield from _types(field.get("properties", {}), f"{path}.")
