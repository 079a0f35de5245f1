"""`mallfeed local …`: this checkout's local stack."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from mallfeed.cli.show import CONSOLE
from mallfeed.cli.target import in_checkout
from mallfeed.shell import command, word
from mallfeed.visible import visible

if TYPE_CHECKING:
    from infra.local.stack import Stack

NAME_VARIABLE = "MALLFEED_LOCAL_STACK"

app = typer.Typer(
    help="The local stack: up, down, status, env, tick, permissions, logs.", no_args_is_help=True
)
NameOption = Annotated[
    str, typer.Option("--stack", envvar=NAME_VARIABLE, help="Name of the local stack.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def _stack(name: str, glue_start_s: float | None = None) -> Stack:
    if not in_checkout():
        typer.secho("The local stack needs a checkout of mallfeed: make setup", err=True, fg="red")
        raise typer.Exit(2)
    from infra.local.stack import Stack

    return Stack(name, lambda line: typer.echo(line, err=True), glue_start_s)


def _running(name: str) -> Stack:
    stack = _stack(name)
    if not stack.records:
        typer.secho(
            f"The local stack `{name}` is not running. Start it with: mallfeed local up", err=True
        )
        raise typer.Exit(1)
    return stack


def _exit_on_signal(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


@app.command()
def up(
    name: NameOption = "demo",
    glue_start_s: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="How many seconds a Glue run is STARTING, as on AWS; by default what `mallfeed simulate` assumes (25).",
        ),
    ] = None,
) -> None:
    """Start the stack and deploy template.yaml to it; nothing to do when it runs already."""
    stack = _stack(name, glue_start_s)
    from infra.local.processes import StackError

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit_on_signal)
    try:
        started = stack.up()
    except StackError as error:
        typer.secho(str(error), err=True, fg="red")
        raise typer.Exit(1) from error
    word = "is up" if started else "runs already"
    typer.echo(
        f"stack {name} {word}; its variables: mallfeed local env; to stop: mallfeed local down"
    )
    _say_where(stack)


def _say_where(stack: Stack) -> None:
    """The addresses to open in a browser."""
    if url := stack.environment().get("SEARCH_API_URL"):
        typer.echo(f"shop search: {url}/   search API: {url}/docs")


@app.command()
def down(name: NameOption = "demo") -> None:
    """Stop every process of the stack."""
    ran = _stack(name).down()
    typer.echo(f"stack {name} is down" if ran else f"stack {name} was not running")


@app.command()
def status(name: NameOption = "demo", as_json: JsonOption = False) -> None:
    """The stack's processes; exit code 0 only if all of them are running."""
    stack = _stack(name)
    rows = stack.status()
    if as_json:
        url = stack.environment().get("SEARCH_API_URL")
        told = {"stack": name, "up": stack.is_up(), "search_url": url, "processes": rows}
        typer.echo(json.dumps(told))
    elif not rows:
        typer.echo(f"stack {name} is not running")
    else:
        table = Table(title=f"local stack {name}", title_justify="left")
        for column in ("name", "state", "pid", "port", "log"):
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(str(row[c] or "") for c in ("name", "state", "pid", "port", "log")))
        CONSOLE.print(table)
        _say_where(stack)
    if not stack.is_up():
        raise typer.Exit(1)


@app.command()
def env(name: NameOption = "demo", as_json: JsonOption = False) -> None:
    """Print `export` lines, so that any AWS client, curl and psql work: eval "$(mallfeed local env)"."""
    variables = _running(name).environment()
    if as_json:
        typer.echo(json.dumps(variables))
        return
    for variable, value in variables.items():
        typer.echo(f"export {variable}={word(value)}")


