"""docs/openapi.json, made from the routes."""

from __future__ import annotations

import json
from typing import Any

from mallfeed.search_api.about import ABOUT
from mallfeed.search_api.api import app


def openapi() -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = json.loads(app.get_openapi_json_schema(**ABOUT))
    return document


def text() -> str:
    """As it is committed."""
    return json.dumps(openapi(), ensure_ascii=False, indent=2) + "\n"
