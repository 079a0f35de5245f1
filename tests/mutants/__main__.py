"""Whether the suite notices hand-made faults: `python -m tests.mutants [--only WORD] [--list]`.

Each fault of mutants.yaml is put into a copy of the checkout; the tests of its group must then fail.
First the groups run on the unchanged copy, so that a red suite does not look like a watchful one.
Prints a table; exit code 1 when a fault survives.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from mallfeed.normalise.jvm import functions_jar
from tests.copied import copy_to
from tests.mutants.faults import Mutant, applied, groups, mutants

ROOT = Path(__file__).resolve().parents[2]
MANY = {"MALLFEED_SCHEDULES": "400", "MALLFEED_MUTATIONS": "150", "MALLFEED_TEXTS": "4000"}
"""How much the tests try that try at random."""
LIMIT_S = 600


def main() -> int:
    """Runs the groups on the unchanged copy, then each fault."""
    options = _options()
    chosen = [one for one in mutants() if options.only in one.name or options.only in one.group]
    if options.list:
        for one in chosen:
            print(f"{one.group:8} {one.file:42} {one.name}")
        return 0
    with tempfile.TemporaryDirectory(prefix="mallfeed-mutants-") as folder:
        copy = copy_to(Path(folder) / "mallfeed")
        jar = functions_jar().relative_to(ROOT)  # built by `make setup`: git does not list it
        shutil.copy2(ROOT / jar, copy / jar)
        for group in sorted({one.group for one in chosen}):
            failed, seconds = _fails(copy, groups()[group])
            print(
                f"{'RED' if failed else 'green':8} {seconds:5.0f} s  unchanged: {group}", flush=True
            )
            if failed:
                print("the unchanged tests fail: mend them first", file=sys.stderr)
                return 2
        survivors = [one for one in chosen if not _killed(copy, one)]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} faults are noticed")
    for one in survivors:
        print(f"survives: {one.name} ({one.file})")
    return 1 if survivors else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--only", default="", help="faults whose name or group holds this")
    parser.add_argument("--list", action="store_true", help="name them, run nothing")
    return parser.parse_args()


def _killed(copy: Path, mutant: Mutant) -> bool:
    place = copy / mutant.file
    before = place.read_text(encoding="utf-8")
    place.write_text(applied(mutant, before), encoding="utf-8")
    try:
        killed, seconds = _fails(copy, groups()[mutant.group])
    finally:
        place.write_text(before, encoding="utf-8")
    print(f"{'killed' if killed else 'SURVIVES':8} {seconds:5.0f} s  {mutant.name}", flush=True)
    return killed


def _fails(copy: Path, tests: Sequence[str]) -> tuple[bool, float]:
    """Whether the tests fail in the copy, and the seconds that took. A hang counts as noticed."""
    python = str(ROOT / ".venv/bin/python")
    start = time.monotonic()
    try:
        done = subprocess.run(
            [python, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests],
            cwd=copy,
            env={**os.environ, **MANY, "PYTHONPATH": str(copy)},
            capture_output=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True, time.monotonic() - start
    if done.returncode not in (0, 1):  # no test was found, or pytest itself fails
        raise RuntimeError(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
    return done.returncode == 1, time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main())
