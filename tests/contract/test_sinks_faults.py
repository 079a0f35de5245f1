"""Faults of the services: both sinks end as they should once the fault is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from mallfeed.backoff import FullJitter
from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.opensearch.bootstrap import bootstrap, live_indexes
from mallfeed.sinks.opensearch.bulk import BulkOptions
from mallfeed.sinks.opensearch.bulk_body import BatchLimits
from mallfeed.sinks.opensearch.connection import ConnectionSpec
from mallfeed.sinks.opensearch.sink import OpenSearchSink, opensearch_sinks
from mallfeed.sinks.redshift.sink import RedshiftSink
from tests.contract.sink_twins import IndexInOpenSearch, WarehouseInRedshift
from tests.faults.proxy import Plan, fault_proxy, items_fail, not_json, resets, storm
from tests.sink_rows import at, delete, load, upsert
from tests.sink_services import SinkServices

pytestmark = pytest.mark.sinks
HASTY = BulkOptions(
    limits=BatchLimits(max_items=20),
    backoff=FullJitter(base_s=0.001, cap_s=0.01),
    deadline_s=20.0,
)
ROWS = [upsert("alpha", f"p{n:03d}", 100 + n) for n in range(100)]
PRICES = {row["product_id"]: int(row["price"]) for row in ROWS}


@pytest.fixture
def index(services: SinkServices) -> Iterator[IndexInOpenSearch]:
    made = IndexInOpenSearch(services)
    yield made
    made.close()


@pytest.fixture
def tables(services: SinkServices) -> WarehouseInRedshift:
    return WarehouseInRedshift(services)


def held() -> None:
    """A claim that is held."""


def through(
    proxy_url: str, twin: IndexInOpenSearch, options: BulkOptions = HASTY
) -> OpenSearchSink:
    live = next(one for one in live_indexes(twin.client) if one.name == twin.index)
    return OpenSearchSink(live, ConnectionSpec(proxy_url, timeout_s=5.0), options)


@pytest.mark.parametrize(
    "plan",
    [
        storm(7, 429),
        storm(4, 503),
        storm(4, 502),
        resets(4, after_forwarding=False),
        resets(4, after_forwarding=True),
        not_json(3),
        items_fail(3, every=1, status=429),
        items_fail(4, every=3, status=503),
    ],
    ids=[
        "429 storm", "503", "502", "reset before", "answer lost", "gateway page",
        "all items 429", "single items 503",
    ],
)  # fmt: skip
def test_a_fault_that_passes_leaves_the_index_complete(
    index: IndexInOpenSearch, services: SinkServices, plan: Plan
) -> None:
    with fault_proxy(services.opensearch.endpoint, plan) as proxy:
        sink = through(proxy.url, index)
        result = sink.load([load("alpha", 1, *ROWS)], 0, held)
        result_of_deletes = sink.load(
            [load("alpha", 2, *(delete("alpha", r["product_id"]) for r in ROWS[:40]))], 0, held
        )
        sink.close()
    assert len(proxy.seen) > 5 + 2
    assert result.written == {"alpha": 100}
    assert result.stale == {} == result_of_deletes.stale
    assert index.prices("alpha") == {r["product_id"]: int(r["price"]) for r in ROWS[40:]}


def test_a_sink_that_stays_down_is_unavailable_and_its_cursor_stays(
    index: IndexInOpenSearch, services: SinkServices
) -> None:
    brief = BulkOptions(backoff=FullJitter(0.001, 0.01), deadline_s=0.3)
    with fault_proxy(services.opensearch.endpoint, storm(10**9, 503)) as proxy:
        sink = through(proxy.url, index, brief)
        with pytest.raises(SinkUnavailable, match=r"within 0\.3 s"):
            sink.load([load("alpha", 1, *ROWS)], 0, held)
        sink.close()
    assert index.sink.cursors(["alpha"]) == {"alpha": None}
    index.sink.load([load("alpha", 2, *ROWS, kind="contents")], 0, held)
    assert index.prices("alpha") == PRICES


def test_a_sink_that_cannot_be_reached_is_unavailable(index: IndexInOpenSearch) -> None:
    sink = through("http://127.0.0.1:9", index)
    with pytest.raises(SinkUnavailable, match="cannot be reached"):
        sink.load([load("alpha", 1)], 0, held)
    sink.close()


def test_a_load_cut_short_is_completed_by_the_next_one(
    index: IndexInOpenSearch, services: SinkServices
) -> None:
    index.sink.load([load("alpha", 1, *ROWS)], 0, held)
    brief = BulkOptions(BatchLimits(max_items=20), FullJitter(0.001, 0.01), deadline_s=0.2)
    changed = [upsert("alpha", r["product_id"], 5) for r in ROWS[:80]]
    with fault_proxy(services.opensearch.endpoint, lambda r, f: _up_to(2, r, f)) as proxy:
        sink = through(proxy.url, index, brief)
        with pytest.raises(SinkUnavailable):
            sink.load([load("alpha", 2, *changed)], 0, held)
        sink.close()
    assert index.sink.cursors(["alpha"])["alpha"].seq == 1  # type: ignore[union-attr]
    index.sink.load([load("alpha", 3, *changed, *(delete("alpha", "p099") for _ in "x"))], 0, held)
    wanted = {**PRICES, **{r["product_id"]: 5 for r in changed}}
    del wanted["p099"]
    assert index.prices("alpha") == wanted


def _up_to(count: int, request: Any, forward: Any) -> Any:
    return forward() if request.number < count else storm(10**9, 503)(request, forward)


def test_a_document_that_the_mapping_refuses_is_named_and_the_rest_goes_in(
    index: IndexInOpenSearch,
) -> None:
    bad = upsert("alpha", "bad", review_count="many")
    result = index.sink.load([load("alpha", 1, *ROWS, bad)], 0, held)
    assert [(r.mall_id, r.product_id) for r in result.refused] == [("alpha", "bad")]
    assert "review_count" in result.refused[0].reason
    assert index.prices("alpha") == PRICES
    assert index.sink.cursors(["alpha"])["alpha"].seq == 1  # type: ignore[union-attr]


def test_many_documents_refused_alike_leave_the_cursor(index: IndexInOpenSearch) -> None:
    bad = [upsert("alpha", f"bad{n}", review_count=f"many{n}") for n in range(60)]
    with pytest.raises(SinkRefused, match="refused 60 of 160 documents of alpha for the same"):
        index.sink.load([load("alpha", 1, *ROWS, *bad)], 0, held)
    assert index.sink.cursors(["alpha"]) == {"alpha": None}


def test_an_index_recreated_under_its_old_name_has_no_cursor(
    index: IndexInOpenSearch, services: SinkServices
) -> None:
    index.sink.load([load("alpha", 1, *ROWS)], 0, held)
    index.client.indices.delete(index=index.index)
    index.client.indices.create(
        index=index.index, body={"mappings": {"_meta": {"mapping_version": 1, "building": True}}}
    )
    sink = through(services.opensearch.endpoint, index)
    assert sink.cursors(["alpha"]) == {"alpha": None}
    sink.close()


def test_bootstrap_repeats_and_names_the_live_indexes(
    index: IndexInOpenSearch, services: SinkServices
) -> None:
    bootstrap(index.client)
    live = live_indexes(index.client)
    assert ("products-000001", False) in [(one.name, one.building) for one in live]
    assert (index.index, True) in [(one.name, one.building) for one in live]
    sinks = opensearch_sinks(services.opensearch)
    assert {one.name for one in sinks} >= {"opensearch/products-000001"}
    for one in sinks:
        one.close()


# -- warehouse -------------------------------------------------------------------------------------


class FaultyData:
    """The real Data API, broken once where a test says so."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self.lose_answer = False
        self.spoil: str | None = None
        self.batches = 0

    def run(self, statements: Any, token: str, name: str = "mallfeed") -> Any:
        self.batches += 1
        if self.spoil is not None:
            spoilt, self.spoil = [*statements, self.spoil], None
            return self._data.run(spoilt, token, name)
        ended = self._data.run(statements, token, name)
        if self.lose_answer:
            raise SinkUnavailable("the answer is lost")
        return ended

    def __getattr__(self, name: str) -> Any:
        return getattr(self._data, name)


