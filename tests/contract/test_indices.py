"""The indices behind and beside the alias, on a real OpenSearch: begun, swapped, gone back from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mallfeed.maintain.reindex import NothingToGoBackTo
from mallfeed.sinks.opensearch import index_template as t
from mallfeed.sinks.opensearch.bootstrap import live_indexes
from mallfeed.sinks.opensearch.indices import OpenSearchIndices
from tests.sink_services import SinkServices

pytestmark = pytest.mark.sinks


@pytest.fixture
def indices(services: SinkServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenSearchIndices]:
    """An alias and names of this test's own, so that nobody else's index is touched."""
    monkeypatch.setattr(t, "ALIAS", "reindexed")
    monkeypatch.setattr(t, "INDEX_PATTERN", "products-9*")
    made = OpenSearchIndices(services.opensearch)
    client = made._client
    client.indices.create(index="products-900001", body={"aliases": {t.ALIAS: {}}})
    yield made
    for name in client.indices.get(index="products-9*"):
        client.indices.delete(index=name)


def building(indices: OpenSearchIndices) -> list[str]:
    return [one.name for one in live_indexes(indices._client) if one.building]


def settings(indices: OpenSearchIndices, name: str) -> dict[str, Any]:
    found: dict[str, Any] = indices._client.indices.get_settings(index=name, flat_settings=True)
    return dict(found[name]["settings"])


def test_a_new_index_is_begun_once_swapped_in_and_its_forerunner_kept(
    indices: OpenSearchIndices,
) -> None:
    name = indices.begin(back=False)
    assert (name, indices.serving()) == ("products-900002", "products-900001")
    assert indices.begin(back=False) == name
    assert building(indices) == [name]
    assert settings(indices, name)["index.refresh_interval"] == "-1"
    indices.swap(name)
    assert indices.serving() == name
    assert building(indices) == []
    assert settings(indices, name).get("index.refresh_interval") != "-1"
    third = indices.begin(back=False)
    indices.swap(third)
    assert sorted(indices._all()) == ["products-900002", third]


def test_the_way_back_is_the_index_that_served_before(indices: OpenSearchIndices) -> None:
    with pytest.raises(NothingToGoBackTo, match="the only index"):
        indices.begin(back=True)
    name = indices.begin(back=False)
    indices.swap(name)
    assert indices.begin(back=True) == "products-900001"
    assert building(indices) == ["products-900001"]
    indices.swap("products-900001")
    assert indices.serving() == "products-900001"
    assert sorted(indices._all()) == ["products-900001", name]


def test_a_death_right_after_the_alias_has_moved_costs_nothing(
    indices: OpenSearchIndices, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = indices.begin(back=False)
    with monkeypatch.context() as patch:
        patch.setattr(indices, "_mark", lambda *_a, **_k: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            indices.swap(name)
    assert indices.serving() == name
    assert indices.begin(back=True) == "products-900001"
    indices.swap("products-900001")
    assert indices.serving() == "products-900001"
    assert sorted(indices._all()) == ["products-900001", name]
