"""Where the next page begins, as a text that fits only the search that it came from."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mallfeed.search_api.problems import ApiProblem, conflict

DEEPEST = 2_000
"""Last product that paging reaches; who wants all of a mall's products reads the index itself."""
_FREE = ("after", "size", "facets")


def after(given: Mapping[str, Any], place: int) -> str | None:
    """The cursor of the page that begins there; None past the deepest page."""
    if place >= DEEPEST:
        return None
    text = json.dumps([place, _fingerprint(given)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(given: Mapping[str, Any]) -> int:
    """Where the page asked for begins; raises ApiProblem when the cursor is of another search."""
    if given["after"] is None:
        return 0
    try:
        text = base64.b64decode(_padded(given["after"]), b"-_", validate=True)
        found, fingerprint = json.loads(text)
    except (ValueError, TypeError, binascii.Error) as error:
        raise _wrong() from error
    if type(found) is not int or not 0 <= found < DEEPEST or fingerprint != _fingerprint(given):
        raise _wrong()
    return found


def _padded(text: str) -> str:
    return text + "=" * (-len(text) % 4)


def _wrong() -> ApiProblem:
    return conflict("`after` is not the `next` of a page of this very search: begin without it.")


def _fingerprint(given: Mapping[str, Any]) -> str:
    asked = {name: value for name, value in given.items() if name not in _FREE}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]
