"""A platform of a folder and malls on it, as text."""

from __future__ import annotations

from pathlib import Path

PLATFORM = """platform: {name}
version: {version}
source: [https://builder.example/export]
recognised_by: [code, shown]
left_to_malls: [url]
fields:
  product_id: code
  title: name
  price: {price}
  category_path: category
rows: {{drop: {{hidden: "shown = 'N'"}}}}
feeds:
  full:
    format: csv
    csv: {{encoding: cp949}}
"""
ON_IT = """mall: {mall}
version: {version}
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@shop.example
extends: {base}
fields:
  url: link
"""


def write_platform(
    folder: Path, version: int = 1, text: str = PLATFORM, name: str = "built"
) -> Path:
    """A version of a platform; `text` may leave name, version and price open."""
    path = folder / "_platforms" / name / f"v{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = text if text != PLATFORM else PLATFORM.format(name=name, version=version, price="price")
    path.write_text(text, "utf-8")
    return path


def renamed(version: int) -> str:
    """A later version of the platform, in which the price's column has another name."""
    return (
        f"platform: built\nversion: {version}\nextends: built@{version - 1}\n"
        "source: [https://builder.example/changes]\nfields: {price: sale_price}\n"
    )


def on_platform(mall: str, version: int = 1, base: str = "built@1", more: str = "") -> str:
    """A mall's version that says only what differs."""
    return ON_IT.format(mall=mall, version=version, base=base) + more
