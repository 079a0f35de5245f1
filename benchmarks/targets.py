"""The tasks, what is required of each, and whether it was met. Pure: samples in, rows out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.samples import Sample, Samples

Verdict = Literal["met", "missed", "failed", "not measured"]
OURS, CEILING, PEER_A, PEER_B = "ours", "ceiling", "peer_a", "peer_b"
WORKS = (
    "first", "first_100k", "next_day", "other_order", "same_bytes", "big", "small_feeds", "thousand",
)  # fmt: skip
MOST_RUNS = 2


@dataclass(frozen=True)
class Bar:
    """One requirement: the figure, and its maximum; `aim` is what was hoped for."""

    figure: float | None
    most: float
    unit: str
    aim: float | None = None

    @property
    def met(self) -> bool:
        """Whether there is a figure and it is within the bar."""
        return self.figure is not None and self.figure <= self.most

    @property
    def told(self) -> str:
        """The figure."""
        return "–" if self.figure is None else f"{_number(self.figure, self.unit)}{self.unit}"

    @property
    def asked(self) -> str:
        """The bar."""
        aim = "" if self.aim is None else f" (aim {_number(self.aim, self.unit)})"
        return f"≤ {_number(self.most, self.unit)}{self.unit}{aim}"


@dataclass(frozen=True)
class Row:
    """A line of the table: seconds by contestant, the bars, and the verdict."""

    work: str
    title: str
    seconds: dict[str, list[float]]
    bars: tuple[Bar, ...]
    verdict: Verdict
    note: str = ""


def rows(samples: Samples) -> list[Row]:
    """Every task, in the order of the table."""
    return [_row(work, samples) for work in WORKS]


def _row(work: str, samples: Samples) -> Row:
    bars = _BARS[work](samples)
    seconds = {
        who: [one.seconds for one in samples.of(work, who) if one.seconds is not None]
        for who in (OURS, CEILING, PEER_A, PEER_B)
    }
    faults = samples.faults(work)
    verdict = _verdict(bars, measured=bool(samples.of(work, OURS)), faults=faults)
    return Row(work, _title(work, samples.sizes), seconds, bars, verdict, "; ".join(faults[:2]))


def _verdict(bars: tuple[Bar, ...], measured: bool, faults: list[str]) -> Verdict:
    if not measured:
        return "not measured"
    if any(bar.figure is not None and not bar.met for bar in bars):
        return "missed"
    if faults:
        return "failed"
    return "met" if all(bar.met for bar in bars) else "not measured"


def _title(work: str, sizes: dict[str, int]) -> str:
    rows_, hundred, big = sizes["rows"], sizes["hundred"], sizes["big"]
    return {
        "first": f"first load, {rows_:,} products",
        "first_100k": f"first load, {hundred:,} products, beside peer B",
        "next_day": f"next day, {rows_:,} products, 2 % changed",
        "other_order": f"the same {rows_:,} products in another row order",
        "same_bytes": "the same bytes again",
        "big": f"next day, {big:,} against {rows_:,} products",
        "small_feeds": f"{sizes['malls']} feeds of 1,000 rows at once, as many malls",
        "thousand": "1,000 rows, put to searchable, warm stack",
    }[work]


def _ratio(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None or other == 0 else one / other


def _against(samples: Samples, work: str, peer: str, peers_work: str) -> float | None:
    return _ratio(samples.median(work, OURS), samples.median(peers_work, peer))


def _worst(samples: Samples, work: str, name: str) -> float | None:
    found = [one.facts.get(name) for one in samples.of(work, OURS) if one.fault is None]
    figures = [float(figure) for figure in found if figure is not None]
    return max(figures) if figures else None


def _first(samples: Samples) -> tuple[Bar, ...]:
    return (Bar(_against(samples, "first", PEER_A, "first"), 1.0, " × peer A"),)


def _first_100k(samples: Samples) -> tuple[Bar, ...]:
    return (Bar(_against(samples, "first_100k", PEER_B, "first_100k"), 0.7, " × peer B"),)


def _next_day(samples: Samples) -> tuple[Bar, ...]:
    found = _against(samples, "next_day", PEER_A, "next_day")
    return (Bar(found, 1 / 5, " × peer A", aim=1 / 7),)


def _other_order(samples: Samples) -> tuple[Bar, ...]:
    # To peer A it is a day like any other: it does everything again.
    found = _against(samples, "other_order", PEER_A, "next_day")
    written = _worst(samples, "other_order", "documents_written")
    return (Bar(found, 1 / 7, " × peer A", aim=1 / 9), Bar(written, 0, " documents written"))


def _same_bytes(samples: Samples) -> tuple[Bar, ...]:
    return (Bar(_worst(samples, "same_bytes", "glue_runs"), 0, " Glue runs"),)


def _big(samples: Samples) -> tuple[Bar, ...]:
    found = _ratio(samples.median("big", OURS), samples.median("next_day", OURS))
    return (Bar(found, 3.2, " × the time"),)


def _small_feeds(samples: Samples) -> tuple[Bar, ...]:
    return (
        Bar(_worst(samples, "small_feeds", "glue_runs"), MOST_RUNS, " Glue runs"),
        Bar(
            samples.fact("small_feeds", OURS, _share_of_a_run_a_feed(samples)),
            1 / 10,
            " × the DPU-s of one run per feed",
        ),
        Bar(samples.median("small_feeds", OURS), 240, " s"),
    )


def _share_of_a_run_a_feed(samples: Samples):  # type: ignore[no-untyped-def]
    alone = samples.fact("thousand", OURS, lambda one: one.facts.get("dpu_seconds"))
    malls = samples.sizes["malls"]

    def share(one: Sample) -> float | None:
        return _ratio(one.facts.get("dpu_seconds"), None if alone is None else alone * malls)

    return share


def _thousand(samples: Samples) -> tuple[Bar, ...]:
    return (Bar(samples.median("thousand", OURS), 20, " s"),)


_BARS = {
    "first": _first,
    "first_100k": _first_100k,
    "next_day": _next_day,
    "other_order": _other_order,
    "same_bytes": _same_bytes,
    "big": _big,
    "small_feeds": _small_feeds,
    "thousand": _thousand,
}


def _number(figure: float, unit: str) -> str:
    if unit.startswith(" ×"):
        return f"{figure:.3f}" if figure < 1 else f"{figure:.2f}"
    return f"{figure:.1f}" if figure != int(figure) else f"{figure:,.0f}"
