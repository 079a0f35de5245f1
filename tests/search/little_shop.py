"""A handful of products in an index of their own, to try a rule of searching on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from mallfeed.sinks.opensearch import bootstrap
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.document import document

BATCH = 2000


def row(product_id: str, title: str, mall_id: str = "one_mall", **fields: Any) -> dict[str, Any]:
    """A product; what is not given has the plainest value."""
    return {
        "mall_id": mall_id,
        "product_id": product_id,
        "title": title,
        "price": Decimal(10_000),
        "currency": "KRW",
        "url": f"https://{mall_id.replace('_', '-')}.example/{product_id}",
        "availability": "in_stock",
        "condition": "new",
        "content_hash": "0",
        **fields,
    }


@contextmanager
def filled_index(
    opensearch: str, name: str, rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Any, str]]:
    """(client, index) with these products, the index gone afterwards."""
    client = connect(ConnectionSpec(opensearch, timeout_s=120))
    bootstrap.bootstrap(client)
    client.indices.delete(index=name, ignore_unavailable=True)
    client.indices.create(index=name, body={"settings": {"refresh_interval": "-1"}})
    fill(client, name, rows)
    yield client, name
    client.indices.delete(index=name)
    client.close()


def fill(client: Any, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put these products in and make them visible."""
    lines: list[str] = []
    for one in rows:
        head = {"index": {"_id": f"{one['mall_id']}:{one['product_id']}"}}
        lines += [json.dumps(head), json.dumps(document(one), ensure_ascii=False)]
        if len(lines) >= 2 * BATCH:
            _send(client, name, lines)
            lines = []
    if lines:
        _send(client, name, lines)
    client.indices.refresh(index=name)


def _send(client: Any, name: str, lines: list[str]) -> None:
    answer = client.bulk(index=name, body="\n".join(lines) + "\n")
    refused = [item for item in answer["items"] if item["index"]["status"] >= 300]
    assert not refused, refused[0]
