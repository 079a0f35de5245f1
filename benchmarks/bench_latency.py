"""What somebody who writes a catalog waits for: suggest and preview of 10,000 rows, with a Java of their own and with a kept one.

    make bench-latency        [LATENCY="--rows 10000 --rounds 3"]

Each figure is a whole command, from its start to its end, as a person has it: `cold` starts Java and ends it
(MALLFEED_KEEP_JAVA=0), `first` starts the Java that is kept, `warm` finds it. CPU seconds are those of the command's
own process; Java's are not among them. The exit code is 1 if a bar is missed. The bars hold for a machine that does
nothing else.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.feed_files import feed_file
from benchmarks.feeds import Shop
from benchmarks.machine import this_machine
from mallfeed.authoring.kept_java import VARIABLE
from tests.catalog_command import end_java

MALLFEED = (sys.executable, "-m", "mallfeed.cli.main", "catalog")


@dataclass(frozen=True)
class Task:
    """One kind of command, and the seconds that it may take; None = for comparison only."""

    name: str
    arguments: tuple[str, ...]
    keep: str
    bar_s: float | None = None


def tasks(feed: str, catalog: str) -> Iterator[Task]:
    """In the order in which a round runs them."""
    preview = ("preview", catalog, "--feed", feed)
    suggest = ("suggest", feed, "--mall", "bench", "--out", "draft.yaml", "--force")
    yield Task("suggest, no trial", (*suggest, "--no-trial"), "0")
    yield Task("suggest, cold", suggest, "0", 5.0)
    yield Task("preview, cold", preview, "0", 8.0)
    yield Task("preview, first", preview, "10")
    yield Task("preview, warm", preview, "10", 3.0)
    yield Task("suggest, warm", suggest, "10", 5.0)


def main() -> int:
    """Run all rounds, print the table; 1 if a bar is missed."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=3)
    options = asked.parse_args()
    measured: dict[Task, list[tuple[float, float]]] = {}
    console = Console()
    with tempfile.TemporaryDirectory(prefix="mallfeed-latency-") as scratch:
        folder = Path(scratch)
        feed = str(feed_file(Shop(options.rows), "first", folder=folder).path)
        _run(folder, ("suggest", feed, "--mall", "bench", "--out", "v1.yaml"), "0")
        for round_ in range(1, options.rounds + 1):
            for task in tasks(feed, "v1.yaml"):
                measured.setdefault(task, []).append(_run(folder, task.arguments, task.keep))
                console.print(f"round {round_}: {task.name}: {measured[task][-1][0]:.1f} s")
            end_java(folder)
    missed = [one for one, found in measured.items() if one.bar_s and _median(found) > one.bar_s]
    console.print(_table(measured, f"{options.rows:,} rows; {this_machine().told}"))
    return 1 if missed else 0


def _run(folder: Path, arguments: tuple[str, ...], keep: str) -> tuple[float, float]:
    """Seconds of a command, and CPU seconds of its own process."""
    environment: Mapping[str, str] = {**os.environ, VARIABLE: keep, "XDG_RUNTIME_DIR": str(folder)}
    before, begun = _cpu(), time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run([*MALLFEED, *arguments], cwd=folder, env=environment, stdout=quiet, check=True)
    return time.perf_counter() - begun, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _median(found: list[tuple[float, float]]) -> float:
    return statistics.median(seconds for seconds, _ in found)


def _table(measured: Mapping[Task, list[tuple[float, float]]], title: str) -> Table:
    table = Table("command", "seconds", "least–most", "CPU", "bar", "", title=title)
    for task, found in measured.items():
        seconds = sorted(seconds for seconds, _ in found)
        met = task.bar_s is None or _median(found) <= task.bar_s
        table.add_row(
            task.name,
            f"{_median(found):.1f}",
            f"{seconds[0]:.1f}–{seconds[-1]:.1f}",
            f"{statistics.median(cpu for _, cpu in found):.1f}",
            f"≤ {task.bar_s:g}" if task.bar_s else "",
            "" if task.bar_s is None else "met" if met else "MISSED",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
