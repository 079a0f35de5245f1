"""The table of Spark's stages in `mallfeed run RUN --profile`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.table import Table

NO_LOG = "Spark's stages are not known: the run left no event log, or the log has expired."
_WIDE, _WIDEST = 110, 150
"""Widths of a terminal from which more is shown."""
_MOST = 15
_SMALL = 0.02
"""Stages shorter than this share of the run, and all but the _MOST longest, share one row."""

Row = Mapping[str, Any]
_SUMMED = (
    "tasks", "cpu_s", "gc_s", "rows_read", "bytes_read", "shuffle_read_bytes",
    "shuffle_written_bytes", "spilled_bytes", "rows_written", "bytes_written",
)  # fmt: skip


def stages_table(found: Mapping[str, Any], feeds: int, run_s: float, width: int) -> Table:
    """One row per stage in order of their start, then one for the others; empty columns are left out.

    `found` is that of `progress.stages`, `feeds` how many the run worked on, `run_s` its seconds.
    """
    shown, others = _parted(found["stages"], run_s)
    rows = shown + ([_together(others)] if others else [])
    columns = _columns(rows, feeds, width)
    table = Table(
        title="Spark's stages",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for one in columns:
        if one.name in _WORDS:
            table.add_column(one.name, overflow="ellipsis", max_width=_WORDS[one.name])
        else:
            table.add_column(one.name, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*(one.cell(row) for one in columns))
    return table


def _columns(rows: Sequence[Row], feeds: int, width: int) -> list[_Column]:
    """The columns that fit the terminal and are not empty."""
    return [
        one
        for one in _COLUMNS
        if width >= one.from_width
        and (one.always or any(one.cell(row) for row in rows))
        and (one.name != "feed" or feeds > 1)
    ]


def stages_total(found: Mapping[str, Any], run_s: float) -> str:
    """The run in one sentence: how long, how much of it in stages, and what the stages took."""
    gc = f", {found['gc_s']:.1f} s of it garbage collection" if found["gc_s"] >= _SEEN_S else ""
    heap = found["peak_heap_bytes"]
    peak = "" if heap is None else f" The fullest heap held {size(heap)}."
    spilled = found["spilled_bytes"]
    spill = f" {size(spilled)} did not fit in memory and spilled to disk." if spilled else ""
    return (
        f"Of {run_s:.1f} s a stage ran in {found['stage_s']:.1f}, the driver alone in "
        f"{found['driver_s']:.1f}. {found['tasks']:,} tasks took {found['cpu_s']:.1f} s of CPU{gc}."
        f"{peak}{spill}"
    )


def _parted(stages: Sequence[Row], run_s: float) -> tuple[list[Row], list[Row]]:
    """The stages that are shown, by their start, and the others. A single other one is shown as well."""
    longest = sorted(stages, key=lambda one: -one["seconds"])[:_MOST]
    kept = {id(one) for one in longest if one["seconds"] >= _SMALL * run_s or one["failure"]}
    others = [one for one in stages if id(one) not in kept]
    if len(others) == 1:
        return list(stages), []
    return [one for one in stages if id(one) in kept], others


def _together(stages: Sequence[Row]) -> Row:
    sums = {name: sum(one[name] for one in stages) for name in _SUMMED}
    return {
        **sums,
        "step": None,
        "feeds": None,
        "what": f"and {len(stages)} others",
        "call_site": "",
        "failure": None,
        "ended": True,
        "begin_s": None,
        "seconds": sum(one["seconds"] for one in stages),
    }


@dataclass(frozen=True)
class _Column:
    """`always`: even if all its cells are empty; `from_width`: width of the terminal, in columns."""

    name: str
    cell: Callable[[Row], str]
    from_width: int = 0
    always: bool = False


def _what(row: Row) -> str:
    if row["failure"]:
        return f"{row['what']} (failed)"
    return row["what"] if row["ended"] else f"{row['what']} (not ended)"


def _whose(row: Row) -> str:
    """The mall of a feed's id, or how many feeds."""
    feeds = (row["feeds"] or "").split()
    if len(feeds) == 1:
        return feeds[0].rpartition("-")[0]
    return row["feeds"] if feeds[1:] == ["feeds"] else f"{len(feeds)} feeds" if feeds else ""


def _seconds(name: str) -> Callable[[Row], str]:
    return lambda row: "" if (row[name] or 0.0) < _SEEN_S else f"{row[name]:,.1f}"


def _bytes(name: str) -> Callable[[Row], str]:
    return lambda row: size(row[name]) if row[name] else ""


def _count(name: str) -> Callable[[Row], str]:
    return lambda row: f"{row[name]:,}" if row[name] else ""


_SEEN_S = 0.05
"""Anything less would be shown as 0.0."""
_WORDS = {"step": 10, "feed": 12, "what": None, "by": None}
_COLUMNS = (
    _Column("step", lambda row: (row["step"] or "").partition("/")[0], always=True),
    _Column("feed", _whose, _WIDE),
    _Column("what", _what, always=True),
    _Column("by", lambda row: row["call_site"], _WIDEST),
    _Column("at", _seconds("begin_s"), always=True),
    _Column("s", _seconds("seconds"), always=True),
    _Column("tasks", _count("tasks"), _WIDE),
    _Column("cpu s", _seconds("cpu_s")),
    _Column("gc s", _seconds("gc_s"), _WIDE),
    _Column("rows", _count("rows_read")),
    _Column("read", _bytes("bytes_read")),
    _Column("shuf in", _bytes("shuffle_read_bytes"), _WIDE),
    _Column("shuf out", _bytes("shuffle_written_bytes"), _WIDE),
    _Column("spilled", _bytes("spilled_bytes")),
    _Column("rows out", _count("rows_written"), _WIDEST),
    _Column("written", _bytes("bytes_written")),
)


def size(count: float) -> str:
    """Bytes as people say them: `740 B`, `1.9 kB`, `19 MB`."""
    if count < 999.5:  # a value that would be rounded to 1000 is given in the next unit
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB", "TB"):
        count /= 1000
        if count < 999.5 or unit == "TB":
            break
    return f"{count:.1f} {unit}" if count < 9.95 else f"{count:.0f} {unit}"
