"""The query of the command line's search: title first, then brand, category and codes."""

from __future__ import annotations

from typing import Any

FIELDS = (
    "title^4",
    "title.code^3",
    "brand.text^2",
    "category_path.text^2",
    "model_number.code^3",
    "description",
)


def product_query(text: str, mall_id: str | None, limit: int) -> dict[str, Any]:
    """A search body for the alias `products`: all words must be found, over all fields together."""
    match = {"query": text, "fields": list(FIELDS), "type": "cross_fields", "operator": "and"}
    where = [{"term": {"mall_id": mall_id}}] if mall_id else []
    best = {"query": text, "fields": list(FIELDS), "type": "best_fields", "operator": "and"}
    return {
        "size": limit,
        "track_total_hits": True,
        "query": {
            "bool": {
                "filter": where,
                "should": [{"multi_match": match}, {"multi_match": best}],
                "minimum_should_match": 1,
            }
        },
        "sort": ["_score", {"review_count": {"order": "desc", "missing": "_last"}}],
    }
