"""Queries that are answered by all shards, or fail: an incomplete answer would be taken for a complete one.

If a shard fails, OpenSearch answers 200 with what the other shards have. Products that are missing from
such an answer would be served for ever, or be sent again for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallfeed.errors import SinkUnavailable

ALL_SHARDS = {"allow_partial_search_results": "false"}
"""Makes a search fail (503) if a shard fails."""


def whole(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the answer; raises SinkUnavailable if a shard failed or the search timed out."""
    shards = answer.get("_shards", {})
    if shards.get("failed") or answer.get("timed_out"):
        raise SinkUnavailable(
            f"OpenSearch only answered for {shards.get('successful')} of {shards.get('total')} shards "
            f"(timed out: {bool(answer.get('timed_out'))}): {str(shards.get('failures'))[:500]}"
        )
    return answer


def search(client: Any, body: Mapping[str, Any], index: str | None = None) -> Mapping[str, Any]:
    """The complete answer to a search; `index` is None with a point in time. Raises what `whole` raises."""
    return whole(client.search(index=index, body=body, params=dict(ALL_SHARDS)))


def count(client: Any, index: str, query: Mapping[str, Any]) -> int:
    """The number of documents that searches can see. Raises what `whole` raises."""
    return int(whole(client.count(index=index, body={"query": query}))["count"])


def refresh(client: Any, index: str) -> None:
    """Make everything that was written visible to searches. Raises what `whole` raises."""
    whole(client.indices.refresh(index=index))
