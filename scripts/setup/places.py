"""Where set-up puts things; the same places as infra/paths.py names."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
REQUIREMENTS = CHECKOUT / "requirements"


def cache() -> Path:
    """The cache that checkouts share."""
    if given := os.environ.get("MALLFEED_CACHE"):
        return Path(given).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "mallfeed"
