"""Answers of all shards or none: a part of the truth would be acted upon as if it were the whole.

OpenSearch answers 200 with what the living shards hold when another one fails: products that are
missing from such an answer would stay served for ever, or be sent again for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mallfeed.errors import SinkUnavailable

ALL_SHARDS = {"allow_partial_search_results": "false"}
"""What makes a search fail (503) where a shard does."""


def whole(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer itself; raises SinkUnavailable when a shard failed or the time was up."""
    shards = answer.get("_shards", {})
    if shards.get("failed") or answer.get("timed_out"):
        raise SinkUnavailable(
            f"OpenSearch answered for {shards.get('successful')} of {shards.get('total')} shards "
            f"only (timed out: {bool(answer.get('timed_out'))}): {str(shards.get('failures'))[:500]}"
        )
    return answer


def search(client: Any, body: Mapping[str, Any], index: str | None = None) -> Mapping[str, Any]:
    """A search's whole answer; `index` None for one through a point in time. Raises as `whole`."""
    return whole(client.search(index=index, body=body, params=dict(ALL_SHARDS)))


def count(client: Any, index: str, query: Mapping[str, Any]) -> int:
    """Documents that searching can see. Raises as `whole`."""
    return int(whole(client.count(index=index, body={"query": query}))["count"])


def refresh(client: Any, index: str) -> None:
    """Let searching see all that was written. Raises as `whole`."""
    whole(client.indices.refresh(index=index))
