"""Glue job maintain: sinks compared with the table and repaired, tables compacted, snapshots expired.

lock a mall → catch up → compare → repair, mall by mall; then compact → expire → clean → report. The
verbs are `mallfeed.maintain`. Arguments: `mallfeed.maintain.arguments`.
"""

from __future__ import annotations

import logging
import sys

from awsglue.utils import getResolvedOptions

from mallfeed.aws.clients import work_in
from mallfeed.load.session import session
from mallfeed.maintain.arguments import NAMES, parse
from mallfeed.maintain.maintain import maintain
from mallfeed.maintain.report import tell
from mallfeed.pipeline.maintaining import Wired, tidied
from mallfeed.visible import log_to_stderr

LOG = logging.getLogger("maintain")


def main() -> int:
    """Run maintenance; returns 1 if a sink, a mall or the tables could not be checked (two alarms report it)."""
    log_to_stderr(logging.INFO, "%(asctime)s %(levelname)s %(name)s %(message)s")
    arguments = parse(getResolvedOptions(sys.argv, ["JOB_NAME", *NAMES]))
    work_in(arguments.settings.region)
    LOG.info("asked for by %s: %s", arguments.who, arguments.why)
    wired = Wired(session(0), arguments)
    outcome = maintain(wired.run, arguments.malls)
    tables = {} if arguments.malls else tidied(wired, outcome)
    report = tell(arguments, outcome, tables)
    LOG.info("maintained: %s", {key: report[key] for key in ("compared", "mended", "failed")})
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    sys.exit(main())
