"""The indices behind and beside the alias, on a real OpenSearch: built, swapped, rolled back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mallfeed.errors import NothingToGoBackTo, SinkUnavailable
from mallfeed.sinks.opensearch import index_template as t
from mallfeed.sinks.opensearch import search_templates
from mallfeed.sinks.opensearch.bootstrap import bootstrap, live_indexes
from mallfeed.sinks.opensearch.indices import OpenSearchIndices
from mallfeed.sinks.opensearch.sink import opensearch_sinks
from tests.model.world import World
from tests.sink_rows import load, upsert
from tests.sink_services import SinkServices

pytestmark = pytest.mark.sinks


@pytest.fixture
def indices(services: SinkServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenSearchIndices]:
    """An alias and names of this test's own, so that nobody else's index is touched."""
    monkeypatch.setattr(t, "ALIAS", "reindexed")
    monkeypatch.setattr(t, "INDEX_PATTERN", "reindexed-*")
    monkeypatch.setattr(t, "TEMPLATE_NAME", "reindexed")
    monkeypatch.setattr(t, "FIRST_INDEX", "reindexed-000001")
    made = OpenSearchIndices(services.opensearch)
    client = made._client
    bootstrap(client, overrides={"number_of_replicas": 0, "refresh_interval": "3s"})
    yield made
    for name in client.indices.get(index=t.INDEX_PATTERN):
        client.indices.delete(index=name)
    client.indices.delete_index_template(name=t.TEMPLATE_NAME)


def next_release(
    directory: Path, monkeypatch: pytest.MonkeyPatch, services: SinkServices
) -> OpenSearchIndices:
    """The indices as a release sees them that has another field and a raised mapping version."""
    made = Path(shutil.copytree(t.DEFINITION, directory / "definition"))
    mapping = json.loads((made / "mapping.json").read_text("utf-8"))
    mapping["_meta"]["mapping_version"] = t.MAPPING_VERSION + 1
    mapping["properties"]["colour"] = {"type": "keyword"}
    (made / "mapping.json").write_text(json.dumps(mapping), "utf-8")
    monkeypatch.setattr(t, "MAPPING_VERSION", t.MAPPING_VERSION + 1)
    return OpenSearchIndices(services.opensearch, made)


def building(indices: OpenSearchIndices) -> list[str]:
    return [one.name for one in live_indexes(indices._client) if one.building]


def settings(indices: OpenSearchIndices, name: str) -> dict[str, Any]:
    found: dict[str, Any] = indices._client.indices.get_settings(index=name, flat_settings=True)
    return dict(found[name]["settings"])


def test_a_new_index_is_begun_once_and_swapped_in_and_its_predecessor_is_kept(
    indices: OpenSearchIndices,
) -> None:
    name = indices.begin(back=False)
    assert (name, indices.serving()) == ("reindexed-000002", "reindexed-000001")
    assert indices.begin(back=False) == name
    assert building(indices) == [name]
    assert settings(indices, name)["index.refresh_interval"] == "-1"
    indices.swap(name)
    assert indices.serving() == name
    assert building(indices) == []
    assert settings(indices, name)["index.refresh_interval"] == "3s"
    third = indices.begin(back=False)
    indices.swap(third)
    assert sorted(indices._all()) == ["reindexed-000002", third]


def test_the_way_back_is_the_index_that_served_before(indices: OpenSearchIndices) -> None:
    with pytest.raises(NothingToGoBackTo, match="the only index"):
        indices.begin(back=True)
    name = indices.begin(back=False)
    indices.swap(name)
    assert indices.begin(back=True) == "reindexed-000001"
    assert building(indices) == ["reindexed-000001"]
    indices.swap("reindexed-000001")
    assert indices.serving() == "reindexed-000001"
    assert sorted(indices._all()) == ["reindexed-000001", name]


def test_a_death_right_after_the_alias_has_moved_costs_nothing(
    indices: OpenSearchIndices, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = indices.begin(back=False)
    with monkeypatch.context() as patch:
        patch.setattr(indices, "_mark", lambda *_a, **_k: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            indices.swap(name)
    assert indices.serving() == name
    assert indices.begin(back=True) == "reindexed-000001"
    indices.swap("reindexed-000001")
    assert indices.serving() == "reindexed-000001"
    assert sorted(indices._all()) == ["reindexed-000001", name]


def test_a_new_index_has_the_definition_of_its_own_release_and_the_settings_given_before(
    indices: OpenSearchIndices,
    services: SinkServices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = next_release(tmp_path, monkeypatch, services)
    suggest = newer._directory / "product_suggest.mustache"
    suggest.write_text(suggest.read_text("utf-8").replace("{", " {", 1), "utf-8")
    client = indices._client
    stored = lambda: client.get_script(id="product_suggest")["script"]["source"]  # noqa: E731
    before = stored()
    name = newer.begin(back=False)
    mapping = client.indices.get_mapping(index=name)[name]["mappings"]
    assert mapping["properties"]["colour"] == {"type": "keyword"}
    assert mapping["_meta"]["mapping_version"] == t.MAPPING_VERSION
    assert stored() == before
    newer.swap(name)
    assert stored() == f" {before}"
    assert settings(newer, name)["index.refresh_interval"] == "3s"
    search_templates.put(client, t.DEFINITION)


def test_a_raised_mapping_version_goes_through_reindex_and_back(
    indices: OpenSearchIndices,
    services: SinkServices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    world.arrive("mall_a", 1, True, (("U", "p1", 1), ("U", "p2", 2)), False)
    world.settle()
    first = indices.begin(back=False)
    assert world.reindex(indices, None) is not None
    version = t.MAPPING_VERSION
    newer = next_release(tmp_path, monkeypatch, services)
    done = world.reindex(newer, None)
    assert done is not None
    assert (done.old, done.new, done.products) == (first, newer.serving(), 2)
    assert newer.malls(done.new) == {"mall_a"}
    with pytest.raises(NothingToGoBackTo, match=f"{first}, which another release has made"):
        newer.begin(back=True)
    assert building(indices) == []
    monkeypatch.setattr(t, "MAPPING_VERSION", version)
    back = world.reindex(indices, None, back=True)
    assert back is not None
    assert (back.old, back.new, indices.serving()) == (done.new, first, first)


def test_only_an_index_with_another_mapping_waits_for_a_reindex(
    indices: OpenSearchIndices,
    services: SinkServices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = next_release(tmp_path, monkeypatch, services)
    name = newer.begin(back=False)
    serving, new = opensearch_sinks(services.opensearch)
    assert (serving.name, new.name) == ("opensearch/reindexed-000001", f"opensearch/{name}")
    with pytest.raises(SinkUnavailable, match=r"version 1, this release writes 2: run `mallfeed r"):
        serving.load([load("alpha", 1)], 0, lambda: None)
    new.load([load("alpha", 1, upsert("alpha", "p1"))], 0, lambda: None)
    assert new.cursors(["alpha"])["alpha"] is not None


def test_a_newer_index_that_is_being_built_stops_no_load_of_the_previous_release(
    indices: OpenSearchIndices,
    services: SinkServices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = t.MAPPING_VERSION
    newer = next_release(tmp_path, monkeypatch, services)
    unfinished = newer.begin(back=False)
    monkeypatch.setattr(t, "MAPPING_VERSION", version)
    (serving,) = opensearch_sinks(services.opensearch)
    assert serving.load([load("alpha", 1, upsert("alpha", "p1"))], 0, lambda: None).written
    assert indices.begin(back=False) == unfinished  # its number: the one that did not fit is gone
    mapping = indices._client.indices.get_mapping(index=unfinished)[unfinished]["mappings"]
    assert mapping["_meta"]["mapping_version"] == version


def test_a_newer_index_that_serves_waits_for_its_release_or_the_way_back(
    indices: OpenSearchIndices,
    services: SinkServices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = t.MAPPING_VERSION
    newer = next_release(tmp_path, monkeypatch, services)
    newer.swap(newer.begin(back=False))
    monkeypatch.setattr(t, "MAPPING_VERSION", version)
    (serving,) = opensearch_sinks(services.opensearch)
    with pytest.raises(
        SinkUnavailable, match="deploy the newer release again, or run `mallfeed rei"
    ):
        serving.load([load("alpha", 1)], 0, lambda: None)


def test_a_new_index_is_not_the_one_that_a_dead_roll_back_had_begun_with(
    indices: OpenSearchIndices,
) -> None:
    second = indices.begin(back=False)
    indices.swap(second)
    former = indices.begin(back=True)
    assert indices.begin(back=True) == former
    third = indices.begin(back=False)
    assert third not in (former, second)
    assert building(indices) == [third]
    with pytest.raises(NothingToGoBackTo, match=f"{third} is being built beside {second}"):
        indices.begin(back=True)
