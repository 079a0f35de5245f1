"""Glue job load_feeds: loads the feeds of one plan.

claim → read → check → normalise → validate → guard → commit → load the sinks → report; the verbs
themselves are `mallfeed.load.run_plan`. Arguments: `mallfeed.load.arguments`.
"""

from __future__ import annotations

import logging
import sys

from awsglue.utils import getResolvedOptions

from mallfeed.aws.clients import work_in
from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.identity import mall_of
from mallfeed.load.arguments import NAMES, parse, read_plan
from mallfeed.load.event_log import event_log_folder, event_log_settings
from mallfeed.load.run_plan import run_plan
from mallfeed.load.session import session
from mallfeed.maintain.debts import compact_debts
from mallfeed.pipeline.loading import loading, preparing_of, watched
from mallfeed.pipeline.parts import ledger_of, now
from mallfeed.plan.sizing import rows_megabytes
from mallfeed.progress.steps import SESSION
from mallfeed.visible import log_to_stderr

LOG = logging.getLogger("load_feeds")


def main() -> int:
    """Load the plan; returns 1 if a feed could not be finished (the dispatcher plans it again)."""
    log_to_stderr(logging.INFO, "%(asctime)s %(levelname)s %(name)s %(message)s")
    arguments = parse(getResolvedOptions(sys.argv, list(NAMES)))
    work_in(arguments.settings.region)
    plan_id, feed_ids = read_plan(arguments.plan_uri)
    endings = Endings()
    ledger = ledger_of(arguments.settings, endings)
    claims = ClaimedFeeds(ledger, plan_id, arguments.job_run_id, now)
    # The very first act: a second run of the same plan ends here, before it pays for Spark.
    claimed = [feed for feed in claims.claim_all(feed_ids).values() if feed is not None]
    if not claimed:
        LOG.info("plan %s: this run may take nothing in it", plan_id)
        return 0
    plan = ledger.plan(plan_id)
    assert plan is not None, "its feeds have just been claimed"
    event_log = event_log_folder()
    with watched(arguments, plan, event_log) as watch:
        for feed in claimed:
            watch.claimed(feed)
        preparing = preparing_of(arguments.settings, watch)
        with preparing.ahead(claimed):  # reading needs no Spark, which takes seconds to start
            with watch.step(SESSION, [feed.feed_id for feed in claimed]):
                rows_mb = sum(map(rows_megabytes, claimed))
                spark = session(rows_mb, event_log_settings(event_log))
            ports = loading(spark, arguments, claims, ledger, watch, plan.dpus, preparing, endings)
            outcome = run_plan(feed_ids, ports)
    LOG.info("plan %s: %s", plan_id, outcome)
    # What has been loaded is served; small changes leave small files behind.
    malls = [mall_of(feed_id) for feed_id in outcome.loaded]
    compacted = compact_debts(
        spark, arguments.settings.database, malls, lambda mall: mall in ledger.open_malls()
    )
    if compacted:
        LOG.info("plan %s: compacted, files fewer to read: %s", plan_id, compacted)
    return 1 if outcome.unfinished else 0


if __name__ == "__main__":
    sys.exit(main())
