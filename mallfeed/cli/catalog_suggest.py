"""`mallfeed catalog suggest`: a first catalog for a feed without a description."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from mallfeed.authoring.lock import read_lock
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.cli.show import CONSOLE, ERRORS, Text, print_json
from mallfeed.cli.target import JsonOption
from mallfeed.product.fields import MALL_ID

if TYPE_CHECKING:
    from mallfeed.authoring.suggest.platform import OnPlatform
    from mallfeed.authoring.suggest.suggest import Suggestion

_COLOURS = {"high": "green", "medium": "yellow", "low": "bold red"}


def suggest(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A feed of the mall.")],
    mall: Annotated[str, typer.Option(help="The mall's id.")],
    folder: Annotated[Path, typer.Option(help="The folder of the catalogs.")] = Path("catalogs"),
    out: Annotated[
        str | None, typer.Option(help="Write the draft here instead; - = standard output.")
    ] = None,
    version: Annotated[
        int | None,
        typer.Option(min=1, help="The catalog's version; default: the next one in the folder."),
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="The shop's address, for relative addresses and handles.")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Who maintains the catalog.")] = None,
    contact: Annotated[str | None, typer.Option(help="The contact at the mall.")] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Overwrite an existing draft; never a locked one."),
    ] = False,
    alone: Annotated[
        bool,
        typer.Option("--alone", help="Draft all of it, even if a platform's header is recognised."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at FILE and write a draft of its catalog, with how sure each line is and why.

    Of a file that a platform in the folder has written, it says only what differs from the platform."""
    if not re.fullmatch(MALL_ID, mall):
        raise typer.BadParameter(f"{mall!r} is no mall id; expected {MALL_ID}")
    from mallfeed.authoring.suggest.draft import Head, draft, draft_on_platform
    from mallfeed.authoring.suggest.platform import on_platform
    from mallfeed.authoring.suggest.suggest import suggest as suggested

    found = suggested(file, base_url)
    number = version or (1 if force or out else _next_version(folder / mall))
    head = Head(mall, number, _since(number), owner, contact, base_url)
    one = None if alone else on_platform(found, platforms_of(folder), base_url)
    text = draft(found, head) if one is None else draft_on_platform(one, head)
    found = found if one is None else one.found
    if out == "-":
        CONSOLE.file.write(text)
        return
    path = Path(out) if out else folder / mall / f"v{number}.yaml"
    _write(path, text, folder, force)
    if as_json:
        print_json(as_data(found, path, text) | {"extends": one and str(one.platform.reference)})
    else:
        _show(found, path, file, one)


def _next_version(folder: Path) -> int:
    there = [int(path.stem[1:]) for path in folder.glob("v*.yaml") if path.stem[1:].isdecimal()]
    return max(there, default=0) + 1


def _since(version: int) -> datetime:
    """The first version is in force from today's midnight, a further one from tomorrow's, in Seoul."""
    today = datetime.now(ZoneInfo("Asia/Seoul")).replace(hour=0, minute=0, second=0, microsecond=0)
    return today if version == 1 else today + timedelta(days=1)


def _write(path: Path, text: str, folder: Path, force: bool) -> None:
    locked = f"{path.parent.name}/{path.name}" in read_lock(folder)
    if path.exists() and (locked or not force):
        why = "is locked: a published version never changes" if locked else "is there already"
        ERRORS.print(f"{path} {why}. Name another --version or --out"
                     f"{'' if locked else ', or --force to overwrite it'}.")  # fmt: skip
        raise typer.Exit(2)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def as_data(found: Suggestion, path: Path, text: str) -> dict[str, Any]:
    """The suggestion for programs."""
    return {
        "draft": str(path),
        "format": found.spec.format,
        "packing": found.packing,
        "records": found.sample.rows,
        "mode": "delta" if found.changes else "full",
        "fields": [
            {
                "field": one.name,
                "from": list(one.sources),
                "options": dict(one.options),
                "confidence": round(one.confidence, 2),
                "level": one.level,
                "why": one.why,
            }
            for one in found.fields
        ],
        "attributes": [column.name for column in found.attributes],
        "left_out": dict(found.left_out),
        "missing": dict(found.missing),
        "yaml": text,
    }


def _show(found: Suggestion, path: Path, file: Path, platform: OnPlatform | None) -> None:
    if platform is not None:
        base = platform.platform.reference
        CONSOLE.print(
            f"The header is that of {base.platform}: the draft extends {base}, and says what differs."
        )
    table = Table("field", "from", "sure", "why", header_style="bold")
    for one in found.fields:
        level = Text(f"{one.level} {one.confidence:.2f}", style=_COLOURS[one.level])
        table.add_row(one.name, Text(", ".join(one.sources)), level, Text(one.why))
    if found.fields:
        CONSOLE.print(table)
    mode = "a delta" if found.changes else "a full feed"
    others = f"; other columns, kept as attributes: {len(found.attributes)}"
    CONSOLE.print(f"{found.sample.rows:,} records of {found.spec.format}, {mode}"
                  f"{others if platform is None else ''}.")  # fmt: skip
    for name, helps in found.missing:
        CONSOLE.print(Text(f"MISSING {name}: {helps}.", style="bold red"))
    CONSOLE.print(f"Draft: {path}", soft_wrap=True, highlight=False)
    if found.missing:
        CONSOLE.print("It cannot be published until what is missing has been added.")
    else:
        CONSOLE.print(f"Next: mallfeed catalog preview {path} --feed {file}", soft_wrap=True,
                      highlight=False)  # fmt: skip
