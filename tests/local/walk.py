"""What a mall and an operator do with a running stack, and what both sinks then contain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import psycopg

from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.identity import feed_id, mall_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import CLOSED
from tests.local_parts import Parts

MALLS = Path(__file__).parent / "malls"
MALLFEED = str(Path(sys.executable).with_name("mallfeed"))
LONG_S = 900.0
"""Longest wait for something that Glue runs stand before; the machine may be busy."""

Products = dict[str, tuple[str, float]]
"""Product id → title and price."""


def until(
    found: Callable[[], Any], what: str, timeout_s: float = LONG_S, pause_s: float = 0.2
) -> Any:
    """The first answer that is not None or False; fails with `what` after the time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = found()
        if answer is not None and answer is not False:
            return answer
        time.sleep(pause_s)
    raise AssertionError(f"not within {timeout_s:.0f} s: {what}")


def csv(rows: Mapping[str, tuple[object, ...]], id_column: str = "id", op: bool = False) -> bytes:
    """A feed: product id → title, price (and, in a delta, what happens to it)."""
    lines = [f"{id_column},name,price,url,category{',op' if op else ''}"]
    for product, (title, price, *rest) in rows.items():
        cells = (product, title, price, f"https://shop.example/{product}", "과일", *rest)
        lines.append(",".join(map(str, cells)))
    return ("\n".join(lines) + "\n").encode()


@dataclass
class Way:
    """A stack, used by nothing but ordinary clients, the ledger's port and the command line."""

    parts: Parts
    kept: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.env = self.parts.env
        self.s3 = self.parts.client("s3")
        self.sqs = self.parts.client("sqs")
        self.bucket = self.env["MALLFEED_FEEDS_BUCKET"]
        self.lake = self.env["MALLFEED_LAKE_BUCKET"]
        self.ledger = DynamoLedger(self.parts.client("dynamodb"), self.env["MALLFEED_LEDGER_TABLE"])

    def mallfeed(self, *arguments: str, check: bool = True) -> str:
        """Standard output of the command; its exit code is 0 unless `check` is False."""
        done = subprocess.run(
            [MALLFEED, *arguments],
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def runs(self, mall: str) -> list[dict[str, Any]]:
        """What `mallfeed runs` shows of a mall, newest first."""
        told: list[dict[str, Any]] = json.loads(
            self.mallfeed("runs", "--mall", mall, "--parts", "--json")
        )
        return told

    def put(self, mall: str, name: str, body: bytes, **metadata: str) -> str:
        """A plain put_object, as any client does it; returns the feed's id."""
        key = f"feeds/{mall}/{name}"
        given = {name.replace("_", "-"): value for name, value in metadata.items()}
        answer = self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, Metadata=given)
        return feed_id(mall, self.bucket, key, answer["VersionId"])

    @contextmanager
    def gathered(self, malls: Iterable[str]) -> Iterator[Callable[[str], None]]:
        """Feeds put inside wait for each other, so that they share one run.

        The malls are locked as maintenance locks them; the given call receives each feed's id.
        """
        holder, ids, malls = f"test-{uuid.uuid4().hex}", [], set(malls)
        for mall in malls:
            until(lambda mall=mall: self.ledger.lock_mall(mall, holder), f"the lock of {mall}")
        try:
            yield ids.append
            for one in ids:
                until(lambda one=one: self.ledger.feed(one), f"{one} in the ledger", 120)
        finally:
            for mall in malls:
                self.ledger.unlock_mall(mall, holder)

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """A feed whose run died is tried again after a second, as an operator may set it."""
        name = f"{self.env['MALLFEED_PARAMETER_PREFIX']}/limits/backoff_seconds"
        ssm = self.parts.client("ssm")
        ssm.put_parameter(Name=name, Value="1", Type="String", Overwrite=True)
        try:
            yield
        finally:
            ssm.delete_parameter(Name=name)

    def closed(self, feeds: Sequence[str]) -> dict[str, FeedRecord]:
        """The feeds once all of them are closed."""

        def all_closed() -> dict[str, FeedRecord] | None:
            found = {one: self.ledger.feed(one) for one in feeds}
            done = {one: feed for one, feed in found.items() if feed and feed.state in CLOSED}
            return done if len(done) == len(found) else None

        try:
            done: dict[str, FeedRecord] = until(all_closed, "all closed")
        except AssertionError as error:
            states = {one: getattr(self.ledger.feed(one), "state", None) for one in feeds}
            raise AssertionError(f"{error}: {states}") from error
        return done

    def in_state(self, feed: str, state: str) -> FeedRecord:
        """The feed once it is in that state."""

        def there() -> FeedRecord | None:
            found = self.ledger.feed(feed)
            return found if found is not None and found.state == state else None

        record: FeedRecord = until(there, f"{feed} {state}")
        return record

    def searched(self, mall: str) -> Products:
        """The mall's products behind the alias `products`."""
        url = f"{self.env['OPENSEARCH_URL']}/products/_search?size=1000&q=mall_id:{quote(mall)}"
        with urlopen(url) as answer:  # noqa: S310
            hits = [hit["_source"] for hit in json.load(answer)["hits"]["hits"]]
        return {hit["product_id"]: (hit["title"], float(hit["price"])) for hit in hits}

    def newest_seq_searched(self, mall: str) -> int:
        """The highest version of the mall's documents in the first physical index; 0 for none."""
        url = f"{self.env['OPENSEARCH_URL']}/products-000001/_search?version=true&size=1000&q="
        with urlopen(url + quote(f"mall_id:{mall}")) as answer:  # noqa: S310
            hits = json.load(answer)["hits"]["hits"]
        return max((int(hit["_version"]) % 2**40 for hit in hits), default=0)

    def queried(self, mall: str) -> Products:
        """The mall's rows of `products`, by psycopg."""
        rows = self.sql("select product_id, title, price from products where mall_id = %s", mall)
        return {product: (title, float(price)) for product, title, price in rows}

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows straight out of the warehouse's database."""
        with psycopg.connect(self.env["WAREHOUSE_DSN"]) as connection:
            return connection.execute(statement, values).fetchall()

    def both(self, mall: str) -> Products:
        """What the mall's shoppers find; the warehouse says the same."""
        searched, queried = self.searched(mall), self.queried(mall)
        assert searched == queried
        return searched

    def report(self, feed: str) -> dict[str, Any]:
        """The feed's report in the lake bucket."""
        key = f"reports/{mall_of(feed)}/{feed}/report.json"
        body = self.s3.get_object(Bucket=self.lake, Key=key)["Body"].read()
        told: dict[str, Any] = json.loads(body)
        return told

    def dead_letters(self) -> list[dict[str, Any]]:
        """The content of the dead-letter queue, as the command shows it."""
        told: list[dict[str, Any]] = json.loads(self.mallfeed("dlq", "list", "--json"))
        return told
