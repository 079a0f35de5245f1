"""Glue job load_feeds: loads the feeds of one plan.

claim → read → check → normalise → validate → guard → commit → load the sinks → report; the verbs
themselves are `mallfeed.load.run_plan`. Arguments: `mallfeed.load.arguments`.
"""

from __future__ import annotations

import logging
import sys

from awsglue.utils import getResolvedOptions

from mallfeed.load.arguments import NAMES, parse, read_plan
from mallfeed.load.run_plan import run_plan
from mallfeed.load.session import session
from mallfeed.load.wiring import ledger_of, loading

LOG = logging.getLogger("load_feeds")


def main() -> int:
    """Load the plan; 1 when a feed could not be brought to an end (the dispatcher takes it up)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    arguments = parse(getResolvedOptions(sys.argv, list(NAMES)))
    plan_id, feed_ids = read_plan(arguments.plan_uri)
    ledger = ledger_of(arguments.settings)
    feeds = [ledger.feed(feed_id) for feed_id in feed_ids]
    spark = session(sum(feed.size_bytes for feed in feeds if feed is not None))
    outcome = run_plan(feed_ids, loading(spark, arguments, plan_id, ledger))
    LOG.info("plan %s: %s", plan_id, outcome)
    return 1 if outcome.unfinished else 0


if __name__ == "__main__":
    sys.exit(main())