@app.command()
def tick(
    rule: Annotated[
        str | None,
        typer.Argument(help="A rule or trigger (dispatch-timer, nightly); all if left out."),
    ] = None,
    name: NameOption = "demo",
    at: Annotated[
        str | None,
        typer.Option(help="As if it were that time (ISO 8601 with zone): fire what is due then."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fire the stack's timers: scheduled functions are called, scheduled jobs started.

    Says of which malls something is due by then: a sale begins or ends, a product ends.
    """
    stack = _running(name)
    from infra.local.tick import NothingToRing
    from infra.local.tick import tick as ring

    moment = _moment(at)
    due = _due(stack, moment or datetime.now(UTC))
    try:
        rung = ring(stack, rule, moment)
    except NothingToRing as nothing:
        typer.secho(str(nothing), err=True, fg="red")
        raise typer.Exit(1) from nothing
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in rung]))
        return
    for one in rung:
        more = (
            f", run {one.job_run_id}" if one.job_run_id else f" not: {one.why}" if one.why else ""
        )
        typer.echo(f"{one.rule} → {one.starts}{more}")
    for mall_id, when in sorted(due.items()):
        typer.echo(
            f"due: {mall_id} at {when.isoformat()}; {command('mallfeed runs --mall', mall_id)} shows what it changed"
        )


def _due(stack: Stack, until: datetime) -> dict[str, datetime]:
    """Mall → the moment at which something of its products begins or ends, of those that have come by then."""
    from infra.local.deploy import Clients
    from mallfeed.ledger.dynamodb import DynamoLedger

    environment = stack.environment()
    ledger = DynamoLedger(Clients(environment)("dynamodb"), environment["MALLFEED_LEDGER_TABLE"])
    return ledger.moments(until)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"--at {text!r}: expected a time such as 2026-11-24T03:30+09:00"
        ) from error
    if moment.tzinfo is None:
        raise typer.BadParameter(
            f"--at {text!r} has no zone; expected a time such as 2026-11-24T03:30+09:00"
        )
    return moment


@app.command()
def permissions(name: NameOption = "demo", as_json: JsonOption = False) -> None:
    """What the roles of the stack were refused, and what they are granted and have not used; exit code 1 after a refusal.

    Of a stack that is down, as it was at its end.
    """
    asked = _stack(name).asked_of_iam()
    if as_json:
        typer.echo(json.dumps(asked))
    elif not asked:
        typer.echo(f"stack {name} has not run yet")
    for role, told in () if as_json else asked.items():
        typer.secho(role, bold=True)
        typer.echo(f"  {sum(told['calls'].values())} calls of {len(told['calls'])} actions")
        for one in told["unused"]:
            typer.echo(f"  not used: {one['action']} ({one['statement']})")
        for one in told["refused"]:
            message = f"  refused, {one['times']} times: {one['operation']}: {one['message']}"
            typer.secho(message, fg="red")
    if any(told["refused"] for told in asked.values()):
        raise typer.Exit(1)


@app.command()
def logs(
    part: Annotated[str | None, typer.Argument(help="One process; all if left out.")] = None,
    name: NameOption = "demo",
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many lines of each log.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on printing.")] = False,
) -> None:
    """The end of the logs (all in .local/<stack>/logs/)."""
    folder = _stack(name).directory / "logs"
    files = sorted(folder.rglob("*.log")) if part is None else [folder / f"{part}.log"]
    there = [file for file in files if file.exists()]
    if not there:
        typer.secho(f"no such log under {folder}", err=True)
        raise typer.Exit(1)
    if follow:
        _follow(there, lines)
        return
    for file in there:
        _print_tail(file, lines)


def _follow(files: Sequence[Path], lines: int) -> None:
    """What `tail -F` says, until Ctrl-C."""
    command = ["tail", "-n", str(lines), "-F", *map(str, files)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as tail,
        suppress(KeyboardInterrupt),
    ):
        for line in tail.stdout or ():
            typer.echo(visible(line), nl=False)


def _print_tail(file: Path, lines: int) -> None:
    typer.secho(f"==> {file}", bold=True)
    for line in file.read_text("utf-8", "replace").splitlines()[-lines:]:
        typer.echo(visible(line))
