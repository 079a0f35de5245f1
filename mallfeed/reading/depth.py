"""How deep a record's elements, objects and lists may lie in one another."""

from __future__ import annotations

MAX_DEPTH = 256
"""libxml2's own bound as well. ijson's memory grows with the square of the depth."""
TOO_DEEP = f"it is nested more than {MAX_DEPTH} levels deep, and deeper ones are not read"
