"""The `mallfeed` command."""

from __future__ import annotations

import logging
import sys

import typer

from mallfeed import __version__
from mallfeed.cli import maintain, operate, put, query, report, runs, simulate
from mallfeed.cli.catalog import app as catalog_app
from mallfeed.cli.dead_letters import app as dead_letters_app
from mallfeed.cli.local import app as local_app
from mallfeed.cli.sinks import app as sinks_app
from mallfeed.errors import MallfeedError
from mallfeed.visible import log_to_stderr, show_uncaught

app = typer.Typer(
    help="Partner malls' product feeds, loaded into OpenSearch and Redshift automatically.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(local_app, name="local", help="The local stack: up, down, status, env, tick, logs.")
app.add_typer(
    catalog_app, name="catalog", help="Catalogs: suggest, check, preview, publish, list …"
)
app.command()(put.put)
app.command()(runs.runs)
app.command()(runs.run)
app.command()(runs.rejects)
app.command()(report.report)
app.command()(query.search)
app.command()(query.sql)
app.command()(operate.release)
app.command()(operate.drop)
app.command()(operate.retry)
app.command()(operate.replay)
app.command()(operate.rollback)
app.command()(maintain.maintain)
app.command()(maintain.reindex)
app.command()(simulate.simulate)
app.add_typer(sinks_app, name="sinks", help="Tables and indices of the sinks: bootstrap.")
app.add_typer(dead_letters_app, name="dlq", help="Arrivals that could not be handled.")


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
