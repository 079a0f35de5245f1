"""The XML parser's settings, the same wherever a feed's text is parsed."""

from __future__ import annotations

from typing import Any

SAFE: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""No entity is put in, no other file or address is read, no text grows beyond the parser's bounds."""
