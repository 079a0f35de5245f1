"""Creates the indices, and finds those that loads must write to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mallfeed.sinks.opensearch import growth, search_templates
from mallfeed.sinks.opensearch import index_template as t
from mallfeed.sinks.opensearch.index_template import DEFINITION
from mallfeed.table.growth import SchemaDiffers


@dataclass(frozen=True)
class LiveIndex:
    """A physical index that loads write to by its own name.

    Attributes
    ----------
    building : whether it is being built, and not yet behind the alias
    going_back : whether it is the former index, which is brought up to date to serve again
    misfit : why this release cannot write to it; empty if it can
    lacks : properties to add to its mapping before this release writes to it
    """

    name: str
    uuid: str
    building: bool
    going_back: bool = False
    misfit: str = ""
    lacks: Mapping[str, Any] = field(default_factory=dict)


def bootstrap(
    client: Any, directory: Path = DEFINITION, overrides: Mapping[str, Any] | None = None
) -> None:
    """Create or renew the templates and the cursor index; create the first index with its alias if there is none.

    Idempotent. Properties that an existing index lacks are added; an index of another mapping version is
    left as it is, because it needs `mallfeed reindex`. `overrides` is that of `put_index_template`. Raises
    SchemaDiffers, before anything is written, if a field has another type in an index.
    """
    _let_grow(client, directory)
    put_index_template(client, directory, overrides)
    search_templates.put(client, directory)
    _create(client, t.CURSOR_INDEX, t.CURSOR_INDEX_BODY)
    growth.grow(client, t.CURSOR_INDEX, t.CURSOR_PROPERTIES)
    if not client.indices.exists_alias(name=t.ALIAS):
        _create(client, t.FIRST_INDEX, {"aliases": {t.ALIAS: {"is_write_index": True}}})
    if not client.indices.exists_alias(name=t.ALIAS):
        client.indices.put_alias(index=t.FIRST_INDEX, name=t.ALIAS)


def put_index_template(
    client: Any, directory: Path = DEFINITION, overrides: Mapping[str, Any] | None = None
) -> None:
    """Store this release's index template.

    `overrides` replaces index settings (number_of_shards, …); None keeps the overrides of the stored
    template.
    """
    if overrides is None:
        overrides = _stored_overrides(client)
    client.indices.put_index_template(
        name=t.TEMPLATE_NAME, body=t.build(directory, dict(overrides))
    )


def create_building_index(client: Any, name: str) -> None:
    """Create a physical index from the template, marked as being built: loads write to it too."""
    meta = {"mapping_version": t.MAPPING_VERSION, "building": True}
    client.indices.create(index=name, body={"mappings": {"_meta": meta}})


def live_indexes(client: Any, directory: Path = DEFINITION) -> list[LiveIndex]:
    """Every physical index behind the alias `products`, and every one that is being built, sorted by name."""
    found = client.indices.get(index=t.INDEX_PATTERN, ignore_unavailable=True)
    indexes = [
        (physical_index(name, body, directory), body.get("aliases", {}))
        for name, body in found.items()
    ]
    live = [index for index, aliases in indexes if index.building or t.ALIAS in aliases]
    return sorted(live, key=lambda index: index.name)


def physical_index(name: str, body: Mapping[str, Any], directory: Path = DEFINITION) -> LiveIndex:
    """The index, from the answer to `GET /<name>`; `directory` defines what this release writes."""
    meta = body["mappings"].get("_meta", {})
    misfit, lacks = _other_version(name, body["mappings"]), {}
    if not misfit:
        try:
            lacks = _lacks(name, body["mappings"], directory)
        except SchemaDiffers as differs:
            misfit = str(differs)
    return LiveIndex(
        name,
        uuid=body["settings"]["index"]["uuid"],
        building=bool(meta.get("building")),
        going_back=bool(meta.get("going_back")),
        misfit=misfit,
        lacks=lacks,
    )


def _let_grow(client: Any, directory: Path) -> None:
    """Add missing properties to the indices that serve, to all or none. One that is being built gets them
    when it is loaded."""
    found = client.indices.get(index=t.INDEX_PATTERN, ignore_unavailable=True)
    lacking = {
        index.name: _lacks(index.name, found[index.name]["mappings"], directory)
        for index in live_indexes(client, directory)
        if not index.building and not _other_version(index.name, found[index.name]["mappings"])
    }
    for name, properties in lacking.items():
        growth.put(client, name, properties)


def _lacks(name: str, mappings: Mapping[str, Any], directory: Path) -> dict[str, Any]:
    return growth.lacks(name, mappings.get("properties", {}), growth.wanted(directory))


def _other_version(name: str, mappings: Mapping[str, Any]) -> str:
    found = mappings.get("_meta", {}).get("mapping_version")
    has = f"index {name} has mapping version {found}, this release writes {t.MAPPING_VERSION}: "
    if isinstance(found, int) and found > t.MAPPING_VERSION:
        return has + "deploy the newer release again, or run `mallfeed reindex --rollback`"
    if found != t.MAPPING_VERSION:
        return has + "run `mallfeed reindex`"
    if str(mappings.get("dynamic", "")) != "strict":
        return f"index {name} was not made from the template `{t.TEMPLATE_NAME}`"
    return ""


def work_room(client: Any, index: str) -> tuple[int, int] | None:
    """(write threads of all data nodes, shard copies that one bulk request is written to).

    None if the domain does not say (a role without `cluster:monitor/nodes/info`).
    """
    from opensearchpy.exceptions import OpenSearchException

    try:
        nodes = client.nodes.info(metric="thread_pool")["nodes"].values()
        settings = client.indices.get_settings(index=index)[index]["settings"]["index"]
        threads = [n["thread_pool"]["write"]["size"] for n in nodes if "data" in n["roles"]]
        copies = int(settings["number_of_shards"]) * (1 + int(settings["number_of_replicas"]))
    except (OpenSearchException, KeyError, ValueError):
        return None
    return sum(threads), copies


def _stored_overrides(client: Any) -> dict[str, Any]:
    from opensearchpy.exceptions import NotFoundError

    try:
        found = client.indices.get_index_template(name=t.TEMPLATE_NAME)["index_templates"]
    except NotFoundError:
        return {}
    return dict(found[0]["index_template"].get("_meta", {}).get("overrides", {}))


def _create(client: Any, name: str, body: dict[str, Any]) -> None:
    from opensearchpy.exceptions import RequestError

    try:
        client.indices.create(index=name, body=body)
    except RequestError as error:
        if error.error != "resource_already_exists_exception":
            raise
