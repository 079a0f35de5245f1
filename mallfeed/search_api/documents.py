"""docs/openapi.json, made from the routes: `python -m mallfeed.search_api.documents`."""

from __future__ import annotations

import json
import sys
from typing import Any

from mallfeed import __version__

TITLE = "mallfeed search"
DESCRIPTION = """\
Finds products of all partner malls. Read only; answers are JSON in UTF-8, errors are problem
documents (RFC 9457) of type `application/problem+json`. Fields that a mall did not send are left out.
New fields may appear within this version; nothing is renamed or removed.

`429` and a `503` without a problem document come from the gateway when too many requests come at
once: wait and try again."""
ABOUT: dict[str, Any] = {
    "title": TITLE,
    "version": __version__,
    "description": DESCRIPTION,
    "openapi_version": "3.1.0",
}


def openapi() -> dict[str, Any]:
    """The OpenAPI document."""
    from mallfeed.search_api.api import app

    document: dict[str, Any] = json.loads(app.get_openapi_json_schema(**ABOUT))
    return document


def text() -> str:
    """As it is committed."""
    return json.dumps(openapi(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
