"""How a draft is written: plain data as YAML text in one line, and comments."""

from __future__ import annotations

from mallfeed.visible import visible_line
from mallfeed.yaml_files.write import flow, scalar

__all__ = ["comment", "flow", "scalar"]


def comment(text: str) -> str:
    """Text for a comment after `#`: in one line, hidden characters shown."""
    return visible_line(" ".join(text.split()))
