"""The second half of a full synchronisation: finds documents that the sink has and the table does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mallfeed.sinks.opensearch import complete_answer

PAGE = 5_000


def sink_ids(client: Any, index: str, mall_id: str) -> Iterator[str]:
    """All product ids of a mall in the index, sorted by their UTF-8 bytes.

    The index must have been refreshed.
    """
    query = {"query": {"term": {"mall_id": mall_id}}}
    return (str(hit["sort"][0]) for hit in by_product_id(client, index, query))


def by_product_id(client: Any, index: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All hits of a query, without their documents, by product id (`hit["sort"][0]`).

    They are read through a point in time, so that pages do not shift. Raises SinkUnavailable if a shard
    fails.
    """
    params = {"keep_alive": "5m", "allow_partial_pit_creation": "false"}
    pit = complete_answer.whole(client.create_pit(index=index, params=params))["pit_id"]
    body: dict[str, Any] = {
        **query,
        "size": PAGE,
        "_source": False,
        "track_total_hits": False,
        "sort": [{"product_id": "asc"}],
        "pit": {"id": pit, "keep_alive": "5m"},
    }
    try:
        while True:
            hits: list[dict[str, Any]] = complete_answer.search(client, body)["hits"]["hits"]
            yield from hits
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]
    finally:
        client.delete_pit(body={"pit_id": [pit]})


def count(client: Any, index: str, mall_id: str) -> int:
    """The number of a mall's documents that searches can see. Raises SinkUnavailable if a shard fails."""
    return complete_answer.count(client, index, {"term": {"mall_id": mall_id}})


def difference(held: Iterable[str], wanted: Iterable[str]) -> Iterator[str]:
    """The ids that are in `held` but not in `wanted`; both must be sorted. Uses constant memory."""
    wanted_ids = iter(wanted)
    current = next(wanted_ids, None)
    for identifier in held:
        while current is not None and current < identifier:
            current = next(wanted_ids, None)
        if current != identifier:
            yield identifier
