"""Small profiles and round figures, so that what must come out can be reckoned by hand."""

from __future__ import annotations

from typing import Any

from mallfeed.plan.limits import Limits
from mallfeed.simulate.figures import Measured, measured, quotas
from mallfeed.simulate.profile import Profile, read_profile
from mallfeed.simulate.simulate import Question, world_of
from mallfeed.simulate.world import World

LIMITS = Limits(max_runs=4, max_workers=20, gather_seconds=10, backoff_seconds=15)

ROUND: dict[str, Any] = {
    "glue_start_s": 20,
    "spark_start_s": 10,
    "csv_split_s_a_mb": 0,
    "csv_rows_a_mb": 1000,
    "spark_core_s_a_1000_rows": 0,
    "feed_core_s": 8,  # 2 s on the 4 cores of one executor
    "merge_core_s_a_1000_products": 0,
    "commit_s": 1,
    "index_docs_a_s_and_vcpu": 100,  # 200 documents a second on 2 × 2 vCPU with one copy
    "index_start_s": 1,
    "warehouse_s": 3,
    "warehouse_s_a_1000_rows": 0,
    "report_s": 1,
    "event_s": 1,
    "lambda_s": 0,
    "ledger_call_s": 0,
}
"""A feed of 1 MB that changes all its rows: 20 + 10 + 2 + 1 + max(1 + 1000 / 200, 3) + 1 = 40 s."""


def round_figures(**changes: Any) -> Measured:
    return measured().model_copy(update={**ROUND, **changes})


def profile(text: str) -> Profile:
    return read_profile(text, "profile.yaml")


NIGHTLY = """
name: nightly
malls:
  - name: all
    share: 1
    feeds:
      - {name: full, a_day: 1, arrives: nightly, at: "02:00", spread_minutes: %s,
         size: {median_mb: 1}, changed: 1, held: %s}
"""


def nightly(spread_minutes: float = 10, held: float = 0) -> Profile:
    return profile(NIGHTLY % (spread_minutes, held))


def ran(known: Profile, malls: int, limits: Limits = LIMITS, **changes: Any) -> World:
    """A world after a day of it."""
    model = changes.pop("model", None) or round_figures()
    world = world_of(Question(known, malls, limits, **changes), model, quotas())
    world.run()
    return world
