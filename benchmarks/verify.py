"""Whether a contestant loaded correctly: both sinks compared with the feed."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import expected_products, index, warehouse
from benchmarks.bench_stack import Stand
from benchmarks.feed_files import FeedFile

_LOOKED_AT = 200


class LoadedWrongly(Exception):
    """A sink differs from the feed: the contestant's time does not count."""


def prove(at: Stand, feed: FeedFile, mall_id: str, in_index: str, schema: str | None) -> None:
    """Raises LoadedWrongly; `schema` None = this contestant does not load the warehouse."""
    faults = list(_index_faults(at, feed, mall_id, in_index))
    if schema is not None:
        faults += _warehouse_faults(at, feed, mall_id, schema)
    if faults:
        raise LoadedWrongly("; ".join(faults[:3]))


def looked_at(feed: FeedFile) -> list[int]:
    """Some products of that day: the first and last, changed ones, new ones, and others."""
    numbers = feed.shop.numbers(feed.day)
    changed = numbers[feed.shop.changed(numbers)]
    step, changed_step = len(numbers) // _LOOKED_AT + 1, len(changed) // _LOOKED_AT + 1
    chosen = {int(numbers[0]), int(numbers[-1])}
    chosen |= {int(n) for n in numbers[::step]} | {int(n) for n in changed[::changed_step]}
    return sorted(chosen)


def _index_faults(at: Stand, feed: FeedFile, mall_id: str, name: str) -> Iterator[str]:
    index.refresh(at.opensearch_url, name)
    found = index.fingerprint(at.opensearch_url, name, mall_id)
    if found != feed.after:
        yield f"the index {name} holds {found}, expected {feed.after}"
    wanted = expected_products.documents(feed.shop, mall_id, looked_at(feed), feed.day)
    documents = index.documents(at.opensearch_url, name, list(wanted))
    for identifier, document in wanted.items():
        if (told := documents.get(identifier)) is None:
            yield f"{identifier} is not in the index"
        else:
            rest = {k: v for k, v in told.items() if k not in expected_products.LINEAGE}
            yield from (
                f"{identifier}: {key} is {rest.get(key)!r}, expected {document.get(key)!r}"
                for key in sorted({*rest, *document})
                if rest.get(key) != document.get(key)
            )


def _warehouse_faults(at: Stand, feed: FeedFile, mall_id: str, schema: str) -> Iterator[str]:
    found = warehouse.fingerprint(at.dsn, schema, mall_id)
    if found != feed.after:
        yield f"{schema}.products holds {found}, expected {feed.after}"
    wanted = expected_products.documents(feed.shop, mall_id, looked_at(feed), feed.day)
    by_product = {document["product_id"]: document for document in wanted.values()}
    rows = warehouse.rows(at.dsn, schema, mall_id, list(by_product))
    for product_id, document in by_product.items():
        names = ("title", "price", "brand", "availability", "gtin")
        told = tuple(document[name] for name in names)
        if rows.get(product_id) != told:
            yield f"{schema}.products: {product_id} is {rows.get(product_id)}, expected {told}"
