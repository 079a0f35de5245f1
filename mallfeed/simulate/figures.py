"""The figures of a simulation, from dated files: durations, prices and quotas."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from mallfeed.ledger.model import FeedRecord
from mallfeed.plan.sizing import megabytes, rows_megabytes, weight_of


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measured(_Frozen):
    """The content of measured.yaml, where each figure has its source."""

    measured_on: str
    machine: str
    glue_start_s: float
    spark_start_s: float
    cores_a_worker: int
    feeds_side_by_side: int
    csv_split_s_a_mb: float
    csv_rows_a_mb: float
    spark_core_s_a_1000_rows: float
    feed_core_s: float
    merge_core_s_a_1000_products: float
    commit_s: float
    index_docs_a_s_and_vcpu: float
    index_start_s: float
    warehouse_s: float
    warehouse_s_a_1000_rows: float
    report_s: float
    event_s: float
    lambda_s: float
    ledger_call_s: float
    lambda_gb: float
    arrivals_at_once: int
    batch: int
    item_kb: float
    item_copies: int
    index_least_nodes: int
    index_gb_a_node: float
    index_vcpu_a_node: int
    index_replicas: int
    index_shards: int
    index_gb_a_million: float
    warehouse_rpu: int

    def rows(self, feed: FeedRecord) -> float:
        """The number of products in the feed."""
        return rows_megabytes(feed) * self.csv_rows_a_mb

    def split_s(self, feed: FeedRecord) -> float:
        """Seconds of staging on the driver, on one core."""
        return megabytes(feed) * weight_of(feed.format).splitting * self.csv_split_s_a_mb

    def stage_core_s(self, feed: FeedRecord) -> float:
        """Core seconds of staging on the executors."""
        return self.feed_core_s + self.rows(feed) / 1000 * self.spark_core_s_a_1000_rows

    def index_gb(self, products: float) -> float:
        """Gigabytes of an index with this many products, including replicas."""
        return products / 1_000_000 * self.index_gb_a_million * (1 + self.index_replicas)

    def index_nodes(self, products: float) -> int:
        """Data nodes of a domain with this many products."""
        return max(self.index_least_nodes, ceil(self.index_gb(products) / self.index_gb_a_node))

    def index_docs_a_s(self, products: float) -> float:
        """Documents per second that a domain with this many products accepts.

        Only nodes with a shard take part, and each document is written once per copy.
        """
        copies = 1 + self.index_replicas
        nodes = min(self.index_nodes(products), self.index_shards * copies)
        return nodes * self.index_vcpu_a_node * self.index_docs_a_s_and_vcpu / copies


class Price(_Frozen):
    """What AWS charges for one unit, in the region `of`."""

    usd: float
    of: str
    source: str


class Prices(_Frozen):
    """The content of prices.yaml."""

    seen_on: str
    region: str
    glue_dpu_hour: Price
    glue_flex_dpu_hour: Price
    lambda_gb_second: Price
    lambda_million_requests: Price
    dynamodb_million_writes: Price
    dynamodb_million_reads: Price
    index_node_hour: Price
    index_gb_month: Price
    warehouse_rpu_hour: Price


class Quota(_Frozen):
    """An upper limit, and its source."""

    most: float
    of: str
    source: str


class Quotas(_Frozen):
    """The content of quotas.yaml."""

    seen_on: str
    glue_runs: Quota
    glue_dpus: Quota
    lambdas: Quota
    ledger_writes_a_s: Quota
    shard_gb: Quota
    dispatch_s: Quota
    arrived_s: Quota


@cache
def measured() -> Measured:
    """The figures of measured.yaml."""
    return Measured.model_validate(_yaml("measured.yaml"))


@cache
def prices() -> Prices:
    """The prices of prices.yaml."""
    return Prices.model_validate(_yaml("prices.yaml"))


@cache
def quotas() -> Quotas:
    """The quotas of quotas.yaml."""
    return Quotas.model_validate(_yaml("quotas.yaml"))


def _yaml(name: str) -> Any:
    text = files("mallfeed.simulate").joinpath(name).read_text("utf-8")
    return YAML(typ="safe", pure=True).load(text)
