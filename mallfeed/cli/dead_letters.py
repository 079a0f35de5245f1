"""`mallfeed dlq list|redrive`: arrivals that no function could handle."""

from __future__ import annotations

import json
from typing import Any

import typer
from rich.table import Table

from mallfeed.arrival import sqs
from mallfeed.aws.clients import client
from mallfeed.cli.operate import WhoOption, WhyOption, YesOption, ask, user
from mallfeed.cli.show import CONSOLE, ERRORS, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.errors import SettingsInvalid
from mallfeed.settings import Settings

app = typer.Typer(help="Arrivals that could not be handled.", no_args_is_help=True)


@app.command("list")
def list_letters(stack: StackOption = None, as_json: JsonOption = False) -> None:
    """List the arrivals in the dead-letter queue; it leaves them there."""
    settings = attach(stack)
    letters = sqs.look_through(client("sqs"), _dead_letters(settings))
    if as_json:
        print_json([letter_row(letter) for letter in letters])
    elif letters:
        CONSOLE.print(letters_table(letters))
    else:
        CONSOLE.print("No dead letters.")


@app.command()
def redrive(
    why: WhyOption,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put all dead letters back into the queue of arrivals, with who and why on each."""
    if not why.strip():
        raise typer.BadParameter("say why: it goes with each message")
    settings = attach(stack)
    source = _dead_letters(settings)
    letters = sqs.look_through(client("sqs"), source)
    if letters:
        ERRORS.print(letters_table(letters))
        ask(yes)
    moved = 0
    note = {"redriven-by": user(who), "redriven-why": why}
    while letters and (batch := sqs.receive(client("sqs"), source)):
        for letter in batch:
            sqs.move(client("sqs"), letter, source, _arrivals(settings), note)
            moved += 1
    if as_json:
        print_json({"moved": moved})
    else:
        CONSOLE.print(f"{moved} moved back to the queue of arrivals.")


def letter_row(letter: dict[str, Any]) -> dict[str, Any]:
    """What is shown of a dead letter: when, which object, whether it was put back before."""
    try:
        event = json.loads(letter["Body"])
        found = event["detail"]["object"]
        key, at = found["key"], event.get("time")
    except (ValueError, KeyError, TypeError):
        key, at = None, None
    noted = {
        name: value["StringValue"] for name, value in letter.get("MessageAttributes", {}).items()
    }
    return {
        "id": letter["MessageId"],
        "at": at,
        "key": key,
        "redriven_by": noted.get("redriven-by"),
        "redriven_why": noted.get("redriven-why"),
        "body": letter["Body"],
    }


def letters_table(letters: list[dict[str, Any]]) -> Table:
    """One row per dead letter."""
    table = Table("id", "at", "key, or how it begins", "put back before by", header_style="bold")
    for letter in letters:
        row = letter_row(letter)
        again = f"{row['redriven_by']}: {row['redriven_why']}" if row["redriven_by"] else "–"
        table.add_row(row["id"], row["at"] or "–", row["key"] or row["body"][:80], again)
    return table


def _arrivals(settings: Settings) -> str:
    if settings.arrivals_queue_url is None:
        raise SettingsInvalid("MALLFEED_ARRIVALS_QUEUE_URL is not set: name the stack")
    return settings.arrivals_queue_url


def _dead_letters(settings: Settings) -> str:
    return sqs.dead_letter_url(client("sqs"), _arrivals(settings))
