"""A feeds bucket and a lake bucket behind a real HTTP server, a ledger in memory, a fixed clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import boto3
import pytest

from infra.local.place import REGION
from mallfeed.arrival.arrival import Arrivals
from mallfeed.arrival.event import ObjectCreated
from mallfeed.arrival.s3 import S3Feeds
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from tests.moto_process import ENVIRONMENT, moto_server
from tests.unit.ledger.records import at

CATALOG = """
mall: mall_a
version: 1
effective_from: 2020-01-01T00:00:00+09:00
owner: us
contact: them@mall.example
fields: {product_id: id, title: name, price: price, url: url, category_path: category}
feeds:
  full:
    key_pattern: "full_*"
    format: csv
    capacity: {priority: 3}
    schedule: {window: "02:00-05:00"}
  update:
    key_pattern: "update/*"
    format: json
    mode: delta
    operation: {from: op}
  daily:
    key_pattern: "daily/*/part-*"
    format: parquet
    arrival: success_marker
  listed:
    key_pattern: "listed/*"
    format: csv
    arrival: manifest
"""


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto_server(tmp_path_factory.mktemp("moto") / "moto.log") as url:
        yield url


def client(service: str, url: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ENVIRONMENT["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
    )


class Mall:
    """A partner who uploads, and the arrivals that follow."""

    def __init__(self, url: str) -> None:
        self.s3 = client("s3", url)
        self.feeds = f"feeds-{uuid4().hex[:8]}"
        self.lake = f"lake-{uuid4().hex[:8]}"
        for bucket in (self.feeds, self.lake):
            self.s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        self.s3.put_bucket_versioning(
            Bucket=self.feeds, VersioningConfiguration={"Status": "Enabled"}
        )
        self.publish(CATALOG)
        self.ledger = MemoryLedger()
        self.arrivals = self.fresh_arrivals()

    def fresh_arrivals(self) -> Arrivals:
        """As a new Lambda process has them: nothing cached."""
        catalogs = S3CatalogStore(self.s3, self.lake)
        bucket = S3Feeds(self.s3, self.feeds)
        return Arrivals(self.ledger, bucket, self.feeds, catalogs, self.now)

    def now(self) -> datetime:
        return at(1)

    def publish(self, text: str, mall: str = "mall_a", version: int = 1) -> None:
        self.s3.put_object(
            Bucket=self.lake, Key=f"catalogs/{mall}/v{version}.yaml", Body=text.encode()
        )

    def put(self, key: str, body: bytes = b"id\n1\n", **metadata: str) -> ObjectCreated:
        """Uploads and returns the event; metadata names have `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in metadata.items()}
        answer = self.s3.put_object(Bucket=self.feeds, Key=key, Body=body, Metadata=named)
        return ObjectCreated(self.feeds, key, answer["VersionId"], len(body), at(0))

    def arrive(self, key: str, body: bytes = b"id\n1\n", **metadata: str) -> FeedRecord:
        return self.arrivals.take(self.put(key, body, **metadata))


@pytest.fixture
def mall(aws: str) -> Mall:
    return Mall(aws)
