"""`mallfeed rates`: the rates by which a stack compares prices in several currencies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from mallfeed.aws.clients import client
from mallfeed.aws.ssm import put_parameter
from mallfeed.cli.show import CONSOLE, ERRORS, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.errors import SettingsInvalid
from mallfeed.pipeline.parts import now
from mallfeed.pipeline.queries import rates_of
from mallfeed.search import rates_file

app = typer.Typer(help="Rates by which prices in several currencies compare.", no_args_is_help=True)
_AHEAD = timedelta(days=1)
"""The day of the rates may be tomorrow's: it is that already in some zones."""


@app.command()
def put(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML or JSON.")],
    stack: StackOption = None,
) -> None:
    """Check a file of rates and store it for the stack; searches compare by it within a minute."""
    rates = rates_file.read(file.read_text("utf-8"), str(file))
    today = now().date()
    if rates.as_of and rates.as_of > today + _AHEAD:
        raise SettingsInvalid(
            f"{file}: as_of is {rates.as_of}, and today is {today}: rates are of a day that has come"
        )
    settings = attach(stack)
    name = f"{settings.parameter_prefix}/{rates_file.PARAMETER}"
    put_parameter(client("ssm"), name, rates_file.written(rates))
    CONSOLE.print(
        f"{name}: {len(rates.rates)} rates of {rates.as_of} to {rates.to}", highlight=False
    )


@app.command()
def show(stack: StackOption = None, as_json: JsonOption = False) -> None:
    """The rates that are stored for the stack."""
    rates = rates_of(attach(stack))
    if as_json:
        each = {code: float(rate) for code, rate in sorted(rates.rates.items())}
        print_json({"as_of": rates.as_of and str(rates.as_of), "to": rates.to, "rates": each})
        return
    if rates.as_of is None:
        ERRORS.print(
            f"No rates are stored: only prices in {rates.to} compare. Store some with `mallfeed rates put FILE`.",
            highlight=False,
        )
        return
    table = Table(
        "currency", rates.to, title=f"rates of {rates.as_of}", title_justify="left",
        header_style="bold",
    )  # fmt: skip
    for code, rate in sorted(rates.rates.items()):
        table.add_row(code, f"{rate:f}")
    CONSOLE.print(table)
