"""Whether all feeds of a stack are known to be small, as in the tests: then one Java serves Glue run after Glue run, and
OpenSearch has too little to do to be worth much compiling."""

from __future__ import annotations

import os

VARIABLE = "MALLFEED_SMALL_FEEDS"
"""Set (to anything) where no feed is large."""
FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1"
"""For OpenSearch, which takes a third less CPU with it; an index of 1,000,000 products wants both compilers."""


def small_feeds() -> bool:
    """As said by whoever starts the stack."""
    return VARIABLE in os.environ
