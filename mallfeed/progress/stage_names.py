"""Describes in plain words what a Spark stage does: where its rows come from and where they go. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_SCAN, _TABLE_SCAN = "Scan ", "BatchScan "
_SHUFFLE_READS = ("AQEShuffleRead", "ShuffledRowRDD")
_TABLE_WRITES = ("append", "overwrite", "overwritePartitions")
"""Names of stages: the methods of DataFrameWriterV2."""


def what_it_does(info: Mapping[str, Any], is_map: bool, reads_shuffle: bool) -> str:
    """`products + parquet → shuffle` and the like, from a log's Stage Info.

    `is_map`: its tasks write a shuffle (Spark's ShuffleMapTask); `reads_shuffle`: they have read one.
    """
    scopes = list(_scopes(info))
    method = info.get("Stage Name", "").partition(" ")[0]
    begin = _sources(scopes)
    if "shuffle" not in begin and (reads_shuffle or any(one in scopes for one in _SHUFFLE_READS)):
        begin.append("shuffle")
    if not begin and method == "parquet" and "parallelize" in scopes:
        return "looks at files"  # Spark reads a Parquet file's schema in a task of its own
    return f"{' + '.join(begin) or 'driver'} → {_target(scopes, method, is_map)}"


def call_site(name: str) -> str:
    """`collect at send.py:46` for a call site with a full path; `parquet` if none is known.

    Nothing for Spark's own threads (`$anonfun$… at CompletableFuture.java:1768`).
    """
    method, _, place = name.partition(" at ")
    if method.startswith("$"):
        return ""
    has_place = place and not place.startswith("<unknown>")
    return f"{method} at {place.rsplit('/', 1)[-1]}" if has_place else method


def _scopes(info: Mapping[str, Any]) -> Iterator[str]:
    """The operators of its RDDs."""
    for rdd in info.get("RDD Info") or ():
        yield json.loads(rdd["Scope"])["name"].rstrip() if "Scope" in rdd else rdd.get("Name", "")


def _sources(scopes: list[str]) -> list[str]:
    """Tables by their names, files by their formats, each once."""
    tables = {s.removeprefix(_TABLE_SCAN).rsplit(".", 1)[-1] for s in scopes if _TABLE_SCAN in s}
    files = {s.removeprefix(_SCAN).partition(" ")[0] for s in scopes if s.startswith(_SCAN)}
    return [*sorted(tables), *sorted(files - tables)]


def _target(scopes: list[str], method: str, is_map: bool) -> str:
    if is_map:
        return "shuffle"
    if "WriteFiles" in scopes:
        return "files"
    if "MergeRows" in scopes or method in _TABLE_WRITES:
        return "table"
    return "Python" if "PythonRDD" in scopes else "driver"
