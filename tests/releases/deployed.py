"""A stack on which some release is deployed: publishing, loading, and what reached its sinks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.package.sources import Sources
from mallfeed.ledger.model import FeedRecord
from mallfeed.progress.store import DynamoProgress
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from tests.local.walk import Way


def publish(release: Sources, way: Way, folder: Path, *options: str) -> None:
    """Publish the catalogs in the folder by the release's own command."""
    command = [sys.executable, "-m", "mallfeed.cli.main", "catalog", "publish", *options]
    done = subprocess.run(
        [*command, "--folder", str(folder)],
        cwd=release.root,
        env={**os.environ, **way.env, "PYTHONPATH": str(release.root)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def load(way: Way, name: str, feeds: Mapping[str, bytes]) -> dict[str, FeedRecord]:
    """Send each mall's feed as a file of this name, all in one run; mall → its feed, closed."""
    with way.gathered(feeds) as told:
        runs = {mall: way.put(mall, name, content) for mall, content in feeds.items()}
        for run in runs.values():
            told(run)
    closed = way.closed(list(runs.values()))
    return {mall: closed[run] for mall, run in runs.items()}


def sent_to_sinks(way: Way, feeds: Iterable[FeedRecord]) -> dict[str, set[tuple[str, int]]]:
    """Mall → each sink, and how many products of the mall's feed were sent to it."""
    store = DynamoProgress(way.parts.client("dynamodb"), way.env["MALLFEED_LEDGER_TABLE"])
    return {
        one.mall_id: {
            (sink.split("/")[0], told.sent)
            for sink, told in store.of([one])[one.feed_id].sinks.items()
        }
        for one in feeds
    }


def documents(way: Way, *malls: str) -> list[dict[str, Any]]:
    """The hits of all documents of these malls, or of all malls, with their versions."""
    query: dict[str, Any] = {"terms": {"mall_id": malls}} if malls else {"match_all": {}}
    client = connect(ConnectionSpec(way.env["OPENSEARCH_URL"]))
    answer = client.search(index="products", body={"size": 1000, "version": True, "query": query})
    client.close()
    hits: list[dict[str, Any]] = answer["hits"]["hits"]
    return hits
