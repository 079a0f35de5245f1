"""Entries that operating systems put beside a file when it is packed."""

from __future__ import annotations

_NAMES = (".DS_Store", "Thumbs.db", "desktop.ini")


def is_companion(path: str) -> bool:
    """Whether the entry of an archive is no file of the mall's."""
    parts = path.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1] in _NAMES or parts[-1].startswith("._")
