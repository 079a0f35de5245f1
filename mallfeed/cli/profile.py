"""`mallfeed run RUN --profile`: which step of its Glue run took how long, when, and whose time it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from mallfeed.aws.clients import client
from mallfeed.cli.show import CONSOLE, ERRORS, print_json
from mallfeed.ledger.model import FeedRecord
from mallfeed.progress.steps import Span, own_seconds, step_seconds, wall_seconds
from mallfeed.progress.tellers import spans_of, steps_key
from mallfeed.settings import Settings

_BESIDE = 64
"""Columns of a terminal that the figures take; the time line has what is left, at most _LONGEST."""
_LONGEST = 60
_SHORTEST = 12


def show_profile(settings: Settings, feed: FeedRecord, as_json: bool) -> None:
    """Print the profile of the feed's last Glue run; exits with 1 where there is none."""
    body = _steps(settings, feed)
    if body is None:
        ERRORS.print(
            f"No profile of {feed.feed_id} ({feed.state}): no Glue run has told of its steps yet, or "
            "its file has expired. `mallfeed run` tells the feed's story."
        )
        raise typer.Exit(1)
    found = profile(spans_of(body), feed.feed_id)
    if as_json:
        print_json({"run": feed.feed_id, "job_run_id": body["job_run_id"], **found})
        return
    table = Table("step", title=f"Glue run {body['job_run_id']}", title_justify="left")
    for name in ("begins", "ends", "seconds", "this feed's"):
        table.add_column(name, justify="right")
    table.add_column("when")
    width = max(_SHORTEST, min(_LONGEST, CONSOLE.width - _BESIDE))
    for one in found["steps"]:
        table.add_row(
            one["step"],
            *(f"{one[name]:.1f}" for name in ("begin_s", "end_s", "seconds", "own_s")),
            Text(_bar(one["spans"], found["until_s"], width), style="cyan", no_wrap=True),
        )
    CONSOLE.print(table)
    CONSOLE.print(
        f"Feeds in the run: {found['feeds']}. {found['wall_s']:.1f} of its {found['until_s']:.1f} s "
        f"were work, {found['own_s']:.1f} s of that on this feed. What goes on side by side shares."
    )


def profile(spans: Sequence[Span], feed_id: str) -> dict[str, Any]:
    """The steps in order of their begin, in seconds from the run's first one.

    Returns `steps` (step, begin_s, end_s, seconds of the run, own_s of this feed, spans as [begin,
    end]), `feeds` (how many the run worked on), `wall_s` (any step going on), `own_s` (this feed's
    part of that) and `until_s` (the last step's end).
    """
    zero = min((span.begin_s for span in spans), default=0.0)
    own = own_seconds(spans).get(feed_id, {})
    steps = []
    for step, seconds in step_seconds(spans).items():
        times = [(s.begin_s - zero, s.end_s - zero) for s in spans if s.step == step]
        steps.append(
            {
                "step": step,
                "begin_s": min(begin for begin, _ in times),
                "end_s": max(end for _, end in times),
                "seconds": seconds,
                "own_s": own.get(step, 0.0),
                "spans": [list(one) for one in times],
            }
        )
    return {
        "steps": steps,
        "feeds": len({feed for span in spans for feed in span.feeds}),
        "wall_s": wall_seconds(spans),
        "own_s": sum(own.values()),
        "until_s": max((span.end_s - zero for span in spans), default=0.0),
    }


def _steps(settings: Settings, feed: FeedRecord) -> dict[str, Any] | None:
    if feed.job_run_id is None:
        return None
    s3 = client("s3", settings.region)
    try:
        answer = s3.get_object(Bucket=settings.lake_bucket, Key=steps_key(feed.job_run_id))
    except s3.exceptions.NoSuchKey:
        return None
    body: dict[str, Any] = json.loads(answer["Body"].read())
    return body


def _bar(spans: Sequence[Sequence[float]], until: float, width: int) -> str:
    """A line of blocks where one of the spans goes on; at least one block each."""
    line = [" "] * width
    for begin, end in spans:
        first = min(width - 1, int(begin / until * width)) if until else 0
        last = max(first + 1, round(end / until * width)) if until else 1
        line[first:last] = "█" * (last - first)
    return "".join(line[:width]).rstrip()
