"""The `mallfeed` command."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import ClassVar

import typer

from mallfeed import __version__
from mallfeed.cli.lazily import LazyGroup
from mallfeed.errors import MallfeedError
from mallfeed.visible import log_to_stderr, show_uncaught


class Commands(LazyGroup):
    """All commands of `mallfeed`."""

    places: ClassVar[Mapping[str, str]] = {
        "put": "mallfeed.cli.put:put",
        "runs": "mallfeed.cli.runs:runs",
        "run": "mallfeed.cli.runs:run",
        "rejects": "mallfeed.cli.runs:rejects",
        "report": "mallfeed.cli.report:report",
        "search": "mallfeed.cli.query:search",
        "sql": "mallfeed.cli.query:sql",
        "release": "mallfeed.cli.operate:release",
        "drop": "mallfeed.cli.operate:drop",
        "retry": "mallfeed.cli.operate:retry",
        "replay": "mallfeed.cli.operate:replay",
        "rollback": "mallfeed.cli.operate:rollback",
        "maintain": "mallfeed.cli.maintain:maintain",
        "reindex": "mallfeed.cli.maintain:reindex",
        "simulate": "mallfeed.cli.simulate:simulate",
        "local": "mallfeed.cli.local:app",
        "catalog": "mallfeed.cli.catalog:app",
        "sinks": "mallfeed.cli.sinks:app",
        "dlq": "mallfeed.cli.dead_letters:app",
        "slice": "mallfeed.cli.slices:app",
        "rates": "mallfeed.cli.rates:app",
    }


app = typer.Typer(
    cls=Commands,
    help="Partner malls' product feeds, loaded into OpenSearch and Redshift automatically.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def of_all() -> None:
    """Without it, typer would take the only command that it sees here for all there is."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command; a known error is printed as one line, not as a stack trace."""
    log_to_stderr(logging.WARNING, "%(message)s")
    show_uncaught()
    try:
        app()
    except MallfeedError as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(1)


if __name__ == "__main__":
    main()
