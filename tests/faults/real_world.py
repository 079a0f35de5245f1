"""The model's world over real services: DynamoDB's protocol, OpenSearch, and the warehouse.

Feeds and the product table stay in memory, so that a fault costs seconds; ledger, dispatch, run_plan
and both sinks are the real ones, and faults happen on the wire between them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from typer.testing import CliRunner

from infra.local.place import CREDENTIALS
from mallfeed.aws.clients import client
from mallfeed.backoff import FullJitter
from mallfeed.cli.main import app
from mallfeed.errors import FeedHeld
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.identity import mall_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.operate import carry_out, release
from mallfeed.sinks.opensearch.bootstrap import live_indexes
from mallfeed.sinks.opensearch.bulk import BulkOptions
from mallfeed.sinks.opensearch.bulk_body import BatchLimits
from mallfeed.sinks.opensearch.connection import ConnectionSpec
from mallfeed.sinks.opensearch.sink import OpenSearchSink
from mallfeed.sinks.port import ClaimCheck, Cursor, MallLoad, Sink, SinkResult
from mallfeed.sinks.redshift.sink import RedshiftSink
from mallfeed.table.counts import Counts
from mallfeed.table.port import Staged
from tests.contract.sink_twins import IndexInOpenSearch, WarehouseInRedshift
from tests.model.engine import MemoryEngine
from tests.model.oracle import Said, expected, values
from tests.model.world import Faults, World
from tests.sink_services import SinkServices

HASTY = BulkOptions(
    limits=BatchLimits(max_items=2),
    backoff=FullJitter(base_s=0.001, cap_s=0.01),
    deadline_s=0.5,
)
"""Small requests, so that there are many to break; half a second is longer than all retries."""


class Watched:
    """A sink whose side effects can be crashed at, as the model's can."""

    def __init__(self, sink: Sink, name: str, faults: Faults) -> None:
        self.sink, self.name, self._faults = sink, name, faults

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """See Sink."""
        return self.sink.cursors(mall_ids)

    def load(
        self, loads: Sequence[MallLoad], epoch: int, check_claim: ClaimCheck, reapply: bool = False
    ) -> SinkResult:
        """See Sink."""
        self._faults(f"{self.name}: before load")
        result = self.sink.load(loads, epoch, check_claim, reapply)
        self._faults(f"{self.name}: after load")
        return result

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sink, name)


class GuardedEngine(MemoryEngine):
    """A full feed without rows is held, unless a person has released it."""

    def vouch(self, staged: Staged, feed: FeedRecord, published: Counts | None) -> None:
        """See the port."""
        if feed.mode == "full" and staged.counts.rows_read == 0:
            raise FeedHeld("guard_fewest_rows", "0 good rows; at least 1 are expected")


class RealWorld(World):
    """The world over real services; `index_url` is where the job finds OpenSearch."""

    def __init__(
        self,
        services: SinkServices,
        index: IndexInOpenSearch,
        tables: WarehouseInRedshift,
        ledger: DynamoLedger,
        index_url: str,
    ) -> None:
        super().__init__()
        self.in_opensearch, self.in_redshift = index, tables
        self.ledger = _InRun(ledger)  # type: ignore[assignment]
        live = next(one for one in live_indexes(index.client) if one.name == index.index)
        spec = ConnectionSpec(index_url, timeout_s=5.0)
        self.opensearch = OpenSearchSink(live, spec, HASTY)
        self.redshift = RedshiftSink(
            services.data, tables.sink._stage, tables.sink._copy_role_arn, sleep=lambda _s: None
        )
        self.index = Watched(self.opensearch, "index", self.faults)  # type: ignore[assignment]
        self.warehouse = Watched(self.redshift, "warehouse", self.faults)  # type: ignore[assignment]
        self.engine = GuardedEngine

    def release(self, feed_id: str) -> None:
        """A person lets a held feed go on."""
        record = self.ledger.feed(feed_id)
        assert record is not None
        operation = release(
            record, "operator", "looked at it", self.now(), lambda feed, _version: feed
        )
        carry_out(self.ledger, operation)

    def check(self) -> None:
        """Table and both sinks equal the oracle for each mall."""
        for mall in sorted({mall_of(said.feed_id) for said in self.said.values()}):
            truth = expected([s for s in self.said.values() if mall_of(s.feed_id) == mall])
            story = [(s.rows, s.full, s.bad, self._state(s)) for s in self.said.values()]
            prices = {product_id: price for product_id, (price, _) in truth.items()}
            assert values(self.table.products(mall)) == prices, story
            assert self.in_opensearch.prices(mall) == prices, story
            assert self.in_redshift.prices(mall) == prices, story
            doubled = (
                f"SELECT product_id FROM product_price_history WHERE mall_id = '{mall}' "
                "AND valid_to IS NULL GROUP BY product_id HAVING COUNT(*) > 1"
            )
            assert self.in_redshift.query(doubled) == []

    def told(self, mall: str) -> list[dict[str, Any]]:
        """What `mallfeed runs` shows of a mall, newest first."""
        return list(self._command("runs", "--mall", mall))

    def story(self, feed_id: str) -> str:
        """The notes of a feed's events, as `mallfeed run` shows them."""
        return "\n".join(event["note"] for event in self._command("run", feed_id)["events"])

    def _command(self, *arguments: str) -> Any:
        ledger: DynamoLedger = self.ledger._ledger  # type: ignore[attr-defined]
        with _environment(ledger):
            done = CliRunner().invoke(app, [*arguments, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def feed_id(self, mall: str, place: int) -> str:
        """The feed at that place in the mall's order."""
        return next(
            said.feed_id
            for said in self.said.values()
            if mall_of(said.feed_id) == mall and f"{place:04d}.csv" in said.order
        )


class _InRun:
    """The real ledger; a run's writes may crash it, before or after they are made."""

    def __init__(self, ledger: DynamoLedger) -> None:
        self._ledger = ledger
        self.in_run = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


@contextmanager
def _environment(ledger: DynamoLedger) -> Iterator[Mapping[str, str]]:
    url = ledger._client.meta.endpoint_url
    names = {
        "AWS_ENDPOINT_URL": url,
        **CREDENTIALS,
        "MALLFEED_LEDGER_TABLE": ledger._table,
        "MALLFEED_FEEDS_BUCKET": "feeds",
        "MALLFEED_LAKE_BUCKET": "lake",
    }
    client.cache_clear()
    with patch.dict(os.environ, names):
        yield names
    client.cache_clear()


__all__ = ["RealWorld", "Said"]
