"""A sink that comes as a package passes the suites of our own, and mallfeed knows nothing of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.settings import Settings
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opening import bootstrap, sinks_of
from mallfeed.sinks.port import Sink
from tests.contract.growth_suite import LATER, GrowthContract
from tests.contract.sink_suite import SinkContract

if TYPE_CHECKING:
    from mallfeed_sqlite.sink import SqliteSink

PACKAGE = Path(__file__).with_name("sqlite_sink")
SETTINGS = Settings(
    feeds_bucket="feeds", lake_bucket="lake", ledger_table="ledger", region="eu-west-1"
)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is where pip would have put it: on the path, with its dist-info."""
    monkeypatch.syspath_prepend(str(PACKAGE))


def context(path: Path) -> SinkContext:
    """A stack that has this sink only."""
    return SinkContext(SETTINGS, {"sinks": "sqlite", "sqlite/path": str(path)})


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(sql).fetchall()
    connection.close()
    return rows


class InFile:
    transactional = True

    def __init__(self, path: Path) -> None:
        self._path = path
        (self.sink,) = sinks_of(context(path))

    def prices(self, mall_id: str) -> dict[str, int]:
        where = f"SELECT product_id, price FROM products WHERE mall_id = '{mall_id}'"
        return {product: int(price) for product, price in query(self._path, where)}


class TestSqliteSink(SinkContract):
    @pytest.fixture
    def twin(self, tmp_path: Path) -> Iterator[InFile]:
        made = InFile(tmp_path / "products.db")
        yield made
        made.sink.close()  # type: ignore[attr-defined]


class GrowingFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: list[SqliteSink] = []
        bootstrap(context(path), "sqlite")

    def bootstrap(self, later: bool = False) -> None:
        self.sink(later)

    def sink(self, later: bool = False) -> Sink:
        from mallfeed_sqlite.schema import connect
        from mallfeed_sqlite.sink import SqliteSink

        fields = (*PRODUCT_FIELDS, LATER) if later else PRODUCT_FIELDS
        self._open.append(SqliteSink(connect(self._path, fields), fields))
        return self._open[-1]

    def values(self, field: str) -> dict[str, Any]:
        return dict(query(self._path, f"SELECT product_id, {field} FROM products"))

    def fields(self) -> set[str]:
        return {row[1] for row in query(self._path, "PRAGMA table_info(products)")}

    def close(self) -> None:
        for sink in self._open:
            sink.close()


class TestSqliteSinkGrows(GrowthContract):
    @pytest.fixture
    def growing(self, tmp_path: Path) -> Iterator[GrowingFile]:
        made = GrowingFile(tmp_path / "products.db")
        yield made
        made.close()
