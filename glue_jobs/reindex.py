"""Glue job reindex: a new index from the table, filled while loads go on, swapped in at once.

`--back yes` brings the index that served before up to date and swaps back to it. The verbs are
`mallfeed.maintain.reindex`. Arguments: `mallfeed.maintain.arguments`, and `back`.
"""

from __future__ import annotations

import logging
import sys
import time

from awsglue.utils import getResolvedOptions

from mallfeed.aws.clients import work_in
from mallfeed.errors import NothingToGoBackTo
from mallfeed.load.session import session
from mallfeed.maintain.arguments import NAMES, parse
from mallfeed.maintain.reindex import reindex
from mallfeed.maintain.report import tell_of_reindex
from mallfeed.pipeline.maintaining import Wired
from mallfeed.visible import log_to_stderr

LOG = logging.getLogger("reindex")
PATIENCE_S = 3600.0
PAUSE_S = 5.0


def main() -> int:
    """Reindex; returns 1 if there is nothing to go back to."""
    log_to_stderr(logging.INFO, "%(asctime)s %(levelname)s %(name)s %(message)s")
    options = getResolvedOptions(sys.argv, ["JOB_NAME", "back", *NAMES])
    arguments = parse(options)
    work_in(arguments.settings.region)
    LOG.info("asked for by %s: %s", arguments.who, arguments.why)
    wired = Wired(session(0), arguments)
    until = time.monotonic() + PATIENCE_S

    def wait() -> bool:
        time.sleep(PAUSE_S)
        return time.monotonic() < until

    try:
        done = reindex(wired.run, wired.indices(), wait, back=options["back"] == "yes")
    except NothingToGoBackTo as nothing:
        LOG.error("%s", nothing)
        return 1
    tell_of_reindex(arguments, done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
