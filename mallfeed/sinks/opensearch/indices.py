"""The physical indices of the alias `products`: the one that serves, one being built, one kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mallfeed.maintain.reindex import NothingToGoBackTo
from mallfeed.sinks.opensearch import index_template as t
from mallfeed.sinks.opensearch import search_templates
from mallfeed.sinks.opensearch.bootstrap import (
    LiveIndex,
    check_mapping,
    create_building_index,
    live_indexes,
    put_index_template,
)
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.sink import OpenSearchSink
from mallfeed.sinks.port import Sink

_BULK = {"index": {"refresh_interval": "-1", "number_of_replicas": 0}}
"""While an index is only built: nobody searches it."""


class OpenSearchIndices:
    """`mallfeed.maintain.reindex.Indices`.

    A new one is made from the index template of this release, which is stored first, and put behind
    the alias together with this release's search templates: what a deployment has left in the domain
    may be of any release. `directory` is where their files are.
    """

    def __init__(self, connection: ConnectionSpec, directory: Path = t.DEFINITION) -> None:
        self._connection = connection
        self._directory = directory
        self._client = connect(connection)

    def serving(self) -> str:
        """See the port; bootstrap has put the alias on exactly one."""
        return str(next(iter(self._client.indices.get_alias(name=t.ALIAS))))

    def begin(self, back: bool) -> str:
        """See the port."""
        serving = self.serving()
        marked = [one.name for one in live_indexes(self._client) if one.building]
        if serving in marked:  # a run died right after it had moved the alias
            self._mark(serving, building=False)
        building = [name for name in marked if name != serving]
        if back:
            name = self._previous()
            if building and building != [name]:
                raise NothingToGoBackTo(
                    f"{building[0]} is being built beside {serving}: let that reindex end first"
                )
            self._mark(name, building=True)
            return name
        if building:
            return building[0]
        name = t.index_name(self._newest() + 1)
        put_index_template(self._client, self._directory)
        create_building_index(self._client, name)
        self._client.indices.put_settings(index=name, body=_BULK)
        return name

    def sink(self, name: str) -> Sink:
        """See the port. Raises SinkRefused for an index with another mapping than this code's."""
        body = self._client.indices.get(index=name)[name]
        check_mapping(self._client, name)
        live = LiveIndex(name, body["settings"]["index"]["uuid"], building=True)
        return OpenSearchSink(live, self._connection)

    def swap(self, name: str) -> None:
        """See the port. Only one earlier index is kept: those before it go.

        The search templates change with the index that they were written for, not before: they may
        sort by a field that the old index does not have.
        """
        old = self.serving()
        self._client.indices.put_settings(index=name, body={"index": self._served()})
        self._client.indices.refresh(index=name)
        search_templates.put(self._client, self._directory)
        actions: list[dict[str, Any]] = [
            {"add": {"index": name, "alias": t.ALIAS, "is_write_index": True}}
        ]
        if old != name:
            actions.append({"remove": {"index": old, "alias": t.ALIAS}})
        self._client.indices.update_aliases(body={"actions": actions})
        self._mark(name, building=False)
        if old == name:
            return
        for other in self._all():
            if other not in (name, old):
                self._client.indices.delete(index=other)

    def _served(self) -> dict[str, Any]:
        """The settings of an index that serves, where building has others: the template's."""
        found = self._client.indices.get_index_template(name=t.TEMPLATE_NAME)
        settings = found["index_templates"][0]["index_template"]["template"].get("settings", {})
        return {key: settings.get("index", {}).get(key) for key in _BULK["index"]}

    def _mark(self, name: str, building: bool) -> None:
        meta = self._client.indices.get_mapping(index=name)[name]["mappings"].get("_meta", {})
        body = {"_meta": {**meta, "building": building}}
        self._client.indices.put_mapping(index=name, body=body)

    def _previous(self) -> str:
        serving = self.serving()
        others = [name for name in self._all() if name != serving]
        if not others:
            raise NothingToGoBackTo(
                f"{serving} is the only index: there is none to go back to. A reindex keeps the "
                "one that served before."
            )
        return others[-1]

    def _all(self) -> list[str]:
        found = self._client.indices.get(index=t.INDEX_PATTERN, ignore_unavailable=True)
        return sorted(found)

    def _newest(self) -> int:
        return max(
            (int(name.rpartition("-")[2]) for name in self._all() if name[-1].isdigit()), default=0
        )