def faulty(twin: WarehouseInRedshift) -> tuple[RedshiftSink, FaultyData]:
    data = FaultyData(twin.sink._data)
    return RedshiftSink(
        data, twin.sink._stage, twin.sink._copy_role_arn, sleep=lambda _s: None
    ), data


def test_a_transaction_that_fails_at_its_end_leaves_nothing(tables: WarehouseInRedshift) -> None:
    tables.sink.load([load("alpha", 1, *ROWS)], 0, held)
    sink, data = faulty(tables)
    data.spoil = "INSERT INTO mall_state (mall_id) SELECT 1 / 0"
    with pytest.raises(SinkUnavailable, match="division by zero"):
        sink.load([load("alpha", 2, delete("alpha", "p000"), upsert("alpha", "p001", 1))], 0, held)
    assert tables.prices("alpha") == PRICES
    assert tables.sink.cursors(["alpha"])["alpha"].seq == 1  # type: ignore[union-attr]
    assert len(tables.query("SELECT * FROM feed_loads")) == 1


def test_a_lost_answer_is_found_out_by_the_malls_state(tables: WarehouseInRedshift) -> None:
    sink, data = faulty(tables)
    data.lose_answer = True
    sink.load([load("alpha", 1, *ROWS)], 0, held)
    assert data.batches == 1
    assert tables.prices("alpha") == PRICES


