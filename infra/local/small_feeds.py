"""Whether all feeds of a stack are known to be small, as in the tests: then no Java runs long enough to be worth much compiling."""

from __future__ import annotations

import os

VARIABLE = "MALLFEED_SMALL_FEEDS"
"""Set (to anything) where no feed is large."""
FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1"
"""A Glue run of a few products takes 15 s of CPU with it and 24 s without; one of 1,000,000 wants both compilers."""


def small_feeds() -> bool:
    """As said by whoever starts the stack."""
    return VARIABLE in os.environ
