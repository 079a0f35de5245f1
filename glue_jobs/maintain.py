"""Glue job maintain: sinks compared with the table and mended, tables compacted, old snapshots gone.

lock a mall → bring it up → compare → mend, mall by mall; then compact → expire → clean → tell. The
verbs are `mallfeed.maintain`. Arguments: `mallfeed.maintain.arguments`.
"""

from __future__ import annotations

import logging
import sys

from awsglue.utils import getResolvedOptions

from mallfeed.aws.clients import work_in
from mallfeed.load.session import session
from mallfeed.load.wiring import now
from mallfeed.maintain.arguments import NAMES, parse
from mallfeed.maintain.maintain import maintain
from mallfeed.maintain.tidy import tidy
from mallfeed.maintain.told import tell
from mallfeed.maintain.wiring import Wired, safe_expiry

LOG = logging.getLogger("maintain")


def main() -> int:
    """Maintain; 1 when a sink or a mall could not be looked at (the alarm on failed runs tells)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    arguments = parse(getResolvedOptions(sys.argv, ["JOB_NAME", *NAMES]))
    work_in(arguments.settings.region)
    LOG.info("asked for by %s: %s", arguments.who, arguments.why)
    spark = session(0)
    wired = Wired(spark, arguments)
    outcome = maintain(wired.run, arguments.malls)
    before = None if arguments.malls else safe_expiry(wired)
    tables: dict[str, dict[str, int]] = {}
    if before is not None:
        try:
            tables = tidy(spark, arguments.settings.database, before, now())
        except Exception as error:  # what was mended is told all the same
            LOG.exception("the tables were not tidied")
            outcome.failed["tidy"] = str(error).splitlines()[0][:500]
    report = tell(arguments, outcome, tables)
    LOG.info("maintained: %s", {key: report[key] for key in ("compared", "mended", "failed")})
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    sys.exit(main())
