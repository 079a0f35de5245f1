"""Search under load: 300,000 products, 20 queries per second for 60 s, idle and during a first load.

Run: `make bench-search`. It starts an OpenSearch of its own (stack `bench-search`) and searches through
`mallfeed.search`, as the search API does. Prints p50, p95 and worst latency in milliseconds of
searches with facets and of completions, first with nothing else going on, then while another mall's
products are sent by another process. The exit code is 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from infra.local.stack import Stack
from mallfeed.search import engine
from mallfeed.search.request import SearchRequest, SuggestRequest
from mallfeed.sinks.opensearch import bootstrap
from mallfeed.sinks.opensearch.bulk import BulkOptions, BulkSender
from mallfeed.sinks.opensearch.bulk_answer import OpenSearchBulk
from mallfeed.sinks.opensearch.bulk_body import BulkItem
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.document import document
from sample_feeds.goods import goods

BARS_MS = {"search": 60.0, "suggest": 25.0}
SLOWER_WHILE_LOADING = 4
HEAP = "2g"
"""With 768 MB, two malls' 600,000 products and a bulk load at once meet OpenSearch's circuit breaker."""
INDEX = "products-000001"
_ADJECTIVES = [
    "신형",
    "정품",
    "특가",
    "무료배송",
    "대용량",
    "휴대용",
    "프리미엄",
    "국내산",
    "접이식",
    "무소음",
    "초경량",
    "한정판",
]
_TEXT = "매일 쓰기 좋은 상품입니다. 교환과 환불은 받은 날부터 이레 안에 됩니다. "

# A mixed log: frequent and rare queries, both scripts, codes, amounts, typing slips; (kind, text).
LOG = (
    ("search", "노트북"), ("search", "무선이어폰"), ("search", "나이키 에어포스"), ("search", "nike"),
    ("search", "라면"), ("search", "생수 500ml"), ("search", "제주삼다수 0.5L"), ("search", "WF-7XM5"),
    ("search", "수분크림"), ("search", "삼성 갤럭시북"), ("search", "티셔츠 화이트"), ("search", "소설"),
    ("search", "노이즈 캔슬링 이어폰"), ("search", "뉴발란스 러닝화"), ("search", "이어혼"),
    ("search", "shxmqnr"), ("search", "유니클로 드라이 반팔"), ("search", "초경량 그램"),
    ("suggest", "노"), ("suggest", "노ㅌ"), ("suggest", "노트"), ("suggest", "ㄴㅌㅂ"), ("suggest", "ㅁ"),
    ("suggest", "무선"), ("suggest", "나이키 에"), ("suggest", "shxm"), ("suggest", "제주"), ("suggest", "sa"),
)  # fmt: skip


@dataclass(frozen=True)
class Timed:
    """One query and how long its answer took, including queueing."""

    kind: str
    text: str
    took_ms: float


def main() -> int:
    """Run it; 0 = within the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--products", type=int, default=300_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=20, help="queries per second")
    given = parser.parse_args()
    os.environ.setdefault("MALLFEED_OPENSEARCH_HEAP", HEAP)
    with Stack("bench-search").session() as stack:
        url = stack.start_opensearch()
        client = connect(ConnectionSpec(url, pool=16))
        bootstrap.bootstrap(client)
        started = time.monotonic()
        load(url, "big_mall", given.products)
        client.indices.refresh(index=INDEX)
        print(f"{given.products:,} products loaded in {time.monotonic() - started:.0f} s")
        asked(client, 5, given.rate)  # warms caches and the JVM's compiler
        idle = asked(client, given.seconds, given.rate)
        busy = while_loading(client, url, given.seconds, given.rate)
    ok = all([told("idle", idle, 1), told("loading", busy, SLOWER_WHILE_LOADING)])
    return 0 if ok else 1


