"""Runs Python in a process that begins with a package of this folder installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infra.paths import CHECKOUT

COLOUR = Path(__file__).parent / "colour"
COLOURED_CATALOG = """mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@shop.example
fields: {product_id: id, title: name, price: price, url: url, category_path: category}
attributes:
  colour: {from: 색상, type: colour, words: {남색: "#000080"}}
  inside: {from: json, type: json_path, path: $.c, then: {type: colour}}
feeds:
  full: {format: csv, default: true}
"""


def python(*command: str, package: Path | None = COLOUR) -> subprocess.CompletedProcess[str]:
    """`python -m …` with the package, or None."""
    paths = [str(CHECKOUT), *([str(package)] if package else [])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True, text=True, check=False, timeout=280, env=environment, cwd=CHECKOUT,
    )  # fmt: skip
