"""What modules of the local stack share: the way of feeds into it, and the stories of malls, which share their runs."""

from __future__ import annotations

import pytest

from tests.local.stories import Ends
from tests.local.walk import MALLS, Way
from tests.local_parts import Parts


@pytest.fixture(scope="session")
def way(stack: Parts) -> Way:
    """The way of feeds into the session's stack, with the catalogs of the tests' malls."""
    way = Way(stack)
    way.mallfeed("catalog", "publish", "--folder", str(MALLS))
    return way


@pytest.fixture(scope="session")
def ends(way: Way) -> Ends:
    """All stories that were collected, played."""
    return Ends(way)
