"""What the OpenAPI document says about the API as a whole."""

from __future__ import annotations

from typing import Any

from mallfeed import __version__

TITLE = "mallfeed search"
DESCRIPTION = """\
Finds products of all partner malls. Read only; answers are JSON in UTF-8, errors are problem
documents (RFC 9457) of type `application/problem+json`. Fields that a mall did not send are left out.
New fields may appear within this version; nothing is renamed or removed.

`429` and a `503` without a problem document come from the gateway if there are too many requests at
once: wait and try again."""
ABOUT: dict[str, Any] = {
    "title": TITLE,
    "version": __version__,
    "description": DESCRIPTION,
    "openapi_version": "3.1.0",
}
