"""The physical indices of the alias `products`: the one that serves, one being built, one kept."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from mallfeed.errors import NothingToGoBackTo, SinkRefused
from mallfeed.sinks.opensearch import digest, search_templates
from mallfeed.sinks.opensearch import index_template as t
from mallfeed.sinks.opensearch.bootstrap import (
    LiveIndex,
    create_building_index,
    live_indexes,
    physical_index,
    put_index_template,
)
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.faults import as_sink_errors
from mallfeed.sinks.opensearch.sink import OpenSearchSink
from mallfeed.sinks.port import Sink

LOG = logging.getLogger(__name__)
_BULK = {"index": {"refresh_interval": "-1", "number_of_replicas": 0}}
"""Settings of an index that is being built, since nobody searches it yet."""


class OpenSearchIndices:
    """`mallfeed.maintain.reindex.Indices` in OpenSearch.

    A new index is created from this release's index template, which is stored first, and put behind the
    alias together with this release's search templates: those in the domain may be of any release.
    `directory` has the files of both.
    """

    def __init__(self, connection: ConnectionSpec, directory: Path = t.DEFINITION) -> None:
        self._connection = connection
        self._directory = directory
        self._client = connect(connection)

    def serving(self) -> str:
        """See the port. Bootstrap has put exactly one index behind the alias."""
        return str(next(iter(self._client.indices.get_alias(name=t.ALIAS))))

    def begin(self, back: bool) -> str:
        """See the port."""
        serving = self.serving()
        self._clear_marks(serving, back)
        marked = [one for one in live_indexes(self._client, self._directory) if one.building]
        new = [one.name for one in marked if not one.going_back]
        if back:
            return self._begin_back(serving, new)
        if new:
            return new[0]
        name = t.index_name(self._newest() + 1)
        put_index_template(self._client, self._directory)
        create_building_index(self._client, name)
        self._client.indices.put_settings(index=name, body=_BULK)
        return name

    def _clear_marks(self, serving: str, back: bool) -> None:
        """Unmark or delete indices that are marked as being built, but that this run cannot continue with."""
        for index in live_indexes(self._client, self._directory):
            died_swapped = index.building and index.name == serving
            given_up = index.going_back and not back
            if died_swapped or given_up:
                self._mark(index.name, building=False)
            elif index.building and index.misfit and not index.going_back:
                # Another release began it, and it has never served anyone.
                LOG.warning("deleting %s: %s", index.name, index.misfit)
                self._client.indices.delete(index=index.name)

    def _begin_back(self, serving: str, new: list[str]) -> str:
        if new:
            raise NothingToGoBackTo(
                f"{new[0]} is being built beside {serving}: finish that reindex first "
                "(`mallfeed reindex` continues it)"
            )
        former = self._former(serving)
        if former.misfit:
            raise NothingToGoBackTo(
                f"from {serving} one can only go back to {former.name}, which another release has made: "
                f"deploy that release, then go back ({former.misfit})"
            )
        self._mark(former.name, building=True, going_back=True)
        return former.name

    def sink(self, name: str) -> Sink:
        """See the port."""
        index = self._index(name)
        if index.misfit:
            raise SinkRefused(index.misfit)
        return OpenSearchSink(index, self._connection)

    def malls(self, name: str) -> set[str]:
        """See the port."""
        with as_sink_errors():
            return digest.malls(self._client, name)

    def swap(self, name: str) -> None:
        """See the port. Only one earlier index is kept; older ones are deleted.

        The search templates change together with the index that they were written for: they may sort by a
        field that the old index does not have.
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
        """The template's values for the settings that differ while an index is being built."""
        found = self._client.indices.get_index_template(name=t.TEMPLATE_NAME)
        settings = found["index_templates"][0]["index_template"]["template"].get("settings", {})
        return {key: settings.get("index", {}).get(key) for key in _BULK["index"]}

    def _mark(self, name: str, building: bool, going_back: bool = False) -> None:
        meta = self._client.indices.get_mapping(index=name)[name]["mappings"].get("_meta", {})
        body = {"_meta": {**meta, "building": building, "going_back": going_back}}
        self._client.indices.put_mapping(index=name, body=body)

    def _former(self, serving: str) -> LiveIndex:
        others = [name for name in self._all() if name != serving]
        if not others:
            raise NothingToGoBackTo(
                f"{serving} is the only index, so there is none to go back to. A reindex keeps the "
                "index that served before."
            )
        return self._index(others[-1])

    def _index(self, name: str) -> LiveIndex:
        return physical_index(name, self._client.indices.get(index=name)[name], self._directory)

    def _all(self) -> list[str]:
        found = self._client.indices.get(index=t.INDEX_PATTERN, ignore_unavailable=True)
        return sorted(found)

    def _newest(self) -> int:
        return max(
            (int(name.rpartition("-")[2]) for name in self._all() if name[-1].isdigit()), default=0
        )
