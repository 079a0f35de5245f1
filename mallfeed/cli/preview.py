"""`mallfeed catalog preview`: what becomes of a feed with a catalog, without AWS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from mallfeed.authoring.folder import read_file
from mallfeed.catalog.model import Catalog
from mallfeed.cli.show import CONSOLE, ERRORS, Text, print_json
from mallfeed.cli.target import JsonOption
from mallfeed.errors import FeedHeld

if TYPE_CHECKING:
    from mallfeed.authoring.preview import LeftOut, Preview, Told


def preview(
    catalog_file: Annotated[Path, typer.Argument(metavar="CATALOG", exists=True, dir_okay=False)],
    feed: Annotated[
        list[Path],
        typer.Option("--feed", exists=True, help="The feed's file; repeat it for parts."),
    ],
    rows: Annotated[int, typer.Option(min=0, max=100, help="Good rows shown.")] = 3,
    feed_name: Annotated[
        str | None, typer.Option("--feed-name", help="Which of the catalog's feeds it is.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what becomes of a feed with a catalog, on this machine; exits with 1 if it would be held."""
    catalog = read_file(catalog_file).catalog
    files = [file for path in feed for file in files_of(path)]
    name = feed_name or named_feed(catalog, files[0].name if files else "")
    if name not in catalog.feeds:
        ERRORS.print(f"No feed {name!r} in the catalog; it has {', '.join(catalog.feeds)}.")
        raise typer.Exit(2)
    from mallfeed.authoring.local_spark import LocalSpark

    try:
        with LocalSpark() as local:  # while Java starts, the rest is imported
            from mallfeed.authoring.preview import preview as previewed

            seen = previewed(catalog, name, files, rows, local)
    except FeedHeld as held:
        if as_json:
            print_json({"held": {"code": held.code, "message": held.message}})
        else:
            CONSOLE.print(Text(f"This feed would be held: {held.code}", style="bold red"))
            CONSOLE.print(held.message)
        raise typer.Exit(1) from None
    if as_json:
        print_json(as_data(seen))
    else:
        _show(seen, f"{catalog.mall} v{catalog.version}, feed {name}")
    if seen.held is not None:
        raise typer.Exit(1)


def files_of(path: Path) -> list[Path]:
    """The file itself, or a folder's files by name without markers."""
    if path.is_dir():
        return sorted(p for p in path.iterdir() if p.is_file() and p.name[0] not in "._")
    return [path]


def named_feed(catalog: Catalog, file_name: str) -> str:
    """The catalog's only feed, or the one that the file's name belongs to."""
    if len(catalog.feeds) == 1:
        return next(iter(catalog.feeds))
    found = catalog.feed_for_key(file_name)
    if found is None:
        ERRORS.print(f"{file_name} matches no feed's key_pattern; name one of "
                     f"{', '.join(catalog.feeds)} with --feed-name.")  # fmt: skip
        raise typer.Exit(2)
    return found


def as_data(seen: Preview) -> dict[str, Any]:
    """The preview for programs."""
    held = seen.held and {"code": seen.held.code, "message": seen.held.message}
    return {
        "counts": seen.counts.model_dump(exclude={"reject_codes", "warning_codes"}),
        "facts": dict(seen.facts),
        "rows": [{"row": row, "cells": [asdict(one) for one in cells]} for row, cells in seen.rows],
        "rejects": [asdict(one) for one in seen.rejects],
        "warnings": [asdict(one) for one in seen.warnings],
        "dropped": [asdict(one) for one in seen.dropped],
        "held": held,
    }


_OF_CHANGES = (
    "(Rows of this delta change what they name of products that the shop has, one after the other. Here each product "
    "exists, and only what the rows say of it is known: the last row of an id shows what all of them make of it, the "
    "others are counted as duplicates. Which products the shop lacks (product_unknown) shows when the feed is loaded.)"
)


_OF_SUPPLEMENTS = (
    "(A supplement adds these values to products of other feeds. Which of them the shop has, and what they say themselves, "
    "shows when the feed is loaded.)"
)


def _show(seen: Preview, title: str) -> None:
    counts = seen.counts
    CONSOLE.print(Text(title, style="bold"))
    for row, cells in seen.rows:
        table = _table(f"row {row}", "field", "column", "as sent", "becomes")
        for cell in cells:
            table.add_row(cell.field, *(_short(t) for t in (cell.source, cell.raw, cell.canonical)))
        CONSOLE.print(table)
    _show_told("rejected", seen.rejects)
    _show_told("warnings", seen.warnings)
    show_left_out("left out by a rule", seen.dropped)
    CONSOLE.print(
        f"{counts.rows_read:,} rows read: {counts.accepted:,} accepted, {counts.rejected:,} rejected, "
        f"{counts.duplicates:,} duplicates, {counts.dropped:,} left out, {counts.deletes:,} deletes; "
        f"{counts.warnings:,} warnings."
    )
    for what, told in (("Separator", "separator"), ("Left out as a footer", "footer")):
        if told in seen.facts:
            CONSOLE.print(Text(f"{what}: {seen.facts[told]}"))
    if seen.held is None:
        CONSOLE.print(Text("Guards: the feed would load.", style="green"))
        CONSOLE.print("(Vanished products are not checked here, because nothing published is compared.)",
                      style="dim")  # fmt: skip
        if seen.merges:
            CONSOLE.print(_OF_SUPPLEMENTS if seen.adds else _OF_CHANGES, style="dim")
    else:
        CONSOLE.print(Text(f"Guards: the feed would be held, {seen.held.code}", style="bold red"))
        CONSOLE.print(seen.held.message)


def _show_told(title: str, told: Sequence[Told]) -> None:
    if not told:
        return
    table = _table(title, "code", "field", "rows", "row", "example")
    for one in told:
        for i, (row, text) in enumerate(one.examples):
            head = (one.code, one.field, f"{one.count:,}") if i == 0 else ("", "", "")
            table.add_row(*head, row, _short(text))
    CONSOLE.print(table)


def show_left_out(title: str, dropped: Sequence[LeftOut]) -> None:
    """The rules of a catalog's `rows`, with the first rows that each leaves out."""
    if not dropped:
        return
    table = _table(title, "rule", "rows", "row", "product", "title")
    for one in dropped:
        for i, (row, product, name) in enumerate(one.examples or (("–", None, None),)):
            head = (one.rule, f"{one.count:,}") if i == 0 else ("", "")
            table.add_row(*head, row, _short(product), _short(name))
    CONSOLE.print(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _short(text: str | None) -> Text:
    if text is None:
        return Text("–", style="dim")
    return Text(text if len(text) <= 200 else f"{text[:200]}…")
