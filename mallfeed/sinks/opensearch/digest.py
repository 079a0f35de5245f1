"""The products of a mall in an index, for the comparison with the table; read from doc values, not documents.

Each function returns a complete answer, or raises SinkUnavailable.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mallfeed.sinks.opensearch import complete_answer, delete_extras
from mallfeed.table.digest import Digest, Hashes

_BUCKET = (
    "doc['content_hash'].size() == 0 ? '' : doc['content_hash'].value.length() < 2 "
    "? doc['content_hash'].value : doc['content_hash'].value.substring(0, 2)"
)
_NUMBER = (
    "if (doc['content_hash'].size() == 0) { return 0L; } String h = doc['content_hash'].value; "
    "if (h.length() != 64) { return 0L; } "
    "try { return Long.parseLong(h.substring(2, 10), 16); } catch (Exception e) { return 0L; }"
)


def digest(client: Any, index: str, mall_id: str) -> Digest:
    """The mall's digest, of the documents that searches can see; the index must have been refreshed."""
    body = {
        "size": 0,
        "query": {"term": {"mall_id": mall_id}},
        "aggs": {
            "buckets": {
                "terms": {"script": {"source": _BUCKET}, "size": 1_000},
                "aggs": {"sum": {"sum": {"script": {"source": _NUMBER}}}},
            }
        },
    }
    found = complete_answer.search(client, body, index)["aggregations"]["buckets"]["buckets"]
    return {one["key"]: (int(one["doc_count"]), int(one["sum"]["value"])) for one in found}


def hashes(client: Any, index: str, mall_id: str, buckets: Collection[str]) -> Hashes:
    """Product id → content_hash, for the mall's documents in these buckets."""
    chosen = {"source": f"params.buckets.contains({_BUCKET})", "params": {"buckets": [*buckets]}}
    filters = [{"term": {"mall_id": mall_id}}, {"script": {"script": chosen}}]
    query = {"query": {"bool": {"filter": filters}}, "docvalue_fields": ["content_hash"]}
    return {
        str(hit["sort"][0]): str(hit.get("fields", {}).get("content_hash", [""])[0])
        for hit in delete_extras.by_product_id(client, index, query)
    }


def malls(client: Any, index: str) -> set[str]:
    """The malls that have documents in the index."""
    body = {"size": 0, "aggs": {"malls": {"terms": {"field": "mall_id", "size": 10_000}}}}
    found = complete_answer.search(client, body, index)["aggregations"]["malls"]["buckets"]
    return {str(one["key"]) for one in found}
