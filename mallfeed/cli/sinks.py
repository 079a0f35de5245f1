"""`mallfeed sinks`: which sinks a stack has, and making or growing what they write to."""

from __future__ import annotations

from typing import Annotated

import typer

from mallfeed.cli.show import CONSOLE
from mallfeed.cli.target import StackOption, attach
from mallfeed.pipeline.parts import stack_parameters
from mallfeed.sinks.context import SinkContext
from mallfeed.sinks.opening import bootstrap as bootstrap_sink
from mallfeed.sinks.opening import names_of

app = typer.Typer(help="Tables and indices of the sinks: bootstrap.", no_args_is_help=True)


@app.command()
def bootstrap(
    sinks: Annotated[
        list[str] | None, typer.Argument(help="Only these; default: all sinks of the stack.")
    ] = None,
    stack: StackOption = None,
) -> None:
    """Make what the stack's sinks write to (tables, index, alias), or add what this release has more.

    What is there stays. A table or index that cannot be brought to this release by adding to it is
    refused before anything is written.
    """
    settings = attach(stack)
    context = SinkContext(settings, stack_parameters(settings))
    for name in sinks or names_of(context):
        bootstrap_sink(context, name)
        CONSOLE.print(f"{name}: ready", highlight=False)
