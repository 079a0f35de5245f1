"""`mallfeed simulate`: what a day of this many malls would cost, and how long their feeds would wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.progress import Progress
from rich.table import Table

from mallfeed.cli.show import CONSOLE, ERRORS, print_json
from mallfeed.cli.target import JsonOption
from mallfeed.plan.limits import Limits
from mallfeed.simulate import show
from mallfeed.simulate.figures import measured, prices
from mallfeed.simulate.outcome import Outcome
from mallfeed.simulate.profile import BUNDLED, Profile, bundled_profile, read_profile_file
from mallfeed.simulate.simulate import Question
from mallfeed.simulate.simulate import simulate as simulated


class Grouping(StrEnum):
    """Which ways of planning are simulated."""

    both = "both"
    on = "on"
    off = "off"


def simulate(
    malls: Annotated[
        list[int] | None, typer.Option(min=1, max=100_000, help="How many; repeat it to compare.")
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE",
            help=f"Who sends what and when: {' or '.join(BUNDLED)}, or a file as mallfeed/simulate/default_profile.yaml is one.",
        ),
    ] = BUNDLED[0],
    days: Annotated[float, typer.Option(min=0.01, max=31, help="Simulated days.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same result.")] = 1,
    grouping: Annotated[
        Grouping, typer.Option(help="Feeds that share runs, one run per feed, or both.")
    ] = Grouping.both,
    ten_times: Annotated[
        bool,
        typer.Option(
            "--ten-times", help="Also ten times the largest number of malls: what breaks first."
        ),
    ] = False,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            "--limit", metavar="NAME=NUMBER", help="A limit of dispatch; repeat it for more."
        ),
    ] = None,
    then: Annotated[
        list[str] | None,
        typer.Option(
            "--then", metavar="NAME=NUMBER", help="Ten times once more, with these limits."
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write the plot: FILE.svg or FILE.png.")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Renew the tables in this Markdown file."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Simulate days of many malls with the real dispatch: runs, DPU-hours, dollars, waiting times."""
    if plot is not None and plot.suffix not in (".svg", ".png"):
        raise typer.BadParameter(f"{plot}: expected FILE.svg or FILE.png", param_hint="--plot")
    if plot is not None:  # what it needs may not be installed: say so before anything is simulated
        from mallfeed.simulate.plot import plot as plotted
    if then and not ten_times:
        raise typer.BadParameter("expected with --ten-times only", param_hint="--then")
    known = _profile(profile)
    limits = limits_of(known.dispatch_limits(), limit or [], "--limit")
    raised = limits_of(limits, then or [], "--then")
    numbers = sorted(set(malls or [100, 1000]))
    ways = [way for way in (True, False) if grouping != (Grouping.off if way else Grouping.on)]
    asked = [Question(known, n, limits, days, seed, way) for n in numbers for way in ways]
    more = [Question(known, 10 * numbers[-1], limits, days, seed, ways[0])] if ten_times else []
    more += [replace(one, limits=raised, note="other limits") for one in more if then]
    answers = answered([*asked, *more])
    day, tenfold = answers[: len(asked)], answers[len(asked) :]
    if plot is not None:
        plotted(day, plot)
    if into is not None and not show.put_into(into, document(day, tenfold)):
        raise typer.BadParameter(f"{into} lacks {show.BEGIN} … {show.END}", param_hint="--into")
    if as_json:
        print_json([one.as_data() for one in answers])
    else:
        _print(known, limits, day, tenfold)


def _profile(name: str) -> Profile:
    """The profile of that name, or in that file; exits with 2 if there is neither."""
    if name in BUNDLED:
        return bundled_profile(name)
    if not Path(name).is_file():
        expected = f"expected {', '.join(BUNDLED)}, or a file"
        raise typer.BadParameter(f"`{name}` is no file; {expected}", param_hint="--profile")
    return read_profile_file(Path(name))


def limits_of(limits: Limits, given: Sequence[str], option: str) -> Limits:
    """The limits with those given on the command line; exits with 2 if one of them does not exist."""
    values: dict[str, int | str] = {**limits.numbers()}
    for text in given:
        name, _, number = text.partition("=")
        if name not in values:
            raise typer.BadParameter(
                f"`{text}`; expected NAME=NUMBER, NAME one of {', '.join(values)}",
                param_hint=option,
            )
        values[name] = number
    try:
        return Limits.model_validate(values)
    except ValidationError as error:
        told = "; ".join(f"{one['loc'][0]}={one['input']}: {one['msg']}" for one in error.errors())
        raise typer.BadParameter(told, param_hint=option) from error


def answered(questions: Sequence[Question]) -> list[Outcome]:
    """All of them, with a progress bar on a terminal."""
    answers = []
    with Progress(console=ERRORS, transient=True) as bar:
        for question in questions:
            way = "shared runs" if question.grouping else "one run per feed"
            told = f"{show.malls(question.malls)}, {way} {question.note}"
            task = bar.add_task(told, total=1.0)
            answers.append(simulated(question, lambda done, task=task: _told(bar, task, done)))  # type: ignore[misc]
            bar.update(task, completed=1.0)
    return answers


def _told(bar: Progress, task: object, done: float) -> None:
    bar.update(task, completed=done)  # type: ignore[arg-type]


def document(day: Sequence[Outcome], tenfold: Sequence[Outcome]) -> str:
    """What docs/capacity.md has between its marks."""
    text = "\n" + show.markdown(show.head(day), show.rows(day))
    text += (
        f"\n{show.about_prices(prices())} Durations: measured.yaml of {measured().measured_on}.\n\n"
    )
    shared = [*_first_ways(day), *tenfold]
    text += show.markdown(show.use_head(shared), show.use_rows(shared)) + "\n"
    if tenfold:
        text += show.markdown(show.head(tenfold), show.rows(tenfold)) + "\n"
    return text


def _first_ways(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.grouping == outcomes[0].grouping]


def _print(
    profile: Profile, limits: Limits, day: Sequence[Outcome], tenfold: Sequence[Outcome]
) -> None:
    every = [*day, *tenfold]
    CONSOLE.print(
        _table(f"{profile.name}, {day[0].days:g} day(s)", show.head(every), show.rows(every))
    )
    shared = [*_first_ways(day), *tenfold]
    CONSOLE.print(_table("at the busiest", show.use_head(shared), show.use_rows(shared)))
    told = ", ".join(f"{name} {value}" for name, value in limits.numbers().items())
    CONSOLE.print(f"Limits: {told}.", highlight=False)
    CONSOLE.print(show.about_prices(prices()), highlight=False)


def _table(title: str, heading: show.Cells, body: Sequence[show.Cells]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for place, name in enumerate(heading):
        table.add_column(name, justify="right" if place else "left")
    for cells in body:
        table.add_row(*cells)
    return table
