"""The index (OpenSearch): state of a mall's products under any name, as a searcher sees it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from benchmarks.feed_files import Fingerprint

_SUMS = {"prices": {"sum": {"field": "price"}}, "reviews": {"sum": {"field": "review_count"}}}


def fingerprint(url: str, index: str, malls: str) -> Fingerprint:
    """State of the visible products of the malls whose id matches `malls` (`x` or `x%`)."""
    query = (
        {"prefix": {"mall_id": malls[:-1]}} if malls.endswith("%") else {"term": {"mall_id": malls}}
    )
    body = {"size": 0, "track_total_hits": True, "query": query, "aggs": _SUMS}
    found = ask(f"{url}/{index}/_search", body)
    sums = found["aggregations"]
    return Fingerprint(
        found["hits"]["total"]["value"],
        round(sums["prices"]["value"]),
        round(sums["reviews"]["value"]),
    )


def cursors(url: str, malls: list[str]) -> dict[str, str]:
    """Mall → the feed to which our sink has brought the index.

    Read while a load runs, because after a search of the index itself OpenSearch refreshes it every
    second: the measurement would measure itself.
    """
    refresh(url, "mallfeed-cursors")
    body = {"size": len(malls), "query": {"terms": {"mall_id": malls}}}
    found = ask(f"{url}/mallfeed-cursors/_search", body)
    return {hit["_source"]["mall_id"]: hit["_source"]["feed_id"] for hit in found["hits"]["hits"]}


def documents(url: str, index: str, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Visible documents of these ids."""
    body = {"size": len(ids), "query": {"ids": {"values": ids}}}
    found = ask(f"{url}/{index}/_search", body)
    return {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}


def writes(url: str, index: str) -> int:
    """Documents written to and deleted from the index since it was created."""
    told = ask(f"{url}/{index}/_stats/indexing")["_all"]["primaries"]["indexing"]
    return int(told["index_total"]) + int(told["delete_total"])


def refresh(url: str, index: str) -> None:
    """Make what was written visible."""
    ask(f"{url}/{index}/_refresh", {})


def ask(url: str, body: dict[str, Any] | None = None) -> Any:
    """GET, or POST of a body; the answer's JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)
