"""The plot: how many feeds wait over the day, and how long, with and without shared runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from mallfeed.simulate.outcome import Outcome

_STYLE: Any = {
    "svg.hashsalt": "mallfeed",  # the same plot is the same file
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "font.size": 9,
}
_COLOURS = {True: "#2f6fde", False: "#c0322b"}
_NAMES = {True: "shared runs", False: "one run per feed"}


def plot(outcomes: Sequence[Outcome], path: Path) -> None:
    """Writes the plot, one row per number of malls, as SVG or PNG according to the file's extension."""
    numbers = sorted({one.malls for one in outcomes})
    with rc_context(_STYLE):
        figure = Figure(figsize=(9, 2.4 * len(numbers) + 0.4), layout="constrained")
        axes = figure.subplots(len(numbers), 2, squeeze=False, width_ratios=(3, 1))
        for row, malls in zip(axes, numbers, strict=True):
            some = [one for one in outcomes if one.malls == malls]
            _queue(row[0], some, malls)
            _waits(row[1], some)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {}, dpi=120)


def _queue(axis: Any, outcomes: Sequence[Outcome], malls: int) -> None:
    for one in sorted(outcomes, key=lambda one: one.grouping):
        hours = [hour for hour, _, _ in one.queue]
        waiting = [waiting for _, waiting, _ in one.queue]
        axis.step(hours, waiting, where="post", color=_COLOURS[one.grouping], linewidth=1,
                  label=_NAMES[one.grouping])  # fmt: skip
    axis.set_title(f"{malls:,} malls: feeds waiting", loc="left")
    axis.set_xlabel("hour of the day (Asia/Seoul)")
    axis.set_xlim(0, max(hour for one in outcomes for hour, _, _ in one.queue))
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)


def _waits(axis: Any, outcomes: Sequence[Outcome]) -> None:
    names = ("p50", "p95", "longest")
    width = 0.8 / len(outcomes)
    for place, one in enumerate(sorted(outcomes, key=lambda one: not one.grouping)):
        waits = [one.waits.p50_s, one.waits.p95_s, one.waits.max_s]
        spots = [spot + place * width for spot in range(len(names))]
        bars = axis.bar(spots, waits, width, color=_COLOURS[one.grouping])
        axis.bar_label(bars, [f"{seconds:,.0f}" for seconds in waits], fontsize=7)
    axis.set_xticks([spot + 0.4 - width / 2 for spot in range(len(names))], names)
    if longest_s := max(one.waits.max_s for one in outcomes):
        axis.set_yscale("log")
        axis.tick_params(axis="y", which="minor", labelleft=False)
        axis.set_ylim(top=2 * longest_s + 1)  # room for the labels
    axis.set_title("arrival to searchable, s", loc="left")
