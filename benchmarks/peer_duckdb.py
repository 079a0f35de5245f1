"""Peer A: the script that a good engineer writes in an afternoon. It knows no changes.

    python benchmarks/peer_duckdb.py --feed FEED.csv --mall MALL --index INDEX --opensearch URL \
        --dsn DSN --schema SCHEMA

Each day the same: DuckDB reads and normalises the whole feed, opensearch-py's parallel_bulk (4
threads) indexes every product, COPY and an upsert bring every row into PostgreSQL, and products that
this day's feed no longer has are deleted. Prints the seconds of each step as JSON. It shares no code
with what it is compared to.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from opensearchpy import OpenSearch
from opensearchpy.helpers import parallel_bulk

THREADS = 4
CHUNK = 2_000
READ = """
CREATE TABLE products AS
WITH fed AS (
    SELECT *,
        CAST(replace(price, ',', '') AS DECIMAL(18,2)) AS now_price,
        CAST(replace(list_price, ',', '') AS DECIMAL(18,2)) AS full_price,
        list_transform(string_split(category, '>'), lambda level: trim(level)) AS path
    FROM read_csv($feed, header = true, all_varchar = true)
)
SELECT
    $mall AS mall_id,
    trim(id) AS product_id,
    trim(replace(replace(replace(title, '&lt;', '<'), '&gt;', '>'), '&amp;', '&')) AS title,
    nullif(trim(regexp_replace(description, '<[^>]*>', ' ', 'g')), '') AS description,
    now_price AS price,
    CASE WHEN full_price >= now_price THEN full_price END AS list_price,
    CASE WHEN full_price > now_price
        THEN CAST(floor((full_price - now_price) * 100 / full_price) AS INTEGER) END AS discount_rate,
    'KRW' AS currency,
    url,
    image AS image_url,
    path AS category_path,
    category AS category_raw,
    list_transform(range(1, len(path) + 1), lambda n: array_to_string(path[1:n], '>')) AS category_tree,
    nullif(trim(brand), '') AS brand,
    nullif(trim(maker), '') AS maker,
    CASE WHEN regexp_full_match(gtin, '[0-9]{8}|[0-9]{12,14}') THEN gtin END AS gtin,
    CASE stock WHEN '판매중' THEN 'in_stock' WHEN '품절' THEN 'out_of_stock' END AS availability,
    CAST(reviews AS INTEGER) AS review_count,
    CAST(updated AS TIMESTAMP) - INTERVAL 9 HOUR AS updated_utc,
    'item:' || $mall || ':' || trim(id) AS variant_key,
    'gtin:' || lpad(gtin, 14, '0') AS product_group_key
FROM fed
WHERE now_price > 0 AND title <> '' AND url LIKE 'http%'
"""
DOCUMENTS = """
SELECT mall_id, product_id, title, description, CAST(price AS BIGINT) AS price,
    CAST(list_price AS BIGINT) AS list_price, discount_rate, currency, url, image_url, category_path,
    category_raw, category_tree, brand, maker, gtin, availability, review_count,
    strftime(updated_utc, '%Y-%m-%dT%H:%M:%S.000Z') AS mall_updated_at, variant_key, product_group_key
FROM products
"""
COLUMNS = (
    "mall_id", "product_id", "title", "description", "price", "list_price", "currency", "url",
    "image_url", "category_path", "category_raw", "brand", "maker", "gtin", "availability",
    "review_count", "mall_updated_at", "loaded_at",
)  # fmt: skip
ROWS = """
COPY (
    SELECT mall_id, product_id, title, description, price, list_price, currency, url, image_url,
        to_json(category_path) AS category_path, category_raw, brand, maker, gtin, availability,
        review_count, updated_utc, CAST($loaded_at AS TIMESTAMP) AS loaded_at
    FROM products
) TO '{}' (FORMAT csv, HEADER false)
"""


def main() -> int:
    """Load the feed."""
    given = _arguments()
    took: dict[str, float] = {}
    database = duckdb.connect()
    loaded_at = datetime.now(UTC).replace(tzinfo=None)

    begin = time.monotonic()
    database.execute(READ, {"feed": given.feed, "mall": given.mall})
    took["read_s"] = time.monotonic() - begin

    begin = time.monotonic()
    client = OpenSearch(given.opensearch, timeout=300, pool_maxsize=THREADS)
    send(client, given.index, database, loaded_at)
    delete_gone(client, given.index, given.mall, loaded_at)
    took["opensearch_s"] = time.monotonic() - begin

    begin = time.monotonic()
    upsert(database, given.dsn, given.schema, given.mall, loaded_at)
    took["warehouse_s"] = time.monotonic() - begin

    took["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(took))
    return 0


def send(client: OpenSearch, index: str, database: Any, loaded_at: datetime) -> None:
    """Index every product; a failed one ends the script."""

    def actions() -> Iterator[dict[str, Any]]:
        stamp = f"{loaded_at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        reader = database.sql(DOCUMENTS).to_arrow_reader(10_000)
        for batch in reader:
            for row in batch.to_pylist():
                document = {name: value for name, value in row.items() if value is not None}
                document["loaded_at"] = stamp
                yield {
                    "_index": index,
                    "_id": f"{row['mall_id']}:{row['product_id']}",
                    "_source": document,
                }

    for done, answer in parallel_bulk(
        client, actions(), thread_count=THREADS, chunk_size=CHUNK, queue_size=THREADS
    ):
        if not done:
            raise RuntimeError(f"not indexed: {answer}")
    client.indices.refresh(index=index)


def delete_gone(client: OpenSearch, index: str, mall: str, loaded_at: datetime) -> None:
    """Delete products that this feed no longer has: they were not indexed again."""
    before = {"range": {"loaded_at": {"lt": f"{loaded_at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"}}}
    query = {"bool": {"filter": [{"term": {"mall_id": mall}}, before]}}
    client.delete_by_query(index=index, body={"query": query}, refresh=True)


def upsert(database: Any, dsn: str, schema: str, mall: str, loaded_at: datetime) -> None:
    """COPY into a temporary table, insert or update all, delete what is gone: one transaction."""
    columns = ", ".join(COLUMNS)
    updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[2:])
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(dsn) as connection:
        file = Path(folder) / "rows.csv"
        database.execute(ROWS.format(file), {"loaded_at": loaded_at})
        run = connection.cursor()
        run.execute(
            f"CREATE TEMP TABLE fed ON COMMIT DROP AS SELECT {columns} FROM {schema}.products LIMIT 0"
        )
        with (
            run.copy(f"COPY fed ({columns}) FROM STDIN (FORMAT csv)") as copy,
            file.open("rb") as rows,
        ):
            while some := rows.read(1 << 20):
                copy.write(some)
        run.execute(
            f"INSERT INTO {schema}.products ({columns}) SELECT {columns} FROM fed "
            f"ON CONFLICT (mall_id, product_id) DO UPDATE SET {updates}"
        )
        run.execute(
            f"DELETE FROM {schema}.products WHERE mall_id = %s AND loaded_at < %s",
            [mall, loaded_at],
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("feed", "mall", "index", "opensearch", "dsn", "schema"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
