"""The sample malls as they are in the checkout: expected.yaml, files and catalog versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from ruamel.yaml import YAML

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog

CHECKOUT = Path(__file__).parents[3]
SAMPLES = CHECKOUT / "sample_feeds"
CATALOGS = CHECKOUT / "catalogs"
MARKER = "_SUCCESS"

MALLS = tuple(sorted(path.parent.name for path in SAMPLES.glob("*/expected.yaml")))


def expected_of(mall_id: str) -> dict[str, Any]:
    """The mall's expected.yaml: `feeds` in the order in which they are put, and the content of the sinks `after` that."""
    text = (SAMPLES / mall_id / "expected.yaml").read_text("utf-8")
    told: dict[str, Any] = YAML(typ="safe").load(text)
    return told


def versions_of(mall_id: str) -> list[Catalog]:
    """The mall's catalog versions, oldest first."""
    paths = (CATALOGS / mall_id).glob("v*.yaml")
    found = [read_catalog(path.read_text("utf-8"), str(path)) for path in paths]
    return sorted(found, key=lambda catalog: catalog.version)


def catalog_at(mall_id: str, metadata: Mapping[str, str]) -> Catalog:
    """The version in force at the feed's `feed-time`, or today if it has none."""
    told = metadata.get("feed-time")
    at = datetime.fromisoformat(told) if told else datetime.now(UTC)
    return [one for one in versions_of(mall_id) if one.effective_from <= at][-1]


def feed_name_of(catalog: Catalog, feed: Mapping[str, Any]) -> str:
    """The named feed that takes the feed's object, the last one put."""
    name = catalog.feed_for_key(feed["put"][-1])
    assert name is not None, f"no feed of {catalog.mall} takes {feed['put'][-1]}"
    return name


def data_files(mall_id: str, feed: Mapping[str, Any]) -> list[Path]:
    """The files with rows in them, in order; not the marker that says a folder is complete."""
    names = [name for name in feed["put"] if PurePosixPath(name).name != MARKER]
    return [SAMPLES / mall_id / name for name in names]
