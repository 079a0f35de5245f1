"""`mallfeed report`: the report that a mall gets of a feed, in the terminal, as a page, JSON or CSV."""

from __future__ import annotations

import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.table import Table

from mallfeed.cli.runs import RunArgument, find, ledger_of
from mallfeed.cli.show import CONSOLE, ERRORS, STATE_STYLE, Text, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.product.codes import CODES
from mallfeed.report import words
from mallfeed.report.html import html
from mallfeed.report.read import read_report
from mallfeed.report.spreadsheet import csv_bytes

EXAMPLES = 3
"""Rows shown per code; the page shows more."""

_COUNTS = (
    "rows_read",
    "accepted",
    "changed",
    "vanished",
    "rejected",
    "duplicates",
    "dropped",
    "warnings",
)
_OF_SUPPLEMENTS = ("given", "waiting", "taken_back")


def report(
    run: RunArgument,
    open_it: Annotated[bool, typer.Option("--open", help="Show the page in a browser.")] = False,
    page: Annotated[Path | None, typer.Option("--html", help="Write the page to FILE.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the rows to FILE.")] = None,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the report that the mall gets of a feed: what happened, what to correct, and how."""
    found = _found(run, stack)
    if open_it and page is None:
        page = Path(tempfile.mkdtemp(prefix="mallfeed-report-")) / "report.html"
    if page is not None:
        page.write_text(html(found), encoding="utf-8")
        ERRORS.print(f"The page is in {page}.", highlight=False)
    if csv is not None:
        csv.write_bytes(csv_bytes(found))
        ERRORS.print(f"The rows are in {csv}.", highlight=False)
    if open_it and page is not None:
        webbrowser.open(page.absolute().as_uri())
    if as_json:
        print_json(found)
    elif page is None and csv is None:
        CONSOLE.print(summary(found))


def summary(found: dict[str, Any]) -> Group:
    """The report for a terminal."""
    state = str(found["state"])
    head = Text.assemble(
        (f"{state}  ", STATE_STYLE.get(state, "")), f"{found['mall']}  {found['run']}\n",
        f"{words.outcome(found)[1]}\n",
    )  # fmt: skip
    if state != "LOADED" and (why := words.reason(found)):
        head.append(f"Why: {why[1]} ({found['code']})\n")
        head.append(f"{found.get('message') or ''}\n", style="dim")
    head.append(f"Next: {words.next_step(found)[1]}\n", style="bold")
    numbers = _numbers(found["counts"])
    return Group(head, numbers, *_problems(found), *_left_out(found["counts"]))


def _numbers(counts: dict[str, Any]) -> Table:
    table = Table(box=None, header_style="bold")
    shown = list(_COUNTS)
    if counts.get("given") or counts.get("given_before"):  # a supplement deletes nothing
        shown = [name for name in _COUNTS if name != "vanished"]
        shown[3:3] = _OF_SUPPLEMENTS
    for name in shown:
        table.add_column(name.replace("_", " "), justify="right")
    table.add_row(*(f"{counts.get(name, 0):,}" for name in shown))  # older reports lack some
    return table


def _left_out(counts: dict[str, Any]) -> list[Text]:
    """The rules that left rows out; reports of an earlier release know none."""
    rules: dict[str, int] = counts.get("drop_rules") or {}
    told = []
    for rule, count in sorted(rules.items(), key=lambda one: (-one[1], one[0])):
        text = Text("\n")
        text.append(f"{count:>9,} left out  ", "dim")
        text.append(rule, style="bold")
        told.append(text)
    return told


def _problems(found: dict[str, Any]) -> list[Text]:
    told = []
    for kind, counted in (("rejects", "reject_codes"), ("warnings", "warning_codes")):
        counts: dict[str, int] = found["counts"][counted]
        for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
            examples = [one for one in found[kind] if one["code"] == code][:EXAMPLES]
            told.append(_problem(code, count, kind == "rejects", examples))
    return told


def _problem(code: str, count: int, refused: bool, examples: list[dict[str, Any]]) -> Text:
    known = CODES.get(code)
    text = Text("\n")
    text.append(
        f"{count:>9,} {'rejected' if refused else 'warned'}  ", "red" if refused else "yellow"
    )
    text.append(code, style="bold")
    if known is not None:
        text.append(f"\n          {known.meaning_en} {known.todo_en}")
    for one in examples:
        text.append(f"\n          row {one['row']}: {one['value'] or '–'}"[:160], style="dim")
    return text


def _found(run: str, stack: str | None) -> dict[str, Any]:
    settings = attach(stack)
    feed = find(ledger_of(settings), run)
    found = read_report(settings.lake_bucket, feed.mall_id, feed.feed_id)
    if found is None:
        ERRORS.print(f"{feed.feed_id} is {feed.state}: it has no report yet.")
        raise typer.Exit(1)
    return found
