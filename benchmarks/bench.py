"""Ours against two peers and the machine's ceiling, on the local stack: `make bench`.

    python benchmarks/bench.py [--rows 1000000] [--rounds 3] [--only WORK …] [--skip WORK …]
        [--malls 200] [--out FILE.json] [--out FILE.md]

Makes its feeds, loads them as each contestant does, compares every sink with the feed, and prints one
table, all of it measured in this run. The samples are written after each measurement (build/bench.json,
and each --out). 0 = every bar that was measured is met. docs/benchmarks.md explains what is measured,
and how.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import blocks, table, targets
from benchmarks.machine import this_machine
from benchmarks.samples import CONSOLE, Samples, say
from infra.local.glue_conf import MEMORY_VARIABLE
from infra.paths import CHECKOUT, cache_dir

RESULTS = CHECKOUT / "build" / "bench.json"
_HUNDRED = 100_000
_BIG = 3


def main() -> int:
    """0 = all bars met, 1 = one was missed or could not be measured."""
    given = _arguments()
    os.environ.setdefault(MEMORY_VARIABLE, "2g")
    sizes = blocks.Sizes(given.rows, min(_HUNDRED, given.rows), _BIG * given.rows, given.malls)
    wanted = [work for work in given.only or targets.WORKS if work not in given.skip]
    samples = Samples(this_machine(), asdict(sizes))
    samples.changed = lambda now: _write(now, [RESULTS, *given.out])
    say(samples.machine.told)
    place = cache_dir() / "bench"
    place.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=place, prefix="run-") as scratch:
            _measure(blocks.Bench(sizes, wanted, samples, Path(scratch)), given.rounds)
    except KeyboardInterrupt:
        say("interrupted: the measurements so far follow")
    return _told(samples, wanted)


def _measure(bench: blocks.Bench, rounds: int) -> None:
    for number in range(1, rounds + 1):
        blocks.main_block(bench, number)
        blocks.hundred_block(bench, number)
        blocks.small_block(bench, number)
    blocks.big_block(bench, rounds)


def _told(samples: Samples, wanted: list[str]) -> int:
    rows = [row for row in targets.rows(samples) if row.work in wanted]
    CONSOLE.print(table.shown(rows))
    CONSOLE.print(samples.machine.told, highlight=False)
    for row in rows:
        if row.note:
            CONSOLE.print(f"{row.title}: {row.note}", markup=False, highlight=False)
        _why(samples, row)
    say(f"all samples: {RESULTS.relative_to(CHECKOUT)}")
    return 0 if rows and all(row.verdict == "met" for row in rows) else 1


def _why(samples: Samples, row: targets.Row) -> None:
    """For a missed bar: where the time of its last round went."""
    told = [one.facts.get("profile") for one in samples.of(row.work, targets.OURS)]
    if row.verdict == "missed" and told and told[-1]:
        CONSOLE.print(f"{row.title}: the last round's profile", style="bold")
        CONSOLE.print(told[-1], markup=False, highlight=False)


def _write(samples: Samples, files: list[Path]) -> None:
    for file in files:
        if file.suffix == ".md":
            measured = [row for row in targets.rows(samples) if row.verdict != "not measured"]
            table.put_into(file, table.markdown(measured, samples))
        else:
            samples.write(file)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/bench.py", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="products of the large feeds")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds; the median counts")
    parser.add_argument("--malls", type=int, default=200, help="small feeds put at once")
    parser.add_argument("--only", nargs="+", choices=targets.WORKS, help="just these works")
    parser.add_argument("--skip", nargs="+", choices=targets.WORKS, default=[], help="not these")
    parser.add_argument(
        "--out",
        type=Path,
        action="append",
        default=[],
        help="table (.md, between its marks) or JSON",
    )
    given = parser.parse_args()
    if given.rows < 1_000 or given.rows % 1_000:
        parser.error(f"--rows {given.rows}: expected thousands, so that 0.1 % is a whole number")
    if given.rounds < 1 or given.malls < 1:
        parser.error("--rounds and --malls: expected at least 1")
    return given


if __name__ == "__main__":
    sys.exit(main())
