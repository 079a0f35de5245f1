"""`make suggest-eval`: how right drafts are, by half of the feeds, and how right they believe to be.

Changes of `suggest` are made by looking at the development half only; the held-out half measures them.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from mallfeed.authoring.suggest.suggest import suggest
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.errors import FeedHeld
from mallfeed.formats.looking import NotAFeed
from tests.suggest_eval.layouts import HALVES, Layout, layouts
from tests.suggest_eval.score import Judged, bands, judged, share, wrongly_sure


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
    halves = {half: evaluated(layouts(half)) for half in HALVES}
    everything = [one for fields in halves.values() for one in fields]
    lines = [line for half, fields in halves.items() for line in _figures(half, fields)]
    if "--faults" in arguments:
        lines += [_fault(one) for one in halves["development"] if one.verdict != "right"]
    sys.stdout.write("\n".join([*lines, "", *calibration(everything)]) + "\n")
    return 0


def _figures(half: str, fields: Sequence[Judged]) -> Iterator[str]:
    drafted = [one for one in fields if one.stated is not None]
    required = [one for one in fields if one.required]
    yield f"{half.replace('_', '-')}: {len({one.feed for one in fields})} feeds"
    yield f"  right of all fields      {share(fields)}"
    yield f"  right of those drafted   {share(drafted)}"
    yield f"  right of those required  {share(required)}"
    yield f"  required, wrong at high  {len(wrongly_sure(fields))}"


def calibration(fields: Sequence[Judged]) -> Iterator[str]:
    """Stated against true confidence, as a table for the documentation."""
    yield "| stated confidence | mean of what was stated | share that was right | fields |"
    yield "|---|---|---|---|"
    for one in bands(fields):
        true = one.true.right / one.true.total
        yield f"| {one.low:.2f} – {one.high:.2f} | {one.stated:.2f} | {true:.2f} | {one.true.total} |"


def _fault(one: Judged) -> str:
    stated = "" if one.stated is None else f" {one.stated:.2f}"
    return f"  {one.feed}: {one.field} {one.verdict}{stated}: {list(one.sources)} for {list(map(list, one.wanted))}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
