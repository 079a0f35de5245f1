"""An answer of some shards is none, and a cursor that cannot be read is not one that is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mallfeed.errors import SinkUnavailable
from mallfeed.sinks.opensearch import complete_answer, delete_extras, digest
from mallfeed.sinks.opensearch.bootstrap import LiveIndex
from mallfeed.sinks.opensearch.cursor_store import CursorStore

ALL = {"total": 2, "successful": 2, "failed": 0}
HALF = {"total": 2, "successful": 1, "failed": 1, "failures": [{"reason": "shard is lost"}]}


class OneShardShort:
    """Answers 200 to everything, for one of two shards."""

    def __init__(self, **part: Any) -> None:
        self._part = part or {"_shards": HALF}
        self.asked: list[dict[str, Any]] = []
        self.indices = self

    def _answer(self, **arguments: Any) -> dict[str, Any]:
        self.asked.append(arguments)
        found = {"hits": {"hits": []}, "aggregations": {"malls": {"buckets": []}}, "count": 0}
        found["aggregations"]["buckets"] = {"buckets": []}  # type: ignore[index]
        return {**found, **self._part}

    search = count = refresh = _answer

    def create_pit(self, **_arguments: Any) -> dict[str, Any]:
        return {"pit_id": "one", "_shards": ALL}

    def delete_pit(self, **_arguments: Any) -> None:
        """Given back."""


QUESTIONS: list[Callable[[Any], Any]] = [
    lambda client: list(delete_extras.sink_ids(client, "products-1", "alpha")),
    lambda client: delete_extras.count(client, "products-1", "alpha"),
    lambda client: digest.digest(client, "products-1", "alpha"),
    lambda client: digest.hashes(client, "products-1", "alpha", ["00"]),
    lambda client: digest.malls(client, "products-1"),
    lambda client: complete_answer.refresh(client, "products-1"),
]


@pytest.mark.parametrize("ask", QUESTIONS)
def test_an_answer_from_some_of_the_shards_is_an_error(ask: Callable[[Any], Any]) -> None:
    with pytest.raises(SinkUnavailable, match="only answered for 1 of 2 shards"):
        ask(OneShardShort())


def test_an_answer_that_timed_out_is_an_error() -> None:
    with pytest.raises(SinkUnavailable, match="timed out: True"):
        digest.malls(OneShardShort(_shards=ALL, timed_out=True), "products-1")


def test_searches_ask_for_all_shards() -> None:
    client = OneShardShort(_shards=ALL, timed_out=False)
    assert digest.malls(client, "products-1") == set()
    assert list(delete_extras.sink_ids(client, "products-1", "alpha")) == []
    assert [one["params"] for one in client.asked] == [complete_answer.ALL_SHARDS] * 2


def test_a_cursor_that_cannot_be_read_is_not_one_that_is_missing() -> None:
    class Client:
        def mget(self, **_arguments: Any) -> dict[str, Any]:
            error = {"type": "no_shard_available_action_exception"}
            return {"docs": [{"_id": "a", "found": False}, {"_id": "b", "error": error}]}

    store = CursorStore(Client(), LiveIndex("products-1", "uuid", building=False))
    with pytest.raises(SinkUnavailable, match=r"cursor b: .*no_shard_available"):
        store.read(["alpha", "beta"])