def test_a_repair_whose_answer_is_lost_does_not_count_as_done(tables: WarehouseInRedshift) -> None:
    tables.sink.load([load("alpha", 1, *ROWS)], 0, held)
    sink, data = faulty(tables)
    data.lose_answer = True
    with pytest.raises(SinkUnavailable, match="the answer is lost"):
        sink.load([load("alpha", 1, *ROWS)], 0, held, reapply=True)
    assert data.batches == 1


def test_values_that_fit_no_column_refuse_the_load(tables: WarehouseInRedshift) -> None:
    spoilt = {
        "invalid input syntax": "UPDATE mallfeed_moving SET seq = CAST('x' || kind AS BIGINT)",
        "invalid input syntax for type json": "SELECT JSON_PARSE('{' || kind) FROM mallfeed_moving",
        "out of range": "UPDATE mallfeed_moving SET seq = 9223372036854775807 + seq",
        "overflow": "SELECT CAST(seq * 1000 AS DECIMAL(3,2)) FROM mallfeed_moving",
        "Value too long": "UPDATE mallfeed_moving SET mall_id = REPEAT('x', 32)",
    }
    for words, statement in spoilt.items():
        sink, data = faulty(tables)
        data.spoil = statement
        with pytest.raises(SinkRefused, match=words):
            sink.load([load("alpha", 1, *ROWS)], 0, held)
    assert tables.sink.cursors(["alpha"]) == {"alpha": None}


def test_a_missing_table_or_right_is_the_warehouses_own_problem(
    tables: WarehouseInRedshift,
) -> None:
    sink, data = faulty(tables)
    data.spoil = "DELETE FROM nowhere"
    with pytest.raises(SinkUnavailable, match='relation "nowhere" does not exist'):
        sink.load([load("alpha", 1, *ROWS)], 0, held)
    with pytest.raises(SinkUnavailable, match="refused a query"):
        tables.sink._data.query("SELECT * FROM nowhere", "token-of-a-broken-query")


def test_loads_at_the_same_time_all_arrive(
    tables: WarehouseInRedshift, services: SinkServices
) -> None:
    sinks = [RedshiftSink(services.data, tables.sink._stage, tables.sink._copy_role_arn)
             for _ in range(4)]  # fmt: skip
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            mall = f"mall{number}"
            sinks[number].load(
                [load(mall, 1, *(upsert(mall, f"p{n}") for n in range(50)))], 0, held
            )
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert faults == []
    assert all(len(tables.prices(f"mall{n}")) == 50 for n in range(4))
    assert len(tables.query("SELECT * FROM mall_state")) == 4


