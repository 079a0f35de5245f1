"""The measurements: one sample per contestant, task and round, saved as soon as it exists."""

from __future__ import annotations

import json
import statistics
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.machine import Machine

Facts = dict[str, Any]
Saved = Callable[["Samples"], None]
_SAY_EACH_S = 20.0
CONSOLE = Console(width=None if sys.stdout.isatty() else 160)


@dataclass(frozen=True)
class Sample:
    """Seconds of one try, or why it has none; `facts` are other observations."""

    work: str
    who: str
    round: int
    seconds: float | None
    facts: Facts = field(default_factory=dict)
    fault: str | None = None


@dataclass
class Samples:
    """All samples of a run, what it ran on and with; `changed` is called after each."""

    machine: Machine
    sizes: dict[str, int]
    all: list[Sample] = field(default_factory=list)
    changed: Saved = lambda _: None

    def of(self, work: str, who: str) -> list[Sample]:
        """In the order of the rounds."""
        return [one for one in self.all if (one.work, one.who) == (work, who)]

    def median(self, work: str, who: str) -> float | None:
        """Median of the seconds; None if no try has any, or one loaded wrong data."""
        return self.fact(work, who, lambda one: one.seconds)

    def fact(self, work: str, who: str, of: Callable[[Sample], float | None]) -> float | None:
        """Median of any figure over the rounds; None if a round lacks it."""
        found = [of(one) for one in self.of(work, who) if one.fault is None]
        figures = [figure for figure in found if figure is not None]
        if not figures or len(figures) < len(self.of(work, who)):
            return None
        return statistics.median(figures)

    def faults(self, work: str) -> list[str]:
        """What went wrong with it, by whom."""
        return [f"{one.who}: {one.fault}" for one in self.all if one.work == work and one.fault]

    def measure(
        self, work: str, who: str, number: int, tried: Callable[[], tuple[float, Facts]]
    ) -> Sample:
        """Do it and save the sample; a failure is saved too, and never ends the run."""
        say(f"round {number}: {who}, {work} …")
        try:
            seconds, facts = tried()
            sample = Sample(work, who, number, round(seconds, 2), facts)
            say(f"round {number}: {who}, {work}: {seconds:.1f} s")
        except Exception as error:
            traceback.print_exc()
            sample = Sample(work, who, number, None, {}, f"{type(error).__name__}: {error}"[:500])
            say(f"round {number}: {who}, {work}: {sample.fault}")
        self.keep(sample)
        return sample

    def keep(self, sample: Sample) -> None:
        """Add it and save."""
        self.all.append(sample)
        self.changed(self)

    def write(self, path: Path) -> None:
        """As JSON, in one step."""
        whole = {
            "machine": asdict(self.machine),
            "sizes": self.sizes,
            "samples": [asdict(one) for one in self.all],
        }
        draft = path.with_name(f"{path.name}.new")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(whole, ensure_ascii=False, indent=1, default=str), "utf-8")
        draft.replace(path)


def say(line: str) -> None:
    """A line with the time."""
    CONSOLE.print(f"{time.strftime('%H:%M:%S')} {line}", highlight=False, markup=False)


def now_and_then() -> Callable[[str], None]:
    """`say` that is silent for a while after each line: for what waits in a loop."""
    last = time.monotonic()

    def told(line: str) -> None:
        nonlocal last
        if time.monotonic() - last > _SAY_EACH_S:
            last = time.monotonic()
            say(f"  … {line}")

    return told
