"""Writes the sample feeds and, from how their faults are seeded, the expected outcome.

`python -m sample_feeds.make` writes every file again; the same bytes each time. The expectations are
computed here, from the rows that were made good or bad on purpose: the pipeline is not involved.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sample_feeds import malls
from sample_feeds.mall import Mall

HERE = Path(__file__).parent


def all_malls() -> list[Mall]:
    """The sample malls, in the order in which they are shown."""
    return [make() for make in malls.ALL]


def write(folder: Path) -> None:
    """Write each mall's files and its expected.yaml under `folder`."""
    for mall in all_malls():
        mall.write(folder / mall.mall_id)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=HERE)
    write(parser.parse_args().into)
