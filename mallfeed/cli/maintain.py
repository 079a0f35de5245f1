"""`mallfeed maintain`, `mallfeed reindex`: the maintenance jobs, started and followed by a person."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.table import Table

from mallfeed.aws.clients import client
from mallfeed.cli.malls import require_known
from mallfeed.cli.operate import WhoOption, WhyOption, YesOption, ask, user
from mallfeed.cli.runs import ledger_of
from mallfeed.cli.show import CONSOLE, ERRORS, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.maintain.report import read as read_report
from mallfeed.plan.glue import run_status
from mallfeed.plan.runs import TERMINAL
from mallfeed.settings import Settings

POLL_S = 1.0


def maintain(
    why: WhyOption,
    mall: Annotated[
        list[str] | None, typer.Option("--mall", help="Only this mall (may be repeated).")
    ] = None,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare both sinks with the product table and repair them; without --mall also tidy the table."""
    settings = attach(stack)
    ledger = ledger_of(settings)
    require_known(settings, ledger, *(mall or ()))
    busy = sorted(ledger.open_malls())
    whose = ", ".join(mall) if mall else "all malls"
    ERRORS.print(f"Compares {whose} in OpenSearch and the warehouse; repairs what differs.")
    if not mall:
        ERRORS.print("Compacts the product table, expires what no cursor needs.")
    if busy:
        ERRORS.print(f"Left alone while they load: {', '.join(busy)}")
    ask(yes)
    arguments = {"--malls": ",".join(mall or ()) or "-", "--who": user(who), "--why": why}
    report = _followed(settings, settings.maintain_job_name, arguments)
    if as_json:
        print_json(report)
    else:
        CONSOLE.print(_maintained(report))
    if report["failed"]:
        raise typer.Exit(1)


def reindex(
    why: WhyOption,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the index that served before.")
    ] = False,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build a new index beside the one that serves, and swap the alias; loads go on."""
    settings = attach(stack)
    ERRORS.print(
        "Brings the index that served before up to date and puts the alias back on it."
        if rollback
        else "Builds a new index from the product table, compares each mall, then swaps the alias."
    )
    ask(yes)
    arguments = {"--back": "yes" if rollback else "no", "--who": user(who), "--why": why}
    report = _followed(settings, settings.reindex_job_name, arguments)
    if as_json:
        print_json(report)
    else:
        CONSOLE.print(
            f"The alias points to {report['new']}: {report['products']:,} products of "
            f"{report['malls']} malls. {report['old']} is kept (mallfeed reindex --rollback).",
            highlight=False,
        )


def _followed(settings: Settings, job: str, arguments: dict[str, str]) -> dict[str, Any]:
    """Start the job and wait for its end; its report. Exits with 1 if there is none."""
    glue = client("glue", settings.region)
    run_id = str(glue.start_job_run(JobName=job, Arguments=arguments)["JobRunId"])
    with ERRORS.status(f"{job}, run {run_id}") as status:
        while (state := run_status(glue, job, run_id)) not in TERMINAL:
            status.update(f"{job}, run {run_id}: {state}")
            time.sleep(POLL_S)
    report = read_report(settings.lake_bucket, run_id)
    if report is None:
        ERRORS.print(
            f"Run {run_id} of {job} ended as {state} without a report: see its log "
            "(locally: mallfeed local logs glue).",
            highlight=False,
        )
        raise typer.Exit(1)
    return report


def _maintained(report: dict[str, Any]) -> Table:
    """What was compared and repaired, one row per mall and sink that differed."""
    table = Table(title=f"{report['compared']} comparisons, {report['products']:,} products")
    for column in ("sink", "mall", "products", "missing", "different", "extra", "refused", "stale"):
        table.add_column(column, justify="left" if column in ("sink", "mall") else "right")
    names = ("sink", "mall_id", "products", "missing", "different", "extra", "refused", "stale")
    for one in [*report["mended"], *(r for r in report["refused"] if r["agreed"])]:
        table.add_row(*(str(one[name]) for name in names))
    if not table.rows:
        table.add_row("all agree", *[""] * 7)
    for mall, why in report["skipped"].items():
        table.add_row("left alone", mall, why, *[""] * 5)
    for what, why in report["failed"].items():
        table.add_row("[red]failed[/red]", what, why, *[""] * 5)
    return table
