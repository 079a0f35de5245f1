"""Dollars per day of a simulated world, by service."""

from __future__ import annotations

from collections.abc import Iterable

from mallfeed.simulate.figures import Prices
from mallfeed.simulate.shared_resources import HOUR_S
from mallfeed.simulate.world import World

DAYS_PER_MONTH = 30
WAREHOUSE_LEAST_S = 60.0
"""Redshift Serverless bills by the second, with a minimum of one minute."""


def dollars_a_day(world: World, prices: Prices) -> dict[str, float]:
    """Service → dollars per day.

    Glue, Lambda and DynamoDB are charged as used, OpenSearch around the clock, and Redshift Serverless
    while it loads (analysts' queries would come on top).
    """
    measured, days, products = world.measured, world.days, sum(world.products.values())
    return {
        "Glue": _glue(world, prices) / days,
        "Lambda": _lambda(world, prices) / days,
        "DynamoDB": (
            world.ledger.write_units * prices.dynamodb_million_writes.usd
            + world.ledger.read_units * prices.dynamodb_million_reads.usd
        )
        / 1_000_000
        / days,
        "OpenSearch": measured.index_nodes(products) * 24 * prices.index_node_hour.usd
        + measured.index_gb(products) * prices.index_gb_month.usd / DAYS_PER_MONTH,
        "Redshift": billed_s(world.services.warehouse.spans)
        / HOUR_S
        * measured.warehouse_rpu
        * prices.warehouse_rpu_hour.usd
        / days,
    }


def _glue(world: World, prices: Prices) -> float:
    return sum(
        run.billed_dpu_s(world.env.now)
        / HOUR_S
        * (prices.glue_flex_dpu_hour if run.plan.flex else prices.glue_dpu_hour).usd
        for run in world.glue.runs.values()
    )


def _lambda(world: World, prices: Prices) -> float:
    lambdas = world.lambdas
    gb_seconds = lambdas.seconds * world.measured.lambda_gb
    requests = lambdas.invocations / 1_000_000 * prices.lambda_million_requests.usd
    return gb_seconds * prices.lambda_gb_second.usd + requests


def billed_s(spans: Iterable[tuple[float, float]]) -> float:
    """Billed seconds: at least one minute per span; seconds in which spans overlap count once."""
    total, until_s = 0.0, float("-inf")
    for begin_s, end_s in sorted(spans):
        end_s = max(end_s, begin_s + WAREHOUSE_LEAST_S)
        total += max(0.0, end_s - max(begin_s, until_s))
        until_s = max(until_s, end_s)
    return total
