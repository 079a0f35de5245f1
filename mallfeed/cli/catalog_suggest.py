"""`mallfeed catalog suggest`: a first catalog for a feed without a description."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import asdict
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
from mallfeed.shell import command
from mallfeed.visible import visible_line
from mallfeed.wording import how_many

if TYPE_CHECKING:
    from mallfeed.authoring.local_spark import LocalSpark
    from mallfeed.authoring.suggest.drafted import Drafted
    from mallfeed.catalog.platform import Platforms

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
    trial: Annotated[
        bool,
        typer.Option(
            help="Try the draft on the file's first 5,000 rows, as the job would read them."
        ),
    ] = True,
    alone: Annotated[
        bool,
        typer.Option("--alone", help="Draft all of it, even if a platform's header is recognised."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at FILE and write a draft of its catalog, with how sure each line is and why, tried on FILE itself.

    Of a file that a platform in the folder has written, it says only what differs from the platform."""
    if not re.fullmatch(MALL_ID, mall):
        raise typer.BadParameter(f"{mall!r} is no mall id; expected {MALL_ID}")
    number = version or (1 if force or out else _next_version(folder / mall))
    platforms = None if alone else platforms_of(folder)
    made = _drafted(file, (mall, number, owner, contact, base_url), platforms, trial)
    if out == "-":
        CONSOLE.file.write(made.text)
        return
    path = Path(out) if out else folder / mall / f"v{number}.yaml"
    _write(path, made.text, folder, force)
    if as_json:
        print_json(as_data(made, path))
    else:
        _show(made, path, file)


def _drafted(
    file: Path,
    names: tuple[str, int, str | None, str | None, str | None],
    platforms: Platforms | None,
    trial: bool,
) -> Drafted:
    """The draft, tried on its file unless that is not wanted."""
    mall, number, owner, contact, base_url = names
    with ExitStack() as stack:
        # Java starts while the file is examined.
        local = stack.enter_context(_local_spark()) if trial else None
        from mallfeed.authoring.suggest.draft import Head
        from mallfeed.authoring.suggest.drafted import drafted
        from mallfeed.authoring.suggest.suggest import suggest as suggested

        head = Head(mall, number, _since(number), owner, contact, base_url)
        made = drafted(suggested(file, base_url), head, platforms)
        if local is None:
            return made
        from mallfeed.authoring.suggest.trial import tried

        return tried(made, file, local)


def _local_spark() -> LocalSpark:
    from mallfeed.authoring.local_spark import LocalSpark

    return LocalSpark()


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


def as_data(made: Drafted, path: Path) -> dict[str, Any]:
    """The suggestion for programs."""
    found = made.found
    return {
        "draft": str(path),
        "extends": str(made.extends) if made.extends else None,
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
        "assumed": [asdict(one) for one in made.assumed],
        "trial": asdict(made.trial) if made.trial else None,
        "yaml": made.text,
    }


def _show(made: Drafted, path: Path, file: Path) -> None:
    from mallfeed.authoring.suggest.doubts import doubts
    from mallfeed.authoring.suggest.draft import lacking

    found = made.found
    if made.extends is not None:
        but = lacking(made.platform) if made.platform is not None else ""
        CONSOLE.print(Text(f"The header is that of {made.extends.platform}{but}: "
                           f"the draft extends {made.extends}, and says what differs."))  # fmt: skip
    table = Table("field", "from", "sure", "why", header_style="bold")
    for one in found.fields:
        level = Text(f"{one.level} {one.confidence:.2f}", style=_COLOURS[one.level])
        table.add_row(one.name, Text(", ".join(one.sources)), level, Text(one.why))
    if found.fields:
        CONSOLE.print(table)
    mode = "a delta" if found.changes else "a full feed"
    left = f", left out, as the draft says: {len(found.left_out)}" if found.left_out else ""
    others = f"; other columns, kept as attributes: {len(found.attributes)}{left}"
    CONSOLE.print(f"{how_many(found.sample.rows, 'record')} of {found.spec.format}, {mode}"
                  f"{others if made.extends is None else ''}.")  # fmt: skip
    for name, helps in found.missing:
        CONSOLE.print(Text(f"MISSING {name}: {helps}.", style="bold red"))
    CONSOLE.print("Assumed, to be confirmed with the mall:")
    for taken in made.assumed:
        CONSOLE.print(Text(f"  {taken.what}: {taken.value} ({taken.why})"))
    for name, doubt in doubts(found):
        CONSOLE.print(Text(f"CHECK {name}: {doubt}", style="yellow"))
    if (came := made.trial) is not None:
        CONSOLE.print(Text(came.said(), style="red" if came.held else "green"))
    CONSOLE.print(f"Draft: {visible_line(str(path))}", soft_wrap=True, highlight=False)
    if found.missing:
        CONSOLE.print("It cannot be published until what is missing has been added.")
    else:
        CONSOLE.print(f"Next: {command('mallfeed catalog preview', path, '--feed', file)}",
                      soft_wrap=True, highlight=False)  # fmt: skip
