"""The table: on the terminal, as Markdown, and replacing the one in a document."""

from __future__ import annotations

import statistics
from pathlib import Path

from rich.table import Table

from benchmarks.samples import Samples
from benchmarks.targets import CEILING, OURS, PEER_A, PEER_B, Row

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
_HEAD = ("work", "ours", "ceiling", "peer A", "peer B", "measured", "bar", "")
_MARKS = {"met": "met", "missed": "MISSED", "failed": "FAILED", "not measured": "not measured"}
_COLOURS = {"met": "green", "missed": "red", "failed": "red", "not measured": "dim"}


def shown(rows: list[Row]) -> Table:
    """For the terminal."""
    table = Table(*_HEAD, header_style="bold", title="seconds: median (least–most)")
    for row in rows:
        colour = _COLOURS[row.verdict]
        *cells, verdict = _cells(row, "\n")
        table.add_row(*cells, f"[{colour}]{verdict}[/{colour}]")
    return table


def markdown(rows: list[Row], samples: Samples) -> str:
    """For a document: the table, and the machine it was measured on."""
    lines = [" | ".join(("", *_HEAD, "")).strip(), "|" + "---|" * len(_HEAD)]
    lines += ["| " + " | ".join(_cells(row, "<br>")) + " |" for row in rows]
    faults = [f"- {row.title}: {row.note}" for row in rows if row.note]
    rounds = max((one.round for one in samples.all), default=0)
    about = f"Seconds: median (least–most) of {rounds} rounds. {samples.machine.told}."
    return "\n".join([*lines, "", about, *([""] if faults else []), *faults]) + "\n"


def put_into(path: Path, text: str) -> None:
    """Replace what is between the marks of the file; a file without marks becomes the text."""
    before = path.read_text("utf-8") if path.exists() else ""
    if BEGIN in before and END in before:
        head, _, rest = before.partition(BEGIN)
        tail = rest.partition(END)[2]
        text = f"{head}{BEGIN}\n\n{text}\n{END}{tail}"
    path.write_text(text, "utf-8")


def _cells(row: Row, joint: str) -> tuple[str, ...]:
    seconds = [_seconds(row.seconds.get(who, [])) for who in (OURS, CEILING, PEER_A, PEER_B)]
    measured = joint.join(bar.told for bar in row.bars)
    return (
        row.title,
        *seconds,
        measured,
        joint.join(bar.asked for bar in row.bars),
        _MARKS[row.verdict],
    )


def _seconds(found: list[float]) -> str:
    if not found:
        return "–"
    middle = statistics.median(found)
    spread = f" ({min(found):.1f}–{max(found):.1f})" if len(found) > 1 else ""
    return f"{middle:.1f}{spread}"
