"""The index's mapping grows with a release, serves the previous release again, and refuses other types."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.opensearch import document
from mallfeed.sinks.opensearch import index_template as t
from mallfeed.sinks.opensearch.bootstrap import bootstrap, create_building_index
from mallfeed.sinks.opensearch.connection import connect
from mallfeed.sinks.opensearch.indices import OpenSearchIndices
from mallfeed.sinks.opensearch.sink import opensearch_sinks
from mallfeed.sinks.port import Sink
from mallfeed.table.growth import SchemaDiffers
from tests.contract.growth_suite import GrowthContract, held, p, seq
from tests.sink_rows import load
from tests.sink_services import SinkServices

pytestmark = pytest.mark.sinks

COLOUR = {"type": "keyword", "fields": {"folded": {"type": "keyword", "normalizer": "folded"}}}


class Index:
    """An alias of its own, and this release's and the next one's sinks behind it."""

    def __init__(self, services: SinkServices, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self._connection, self._patch, self._folder = services.opensearch, patch, folder
        self.client = connect(services.opensearch)
        self.name = t.FIRST_INDEX
        self._fields = document.PLAIN

    def next_release(self, **properties: Any) -> Path:
        """The definition of a release with these new fields; the mapping's version stays the same."""
        made = Path(shutil.copytree(t.DEFINITION, self._folder / "-".join(properties)))
        mapping = json.loads((made / "mapping.json").read_text("utf-8"))
        mapping["properties"] |= properties
        (made / "mapping.json").write_text(json.dumps(mapping), "utf-8")
        return made

    def sink(self, definition: Path = t.DEFINITION) -> Sink:
        """The sink as a process of the release with that definition opens it."""
        own = json.loads((definition / "mapping.json").read_text("utf-8"))["properties"]
        more = ("colour",) if "colour" in own else ()
        self._patch.setattr(document, "PLAIN", (*self._fields, *more))
        (sink,) = opensearch_sinks(self._connection, directory=definition)
        return sink

    def documents(self, *fields: str) -> dict[str, tuple[Any, ...]]:
        """Product id → these fields."""
        hits = self.client.search(index=t.ALIAS, body={"size": 100})["hits"]["hits"]
        return {
            hit["_source"]["product_id"]: tuple(hit["_source"].get(name) for name in fields)
            for hit in hits
        }

    def found(self, **term: str) -> int:
        """How many documents a term finds."""
        return int(self.client.count(index=t.ALIAS, body={"query": {"term": term}})["count"])

    def mapping(self) -> dict[str, Any]:
        """The index's properties."""
        found: dict[str, Any] = self.client.indices.get_mapping(index=self.name)
        properties: dict[str, Any] = found[self.name]["mappings"]["properties"]
        return properties


@pytest.fixture
def index(
    services: SinkServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Index]:
    monkeypatch.setattr(t, "ALIAS", "growing")
    monkeypatch.setattr(t, "INDEX_PATTERN", "growing-*")
    monkeypatch.setattr(t, "TEMPLATE_NAME", "growing")
    monkeypatch.setattr(t, "FIRST_INDEX", "growing-000001")
    made = Index(services, monkeypatch, tmp_path)
    bootstrap(made.client, overrides={"number_of_replicas": 0})
    yield made
    for name in made.client.indices.get(index=t.INDEX_PATTERN):
        made.client.indices.delete(index=name)
    made.client.indices.delete_index_template(name=t.TEMPLATE_NAME)


class Releases:
    """`Growing` over that index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._later = index.next_release(colour=COLOUR)

    def bootstrap(self, later: bool = False) -> None:
        bootstrap(self._index.client, self._later if later else t.DEFINITION)

    def sink(self, later: bool = False) -> Sink:
        return self._index.sink(self._later if later else t.DEFINITION)

    def values(self, field: str) -> dict[str, Any]:
        return {product: value for product, (value,) in self._index.documents(field).items()}

    def fields(self) -> set[str]:
        return set(self._index.mapping())


class TestTheIndexGrows(GrowthContract):
    @pytest.fixture
    def growing(self, index: Index) -> Releases:
        return Releases(index)


def test_a_new_sub_field_is_added_to_its_field(index: Index) -> None:
    origin = {"type": "keyword", "fields": {"folded": {"type": "keyword", "normalizer": "folded"}}}
    index.sink().load([load("alpha", 1, p("p1", origin="Korea"))], 0, held)
    later = index.next_release(origin=origin)
    index.sink(later).load([load("alpha", 2, p("p2", origin="Korea"))], 0, held)
    assert index.mapping()["origin"] == origin
    assert index.found(**{"origin.folded": "korea"}) == 1  # that which was written since
    assert index.found(origin="Korea") == 2


def test_another_type_is_refused_before_anything_is_written(index: Index) -> None:
    index.sink().load([load("alpha", 1, p("p1"))], 0, held)
    later = index.next_release(gtin={"type": "long"}, colour=COLOUR)
    message = (
        r"index growing-000001: field gtin is keyword, expected long\. Nothing was written\. "
        r"What to do: run `mallfeed reindex`"
    )
    with pytest.raises(SinkUnavailable, match=message):
        index.sink(later).load([load("alpha", 2, p("p2"))], 0, held)
    with pytest.raises(SchemaDiffers, match=message):
        bootstrap(index.client, later)
    assert "colour" not in index.mapping()
    assert index.documents("price") == {"p1": (100,)}
    assert seq(index.sink()) == 1


def test_a_field_that_the_index_cannot_take_waits_for_a_reindex(index: Index) -> None:
    later = index.next_release(story={"type": "text", "analyzer": "of_later"}, colour=COLOUR)
    message = (
        r"story, colour cannot be added to index growing-000001: .*of_later.*`mallfeed reindex`"
    )
    with pytest.raises(SinkUnavailable, match=message):
        index.sink(later).load([load("alpha", 1, p("p1"))], 0, held)
    with pytest.raises(SinkRefused, match=message):
        bootstrap(index.client, later)
    assert not {"story", "colour"} & set(index.mapping())
    assert index.documents("price") == {}


def test_an_index_that_is_built_and_one_that_is_gone_back_to_grow_when_they_are_loaded(
    index: Index, services: SinkServices
) -> None:
    second = t.index_name(2)
    create_building_index(index.client, second)
    later = index.next_release(colour=COLOUR)
    sink = OpenSearchIndices(services.opensearch, later).sink(second)
    sink.load([load("alpha", 1, p("p1"))], 0, held)
    found = index.client.indices.get_mapping(index=second)[second]["mappings"]["properties"]
    assert found["colour"] == COLOUR


def test_the_cursors_index_grows_too(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    more = {**t.CURSOR_PROPERTIES, "of_later": {"type": "keyword"}}
    monkeypatch.setattr("mallfeed.sinks.opensearch.sink.CURSOR_PROPERTIES", more)
    index.sink().load([load("alpha", 1, p("p1"))], 0, held)
    found = index.client.indices.get_mapping(index=t.CURSOR_INDEX)
    assert "of_later" in found[t.CURSOR_INDEX]["mappings"]["properties"]
