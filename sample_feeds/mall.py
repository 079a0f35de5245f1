"""A sample mall: files to put in order, and the expected outcome of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML


@dataclass
class Expected:
    """The counts of one feed, computed while its rows are made."""

    rows_read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    deletes: int = 0
    changed: int = 0
    vanished: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def good(self, changed: bool = True, *warnings: str) -> None:
        """A row that becomes a product; `warnings` are codes of cells that are dropped."""
        self.rows_read += 1
        self.accepted += 1
        self.changed += changed
        self.warnings.update(warnings)

    def reject(self, code: str) -> None:
        """A row that is rejected for one reason."""
        self.rows_read += 1
        self.rejected += 1
        self.rejects[code] += 1

    def duplicate(self) -> None:
        """A good row that a later one of the same id overrides."""
        self.rows_read += 1
        self.duplicates += 1

    def delete(self, hits: bool = True) -> None:
        """A delta's delete."""
        self.rows_read += 1
        self.deletes += 1
        self.vanished += hits

    def as_data(self) -> dict[str, Any]:
        """For expected.yaml."""
        names = (
            "rows_read",
            "accepted",
            "rejected",
            "duplicates",
            "deletes",
            "changed",
            "vanished",
        )
        counts = {name: getattr(self, name) for name in names}
        counts["warnings"] = sum(self.warnings.values())
        return {
            "counts": counts,
            "reject_codes": dict(sorted(self.rejects.items())),
            "warning_codes": dict(sorted(self.warnings.items())),
        }


@dataclass
class Feed:
    """One feed: its files by name (the last one is the feed's object), and its expected outcome."""

    files: dict[str, bytes]
    folder: str
    format: str
    catalog_version: int
    expected: Expected
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass
class Mall:
    """A sample mall.

    Attributes
    ----------
    feeds : in the order in which they are put
    products : the final content of both sinks: product id → some of its canonical values
    full_products : three of them with every canonical field
    """

    mall_id: str
    feeds: list[Feed]
    products: dict[str, dict[str, Any]]
    full_products: list[dict[str, Any]]

    def write(self, folder: Path) -> None:
        """Write files and expected.yaml."""
        told = []
        for feed in self.feeds:
            for name, body in feed.files.items():
                path = folder / feed.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            told.append(
                {
                    "put": [f"{feed.folder}/{name}".lstrip("/") for name in feed.files],
                    "metadata": dict(feed.metadata),
                    "format": feed.format,
                    "catalog_version": feed.catalog_version,
                    **feed.expected.as_data(),
                }
            )
        after = {
            "count": len(self.products),
            "product_ids": sorted(self.products),
            "examples": {key: value for key, value in sorted(self.products.items()) if value},
            "full_products": {one["product_id"]: one for one in self.full_products},
        }
        yaml = YAML()
        yaml.default_flow_style = False
        with (folder / "expected.yaml").open("w", encoding="utf-8") as out:
            yaml.dump({"feeds": told, "after": after}, out)
