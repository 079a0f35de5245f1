"""Columns and texts as a catalog's expression names them."""

from __future__ import annotations

import re


def quoted(name: str) -> str:
    """The name, in backticks unless it is a plain word."""
    return (
        name
        if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
        else "`" + name.replace("`", "``") + "`"
    )


def literal(text: str) -> str:
    """The text as one of the expression."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