def test_price_history_has_one_row_per_price_with_its_time(tables: WarehouseInRedshift) -> None:
    p1 = lambda price, **other: upsert("alpha", "p1", price, **other)  # noqa: E731
    tables.sink.load([load("alpha", 1, p1(100), upsert("alpha", "p2", 7))], 0, held)
    tables.sink.load([load("alpha", 2, p1(100, title="other words only"))], 0, held)
    tables.sink.load([load("alpha", 3, p1(90))], 0, held)
    tables.sink.load([load("alpha", 4, p1(90, availability="out_of_stock"))], 0, held)
    tables.sink.load([load("alpha", 5, delete("alpha", "p1"))], 0, held)
    tables.sink.load([load("alpha", 6, p1(90, availability=None))], 0, held)
    tables.sink.load([load("alpha", 7, p1(90, availability=None))], 0, held)
    rows = tables.query(
        "SELECT price, availability, valid_from, valid_to FROM product_price_history "
        "WHERE product_id = 'p1' ORDER BY valid_from"
    )
    moment = lambda seq: at(seq).replace(tzinfo=None)  # noqa: E731
    assert [tuple(row.values()) for row in rows] == [
        (100, "in_stock", moment(1), moment(3)),
        (90, "in_stock", moment(3), moment(4)),
        (90, "out_of_stock", moment(4), moment(5)),
        (90, None, moment(6), None),
    ]


def test_repeating_and_reapplying_leave_history_and_feed_rows_alone(
    tables: WarehouseInRedshift,
) -> None:
    first = load("alpha", 1, *ROWS)
    tables.sink.load([first], 0, held)
    names = ("product_price_history", "feed_loads")
    before = [tables.query(f"SELECT * FROM {t} ORDER BY 1, 2") for t in names]
    tables.sink.load([first], 0, held, reapply=True)
    assert [tables.query(f"SELECT * FROM {t} ORDER BY 1, 2") for t in names] == before


def test_a_feeds_row_tells_its_story(tables: WarehouseInRedshift) -> None:
    tables.sink.load([load("alpha", 1, *ROWS)], 0, held)
    (row,) = tables.query("SELECT * FROM feed_loads")
    assert (row["feed_id"], row["mall_id"], row["seq"]) == ("alpha-0000000000000001", "alpha", 1)
    assert row["object_key"] == "feeds/alpha/it's-1\\.csv"
    assert (row["rows_read"], row["loaded"], row["changed"]) == (100, 100, 100)
    assert row["committed_at"] == at(1).replace(tzinfo=None)


def test_throttling_and_lost_connections_of_the_data_api_are_waited_out(
    services: SinkServices,
) -> None:
    slept: list[float] = []
    throttled = ClientError({"Error": {"Code": "ThrottlingException"}}, "ExecuteStatement")
    busy = ClientError({"Error": {"Code": "ActiveStatementsExceededException"}}, "ExecuteStatement")
    faults = iter([throttled, busy, EndpointConnectionError(endpoint_url="http://x")])
    real = services.data._client

    class Client:
        def __getattr__(self, name: str) -> Any:
            def call(**arguments: Any) -> Any:
                with suppress(StopIteration):
                    raise next(faults)
                return getattr(real, name)(**arguments)

            return call

    data = type(services.data)(Client(), services.data.warehouse, sleep=slept.append)
    assert data.query("SELECT 1 AS one", "token-of-this-test") == [[1]]
    assert len(slept) >= 3


def test_a_text_too_long_for_its_column_refuses_the_load(tables: WarehouseInRedshift) -> None:
    with pytest.raises(SinkRefused, match="title is longer than the length defined"):
        tables.sink.load([load("alpha", 1, upsert("alpha", "p1", title="가" * 401))], 0, held)
    assert tables.sink.cursors(["alpha"]) == {"alpha": None}
