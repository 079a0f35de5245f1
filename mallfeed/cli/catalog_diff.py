"""`mallfeed catalog diff`: what a new version changes, in words and for the products of a feed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from mallfeed.authoring.diff import Difference, differences
from mallfeed.authoring.folder import read_file
from mallfeed.authoring.platform_files import platforms_of
from mallfeed.catalog.extends import Reference
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import PLATFORMS
from mallfeed.cli.catalog_version import version_number
from mallfeed.cli.preview import files_of, named_feed, show_left_out
from mallfeed.cli.show import CONSOLE, ERRORS, Text, print_json
from mallfeed.cli.target import JsonOption
from mallfeed.wording import nearest

if TYPE_CHECKING:
    from mallfeed.authoring.compare import Compared

_LONGEST = 200


def diff(
    mall: Annotated[str, typer.Argument(help="The mall's id, or a platform's name.")],
    old: Annotated[str, typer.Argument(metavar="OLD", help="A version, as v1.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another one, as v2.")],
    feed: Annotated[
        list[Path] | None,
        typer.Option(
            "--feed", exists=True, help="Compare this feed's products; repeat it for parts."
        ),
    ] = None,
    feed_name: Annotated[
        str | None, typer.Option("--feed-name", help="Which of the catalog's feeds it is.")
    ] = None,
    products: Annotated[int, typer.Option(min=0, help="Differing products shown.")] = 10,
    folder: Annotated[Path, typer.Option(help="The folder of the catalogs.")] = Path("catalogs"),
    as_json: JsonOption = False,
) -> None:
    """Say what NEW changes from OLD; with --feed, which of its products change."""
    before, after = _version(folder, mall, old), _version(folder, mall, new)
    found = differences(before, after)
    compared = _compared(before, after, feed, feed_name) if feed else None
    if as_json:
        print_json(as_data(found, compared, products))
        return
    _show(found, f"{mall} v{before.version} → v{after.version}")
    if compared is not None:
        _show_products(compared, before.version, after.version, products)


def _version(folder: Path, mall: str, name: str) -> Catalog:
    path = folder / mall / f"v{version_number(name)}.yaml"
    if path.exists():
        return read_file(path).catalog
    one, known = Reference(mall, version_number(name)), platforms_of(folder).known()
    is_platform = not (folder / mall).exists() and any(mall == other.platform for other in known)
    if is_platform and one in known:
        return platforms_of(folder).platform(one).catalog
    place = folder / PLATFORMS / mall if is_platform else folder / mall
    ERRORS.print(f"{place / path.name} does not exist; {_there(folder, mall, place)}")
    raise typer.Exit(2)


def _there(folder: Path, mall: str, place: Path) -> str:
    """What there is instead: the versions of the mall or platform, or which name may have been meant."""
    numbers = sorted(int(n) for one in place.glob("v*.yaml") if (n := one.stem[1:]).isdecimal())
    if numbers:
        return f"{mall} has {', '.join(f'v{number}' for number in numbers)} in {place.parent}."
    malls = {one.parent.name for one in folder.glob("*/v*.yaml")}
    meant = nearest(mall, malls | {one.platform for one in platforms_of(folder).known()})
    hint = f"; did you mean `{meant}`?" if meant else "."
    return f"there is no mall or platform {mall} in {folder}{hint}"


def _compared(before: Catalog, after: Catalog, feed: list[Path], feed_name: str | None) -> Compared:
    from mallfeed.authoring.compare import compare

    files = [file for path in feed for file in files_of(path)]
    names = tuple(feed_name or named_feed(one, files[0].name) for one in (before, after))
    for name, catalog in zip(names, (before, after), strict=True):
        if name not in catalog.feeds:
            ERRORS.print(
                f"No feed {name!r} in v{catalog.version}; it has {', '.join(catalog.feeds)}."
            )
            raise typer.Exit(2)
    return compare(before, after, (names[0], names[1]), files)


def as_data(found: list[Difference], compared: Compared | None, products: int) -> dict[str, Any]:
    """The difference for programs."""
    data: dict[str, Any] = {"differences": [asdict(one) for one in found]}
    if compared is not None:
        data["products"] = {
            "held": {
                f"v{v}": {"code": h.code, "message": h.message} for v, h in compared.held.items()
            },
            "same": compared.same,
            "changed": len(compared.changed),
            "by_field": dict(compared.by_field or {}),
            "examples": [asdict(one) for one in compared.changed[:products]],
            "gone": dict(compared.gone),
            "new": dict(compared.new),
            "dropped": {
                f"v{v}": [asdict(one) for one in rules] for v, rules in compared.dropped.items()
            },
        }
    return data


def _show(found: list[Difference], title: str) -> None:
    CONSOLE.print(Text(title, style="bold"))
    if not found:
        CONSOLE.print("Both read feeds in the same way.")
        return
    table = Table("feed", "kind", "what", header_style="bold")
    for one in found:
        style = {"lost": "red", "stricter": "red", "retyped": "yellow"}.get(one.kind, "")
        table.add_row(one.feed or "", Text(one.kind, style=style), Text(one.what))
    CONSOLE.print(table)


def _show_products(compared: Compared, old: int, new: int, products: int) -> None:
    for version, held in compared.held.items():
        CONSOLE.print(Text(f"v{version} would hold this feed: {held.code}", style="bold red"))
        CONSOLE.print(held.message)
    if compared.held:
        return
    CONSOLE.print(
        f"{len(compared.changed):,} products change, {compared.same:,} stay the same; "
        f"{len(compared.gone):,} only with v{old}, {len(compared.new):,} only with v{new}."
    )
    if compared.by_field:
        told = ", ".join(f"{name} in {count:,}" for name, count in compared.by_field.items())
        CONSOLE.print(f"What differs: {told}.")
    shown = [
        (one.product_id, *pair)
        for one in compared.changed[:products]
        for pair in one.fields.items()
    ]
    if shown:
        table = Table("product", "field", f"v{old}", f"v{new}", header_style="bold")
        last = ""
        for product, name, (before, after) in shown:
            table.add_row(
                Text("" if product == last else product), name, _short(before), _short(after)
            )
            last = product
        CONSOLE.print(table)
    for version, gone in ((old, compared.gone), (new, compared.new)):
        for product, why in gone[:products]:
            CONSOLE.print(Text(f"Only with v{version}: {product}: {why}"))

    for version, rules in compared.dropped.items():
        show_left_out(f"left out by a rule of v{version}", rules)


def _short(text: str | None) -> Text:
    if text is None:
        return Text("–", style="dim")
    return Text(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