def while_loading(client: Any, url: str, seconds: int, rate: int) -> list[Timed]:
    """The same queries while another mall's products are being loaded all the time."""
    loader = multiprocessing.get_context("spawn").Process(
        target=load, args=(url, "new_mall", 10_000_000), daemon=True
    )
    loader.start()
    try:
        while not client.count(index=INDEX, q="mall_id:new_mall")["count"]:
            client.indices.refresh(index=INDEX)
            time.sleep(0.2)
        found = asked(client, seconds, rate)
        client.indices.refresh(index=INDEX)
        count = client.count(index=INDEX, q="mall_id:new_mall")["count"]
        print(f"meanwhile {count:,} products of another mall went in")
        return found
    finally:
        loader.terminate()
        loader.join()


def asked(client: Any, seconds: int, rate: int) -> list[Timed]:
    """Queries at that rate, each when it is due, whether or not the previous ones are answered."""
    chance = random.Random(7)
    timed: list[Timed] = []
    lock = threading.Lock()
    begin = time.monotonic() + 0.1

    def ask(due: float, kind: str, text: str) -> None:
        if kind == "search":
            engine.search(client, SearchRequest(q=text, facets=True))
        else:
            engine.suggest(client, SuggestRequest(q=text))
        with lock:
            timed.append(Timed(kind, text, (time.monotonic() - due) * 1000))

    with ThreadPoolExecutor(16) as pool:
        waiting = []
        for number in range(seconds * rate):
            due = begin + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            waiting.append(pool.submit(ask, due, *chance.choice(LOG)))
        for one in waiting:
            one.result()
    return timed


def told(when: str, timed: list[Timed], allowed: int) -> bool:
    """Print the figures; whether they are within the bars."""
    fits = True
    for kind, bar_ms in BARS_MS.items():
        took = sorted(one.took_ms for one in timed if one.kind == kind)
        p95 = statistics.quantiles(took, n=20)[-1]
        fits = fits and p95 <= bar_ms * allowed
        print(
            f"{when:8} {kind:8} n={len(took):5}  p50 {statistics.median(took):6.1f}  "
            f"p95 {p95:6.1f}  worst {took[-1]:6.1f} ms   bar {bar_ms * allowed:.0f}"
        )
    slow = sorted(timed, key=lambda one: -one.took_ms)[:5]
    print("         slowest:", ", ".join(f"{one.text} {one.took_ms:.0f}" for one in slow))
    return fits


def load(url: str, mall_id: str, count: int) -> None:
    """Send this many products as the sink sends them."""
    client = connect(ConnectionSpec(url))
    sender = BulkSender(OpenSearchBulk(client, INDEX), BulkOptions(max_concurrency=2))
    sender.send(_items(mall_id, count))


def _items(mall_id: str, count: int) -> Iterator[BulkItem]:
    chance = random.Random(mall_id)
    now = datetime.now(UTC)
    shelf = goods(40_000, 0)
    for number in range(count):
        one = shelf[number % len(shelf)]
        words = " ".join(chance.sample(_ADJECTIVES, 2))
        row = {
            "mall_id": mall_id,
            "product_id": str(number),
            "title": f"{one.brand} {one.title} {words} {number % 997}",
            "description": _TEXT * 3 + one.title,
            "price": Decimal(one.price + number % 1000 * 10),
            "currency": "KRW",
            "url": f"https://shop.example/{number}",
            "category_path": one.path,
            "brand": one.brand,
            "availability": "out_of_stock" if number % 20 == 0 else "in_stock",
            "condition": "new",
            "shipping_fee": Decimal(0 if number % 3 else 2500),
            "review_count": min(50_000, int(chance.paretovariate(0.7)) - 1) if number % 2 else None,
            "item_group_id": f"G{number // 4}" if number % 10 == 0 else None,
            "loaded_at": now,
            "content_hash": "0",
        }
        text = json.dumps(document(row), ensure_ascii=False)
        yield BulkItem(f"{mall_id}:{number}", "index", 1, text.encode())


if __name__ == "__main__":
    sys.exit(main())
