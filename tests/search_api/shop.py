"""A small shop in an index of its own, and the API over it, without a whole stack."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.local import http_event
from infra.local.http_event import Answer, Request
from infra.local.http_front import Front
from infra.local.ports import free_ports
from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search_api import api
from mallfeed.search_api.adapt import Asked
from mallfeed.sinks.opensearch import bootstrap
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.document import document
from sample_feeds.goods import goods

INDEX = "products-search-api-tests"
MALLS = ("apple_mart", "banana_mart", "cherry_mart")
ODD_ID = "한글 아이디/50% 할인?#1&b=2"
PICTURE = "https://images.example/there.png"
NO_PICTURE = "https://images.example/gone.png"


class Context:
    """What the API needs from Lambda's context."""

    function_name = "search-api-test"
    aws_request_id = "test"


@dataclass(frozen=True)
class Got:
    """An answer: `body` is the decoded JSON, None when there is no body."""

    status: int
    headers: Mapping[str, str]
    body: Any


class InProcess:
    """Stands where http_front has its function processes; the resolver serves one at a time."""

    def __init__(self) -> None:
        self._one = threading.Lock()

    def call(self, request: Request) -> Answer:
        with self._one:
            return http_event.answer(api.respond(http_event.event(request), Context()))


def get(target: str, method: str = "GET", **headers: str) -> Got:
    """Call the API as API Gateway would, with a request line's path and query."""
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer = InProcess().call(Request(method, target, sent, b"", "127.0.0.1"))
    return Got(
        answer.status, dict(answer.headers), json.loads(answer.body) if answer.body else None
    )


@contextmanager
def shop(opensearch: str) -> Iterator[Any]:
    """The API answers from the shop's index inside the block; yields the client."""
    client = connect(ConnectionSpec(opensearch))
    bootstrap.bootstrap(client)
    client.indices.delete(index=INDEX, ignore_unavailable=True)
    client.indices.create(index=INDEX)
    lines = []
    for row in rows():
        lines.append({"index": {"_id": f"{row['mall_id']}:{row['product_id']}"}})
        lines.append(document(row))
    body = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n"
    answer = client.bulk(body=body, index=INDEX, refresh=True)
    assert not answer["errors"], answer
    with answering(client, INDEX):
        yield client
    client.indices.delete(index=INDEX)
    client.close()


@contextmanager
def answering(client: Any, index: str, rates: Rates = NO_RATES) -> Iterator[None]:
    """The API uses this client, index and these rates inside the block."""
    kept, asked = api.asked, Asked(client, index, lambda: rates)
    api.asked = lambda: asked  # type: ignore[assignment]
    try:
        yield
    finally:
        api.asked = kept


@contextmanager
def served() -> Iterator[str]:
    """Page and API over HTTP on a free port; yields the address."""
    (port,) = free_ports(1)
    with Front(port, InProcess()) as front:  # type: ignore[arg-type]
        threading.Thread(target=front.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}"
        front.shutdown()


def rows() -> Iterator[dict[str, Any]]:
    """Three malls that partly sell the same, an article of three sizes, and an odd one."""
    for place, mall in enumerate(MALLS):
        for one in goods(48, 0):
            if (one.number + place) % 3:
                yield _row(mall, f"P{one.number}", one.title, one.price + place * 100) | {
                    "list_price": Decimal(one.price + 3000) if one.number % 4 == 0 else None,
                    "brand": one.brand,
                    "category_path": one.path,
                    "gtin": one.gtin,
                    "review_count": one.reviews,
                    "rating": Decimal("4.5") if one.reviews else None,
                    "shipping_fee": Decimal(0 if one.number % 2 else 3000),
                    "availability": "out_of_stock" if one.number % 12 == 5 else "in_stock",
                    "image_url": PICTURE if one.number % 2 else NO_PICTURE,
                }
    for size in ("S", "M", "L"):
        yield _row(MALLS[0], f"coat-{size}", f"겨울 코트 베이지 {size}", 89_000) | {
            "item_group_id": "coat",
            "category_path": ["패션의류", "아우터", "코트"],
        }
    yield _row(MALLS[1], ODD_ID, "이상한 번호의 찻잔", 12_000)


def _row(mall: str, product: str, title: str, price: int) -> dict[str, Any]:
    return {
        "mall_id": mall,
        "product_id": product,
        "title": title,
        "price": Decimal(price),
        "currency": "KRW",
        "url": f"https://{mall.replace('_', '-')}.example/goods/1",
        "category_path": ["생활", "주방", "찻잔"],
        "condition": "new",
        "content_hash": "0",
    }
