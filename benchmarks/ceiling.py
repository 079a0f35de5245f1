"""The ceiling: the documents that we wrote, as ready NDJSON, pushed by 4 threads of plain HTTP.

Nothing is read, normalised or built; the time is what OpenSearch itself needs on this machine.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import BinaryIO
from urllib.parse import urlsplit

from opensearchpy.helpers import scan

from benchmarks import index
from benchmarks.bench_stack import OURS, Stand
from benchmarks.expected_products import documents
from benchmarks.feed_files import FeedFile
from benchmarks.verify import prove

THREADS = 4
_BODY_BYTES = 5 * 1024 * 1024
INDEX = "products-ceiling"


class BulkRefused(Exception):
    """OpenSearch did not accept a body completely."""


def keep_documents(at: Stand, mall: str, path: Path) -> None:
    """Write the mall's documents of our index as the bodies of bulk requests."""
    query = {"query": {"term": {"mall_id": mall}}}
    with path.open("wb") as file:
        for hit in scan(at.opensearch, query, index=OURS, size=5_000):
            file.write(json.dumps({"index": {"_id": hit["_id"]}}).encode() + b"\n")
            file.write(json.dumps(hit["_source"], ensure_ascii=False).encode() + b"\n")


def push(at: Stand, ready: Path, feed: FeedFile, mall: str) -> float:
    """Seconds to push the file into a fresh index and make it visible."""
    at.fresh_index(INDEX)
    begin = time.monotonic()
    bodies: Queue[bytes | None] = Queue(2 * THREADS)
    faults: list[BaseException] = []
    threads = [
        threading.Thread(target=_post_all, args=(at.opensearch_url, bodies, faults), daemon=True)
        for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    with ready.open("rb") as file:
        for body in _bodies(file):
            bodies.put(body)
    for _ in threads:
        bodies.put(None)
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    index.refresh(at.opensearch_url, INDEX)
    took = time.monotonic() - begin
    prove(at, feed, mall, INDEX, schema=None)
    at.drop_index(INDEX)
    return took


def _bodies(file: BinaryIO) -> Iterator[bytes]:
    """Whole pairs of lines, about 5 MB at a time."""
    lines: list[bytes] = []
    size = 0
    for action in file:
        pair = action + file.readline()
        lines.append(pair)
        size += len(pair)
        if size >= _BODY_BYTES:
            yield b"".join(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines)


def _post_all(url: str, bodies: Queue[bytes | None], faults: list[BaseException]) -> None:
    """Post bodies until the None; after a fault they are only dequeued, so that nobody waits."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=300)
    headers = {"Content-Type": "application/x-ndjson"}
    while (body := bodies.get()) is not None:
        if faults:
            continue
        try:
            connection.request("POST", f"/{INDEX}/_bulk?filter_path=errors", body, headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 200 or json.loads(told)["errors"]:
                raise BulkRefused(told[:500].decode("utf-8", "replace"))
        except Exception as error:
            faults.append(error)
    connection.close()


def write_expected(feed: FeedFile, mall: str, path: Path) -> None:
    """The same kind of file from the feed alone (to warm OpenSearch up)."""
    numbers = [int(number) for number in feed.shop.numbers(feed.day)]
    with path.open("wb") as file:
        for identifier, document in documents(feed.shop, mall, numbers, feed.day).items():
            file.write(json.dumps({"index": {"_id": identifier}}).encode() + b"\n")
            file.write(json.dumps(document, ensure_ascii=False).encode() + b"\n")
