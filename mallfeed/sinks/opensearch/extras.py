"""A full synchronisation's second half: documents that the sink holds and the table does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

PAGE = 5_000


def sink_ids(client: Any, index: str, mall_id: str) -> Iterator[str]:
    """All product ids of a mall in the index, sorted by their UTF-8 bytes.

    Through a point in time, so that pages do not shift; the index must have been refreshed.
    """
    pit = client.create_pit(index=index, params={"keep_alive": "5m"})["pit_id"]
    try:
        after: list[Any] | None = None
        while True:
            hits = _page(client, pit, mall_id, after)
            yield from (str(hit["sort"][0]) for hit in hits)
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]
    finally:
        client.delete_pit(body={"pit_id": [pit]})


def _page(client: Any, pit: str, mall_id: str, after: list[Any] | None) -> list[dict[str, Any]]:
    query: dict[str, Any] = {
        "size": PAGE,
        "_source": False,
        "track_total_hits": False,
        "query": {"term": {"mall_id": mall_id}},
        "sort": [{"product_id": "asc"}],
        "pit": {"id": pit, "keep_alive": "5m"},
    }
    if after:
        query["search_after"] = after
    hits: list[dict[str, Any]] = client.search(body=query)["hits"]["hits"]
    return hits


def count(client: Any, index: str, mall_id: str) -> int:
    """Documents of a mall that searching can see."""
    body = {"query": {"term": {"mall_id": mall_id}}}
    return int(client.count(index=index, body=body)["count"])


def difference(held: Iterable[str], wanted: Iterable[str]) -> Iterator[str]:
    """What is in `held` and not in `wanted`; both sorted. Memory does not grow with them."""
    wanted_ids = iter(wanted)
    current = next(wanted_ids, None)
    for identifier in held:
        while current is not None and current < identifier:
            current = next(wanted_ids, None)
        if current != identifier:
            yield identifier
