"""Both sinks load from Spark frames: small ones from the driver, large ones from the executors."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from psycopg.rows import dict_row

from infra.paths import CHECKOUT
from mallfeed.sinks.opensearch.document import document
from tests.contract.sink_twins import IndexInOpenSearch, WarehouseInRedshift
from tests.contract.sinks_on_spark import FULL, MANY
from tests.sink_services import SinkServices

pytestmark = [pytest.mark.sinks, pytest.mark.spark]


@pytest.fixture(scope="module")
def index(services: SinkServices) -> Iterator[IndexInOpenSearch]:
    made = IndexInOpenSearch(services)
    yield made
    made.close()


@pytest.fixture(scope="module")
def found(services: SinkServices, index: IndexInOpenSearch) -> dict[str, object]:
    """What the job printed; its own error output when it failed."""
    WarehouseInRedshift(services)  # empties the tables
    where = [
        services.opensearch.endpoint,
        index.index,
        services.aws_url,
        services.redshift_data_url,
    ]
    job = subprocess.run(
        [sys.executable, "-m", "tests.contract.sinks_on_spark", *where],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert job.returncode == 0, job.stderr[-4000:]
    answer: dict[str, object] = json.loads(job.stdout.splitlines()[-1])
    assert answer["same_documents"], job.stderr[-4000:]
    assert answer["same_rows"]
    return answer


def test_both_sinks_report_the_same(found: dict[str, object]) -> None:
    expected = [
        [{"many": MANY, "small": 1}, {}, {}],
        [{"many": MANY - 10}, {"many": 10}, {}],
        [{}, {}, {}],
    ]
    assert found["results"] == [expected, expected]


def test_the_index_holds_the_document_of_the_row(
    found: dict[str, object], index: IndexInOpenSearch
) -> None:
    held = index.client.get(index=index.index, id="small:p1")
    assert held["_source"] == json.loads(json.dumps(document(FULL)))
    assert held["_version"] == 1
    assert index.client.count(index=index.index, q="mall_id:many")["count"] == MANY - 10


def test_the_warehouse_holds_the_row_with_its_types(
    found: dict[str, object], services: SinkServices
) -> None:
    with psycopg.connect(services.dsn, row_factory=dict_row) as connection:
        row = connection.execute("SELECT * FROM products WHERE mall_id = 'small'").fetchone()
        states = connection.execute("SELECT mall_id, seq FROM mall_state ORDER BY 1").fetchall()
        many = connection.execute("SELECT count(*) AS n FROM products").fetchone()
    assert row is not None
    expected = {k: v for k, v in FULL.items() if k not in ("op", "mall_updated_at")}
    assert {k: row[k] for k in expected} == expected
    assert row["mall_updated_at"] == FULL["mall_updated_at"].replace(tzinfo=None)
    assert (row["seq"], row["list_price"]) == (1, Decimal("15000.50"))
    assert states == [{"mall_id": "many", "seq": 3}, {"mall_id": "small", "seq": 1}]
    assert many == {"n": MANY - 10 + 1}
