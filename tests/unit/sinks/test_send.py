"""How many requests are under way: as many as the index has write threads for, however many send."""

from __future__ import annotations

import pytest

from mallfeed.sinks.opensearch.bootstrap import work_room
from mallfeed.sinks.opensearch.bulk import BulkOptions
from mallfeed.sinks.opensearch.connection import ConnectionSpec
from mallfeed.sinks.opensearch.send import Target, _shared, bounded


@pytest.mark.parametrize(
    ("room", "most", "in_all"),
    [
        ((2, 2), 2, 2),  # two cores, two shards: one is worked on, one waits
        ((2, 4), 2, 2),  # never none
        ((16, 2), 4, 9),  # one sender keeps to its own bound
        ((24, 8), 4, 4),  # replicas are work too
    ],
)
def test_requests_under_way_follow_the_write_threads(
    room: tuple[int, int], most: int, in_all: int
) -> None:
    options = bounded(BulkOptions(), room)
    assert (options.max_concurrency, options.in_all) == (most, in_all)


def test_a_domain_that_does_not_say_leaves_the_options_alone() -> None:
    assert bounded(BulkOptions(), None) == BulkOptions()


@pytest.mark.parametrize(("senders", "each"), [(1, 2), (2, 1), (8, 1)])
def test_senders_share_what_there_is(senders: int, each: int) -> None:
    options = bounded(BulkOptions(), (2, 2))
    target = Target(ConnectionSpec("http://127.0.0.1:1"), "products-1", options, 1)
    assert _shared(target, senders).options.max_concurrency == each


class _Domain:
    """Answers as OpenSearch does."""

    def __init__(self, replicas: int = 1) -> None:
        self.nodes = self.indices = self
        self._replicas = replicas

    def info(self, metric: str) -> object:
        def node(size: int, *roles: str) -> object:
            return {"roles": roles, "thread_pool": {metric and "write": {"size": size}}}

        return {"nodes": {"a": node(4, "data", "ingest"), "b": node(4, "data"), "c": node(2, "x")}}

    def get_settings(self, index: str) -> object:
        told = {"number_of_shards": "2", "number_of_replicas": str(self._replicas)}
        return {index: {"settings": {"index": told}}}


def test_the_write_threads_of_data_nodes_and_all_copies_of_shards_count() -> None:
    assert work_room(_Domain(), "products-1") == (8, 4)
    assert work_room(_Domain(replicas=0), "products-1") == (8, 2)


def test_an_answer_in_another_shape_is_no_fault() -> None:
    class Shy(_Domain):
        def info(self, metric: str) -> object:
            return {"nodes": {"a": {"roles": ["data"]}}}

    assert work_room(Shy(), "products-1") is None
