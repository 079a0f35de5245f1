"""The responses of a route as the OpenAPI document names them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from mallfeed.search_api.problems import CONTENT_TYPE, RETRY_AFTER_S, Problem

_TEXT = {"schema": {"type": "string"}}
_CACHING = {
    "ETag": {"description": "The tag of this answer; send it as If-None-Match.", **_TEXT},
    "Cache-Control": {"description": "For how long it may be cached.", **_TEXT},
}
_RETRY = {
    "Retry-After": {"description": f"Seconds: {RETRY_AFTER_S}.", "schema": {"type": "integer"}}
}


def responses(
    model: type[BaseModel],
    description: str,
    missing: str | None = None,
    conflict: str | None = None,
) -> dict[int, Any]:
    """200 with that model, 304, and every problem a route can answer."""
    found: dict[int, Any] = {
        200: {
            "description": description,
            "headers": _CACHING,
            "content": {"application/json": {"model": model}},
        },
        304: {
            "description": "The answer that the client has is still right.",
            "headers": _CACHING,
            "content": {},
        },
        422: _problem("A parameter is invalid; each one is named."),
        500: _problem("An error of the API."),
        503: {**_problem("The index does not answer, or is busy."), "headers": _RETRY},
    }
    if conflict:
        found[409] = _problem(conflict)
    if missing:
        found[404] = _problem(missing)
    return found


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {CONTENT_TYPE: {"model": Problem}}}
