"""Four times the bytes cost about four times the work, however they are made to cost more.

Measured as this process's CPU time, the least of three: how long it waits for a busy machine does not count. Nor does the
garbage collector, which goes over what other tests have left in this process, too, whenever a file has many cells.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path

import pytest

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.reading.wanted import Wanted
from tests.unit.feed.hostile import FILES, Hostile

pytestmark = pytest.mark.seconds

TIMES = 4
MOST_GROWTH = 2.0
"""Of the cost by byte. What grows with the square has TIMES here."""
REPEATED = 3


@pytest.mark.parametrize("name", FILES)
def test_what_a_byte_costs_does_not_grow_with_the_file(name: str, tmp_path: Path) -> None:
    file = FILES[name]
    paths = [_written(file, n, tmp_path) for n in (file.size, TIMES * file.size)]
    few, many = (min(_once(file, path) for _ in range(REPEATED)) for path in paths)
    assert many < few * TIMES * MOST_GROWTH, f"{few:.3f} s, then {many:.3f} s"


def _written(file: Hostile, n: int, folder: Path) -> Path:
    path = folder / f"{n}"
    path.write_bytes(file.made(n))
    return path


def _once(file: Hostile, path: Path) -> float:
    """CPU seconds of reading it."""
    wanted = Wanted() if file.wanted is None else Wanted(file.wanted, everything=False)
    gc.collect()
    gc.disable()
    began = time.process_time()
    try:
        out = LocalParts(path.with_suffix(".frame"))
        prepare(LocalFiles([path]), FeedSpec(**file.spec), wanted, out, budget=None)
        held = None
    except FeedHeld as error:
        held = error.code
    finally:
        took = time.process_time() - began
        gc.enable()
    assert held == file.held
    return took
