"""`mallfeed run RUN --profile`: which step of its Glue run took how long, when, and whose time that
was; and Spark's stages within the steps."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import typer
from rich.table import Table

from mallfeed.aws.clients import client
from mallfeed.cli.profile_stages import NO_LOG, stages_table, stages_total
from mallfeed.cli.show import CONSOLE, ERRORS, Text, print_json
from mallfeed.ledger.model import FeedRecord
from mallfeed.progress.event_log import read_event_log
from mallfeed.progress.reporters import event_log_key, spans_of, steps_key
from mallfeed.progress.stages import stages_beside
from mallfeed.progress.steps import Span, own_seconds, step_seconds, wall_seconds
from mallfeed.settings import Settings

_BESIDE = 47
"""Columns of a terminal that the figures take. The time line gets what these and the steps' names
leave, at most _LONGEST."""
_LONGEST = 60
_SHORTEST = 12


def show_profile(settings: Settings, feed: FeedRecord, as_json: bool) -> None:
    """Print the profile of the feed's last Glue run; exits with 1 if there is none."""
    body = _steps(settings, feed)
    if body is None:
        ERRORS.print(
            f"No profile of {feed.feed_id} ({feed.state}): no Glue run has reported its steps yet, or "
            "its file has expired. `mallfeed run` shows the feed's story."
        )
        raise typer.Exit(1)
    spans = spans_of(body)
    found = profile(spans, feed.feed_id)
    log = _event_log(settings, body["job_run_id"])
    stages = None if log is None else stages_beside(spans, read_event_log(log))
    if as_json:
        facts = {"run": feed.feed_id, "job_run_id": body["job_run_id"]}
        print_json({**facts, **found, "spark": stages})
        return
    _show_steps(found, body["job_run_id"])
    _show_stages(found, stages)


def _show_steps(found: Mapping[str, Any], job_run_id: str) -> None:
    table = Table("step", title=f"Glue run {job_run_id}", title_justify="left")
    for name in ("begins", "ends", "seconds", "this feed's"):
        table.add_column(name, justify="right")
    table.add_column("when")
    names = max((len(one["step"]) for one in found["steps"]), default=0)
    width = max(_SHORTEST, min(_LONGEST, CONSOLE.width - _BESIDE - names))
    for one in found["steps"]:
        table.add_row(
            one["step"],
            *(f"{one[name]:.1f}" for name in ("begin_s", "end_s", "seconds", "own_s")),
            Text(_bar(one["spans"], found["until_s"], width), style="cyan", no_wrap=True),
        )
    CONSOLE.print(table)
    CONSOLE.print(
        f"Feeds in the run: {found['feeds']}. {found['wall_s']:.1f} of its {found['until_s']:.1f} s "
        f"were work, {found['own_s']:.1f} s of that on this feed. Simultaneous steps share their time."
    )


def _show_stages(found: Mapping[str, Any], stages: Mapping[str, Any] | None) -> None:
    if stages is None or not stages["stages"]:
        CONSOLE.print(NO_LOG)
        return
    run_s = found["until_s"]
    CONSOLE.print()
    CONSOLE.print(stages_table(stages, found["feeds"], run_s, CONSOLE.width))
    CONSOLE.print(stages_total(stages, run_s))


def profile(spans: Sequence[Span], feed_id: str) -> dict[str, Any]:
    """The steps in order of their start, in seconds from the run's first one.

    Returns `steps` (step, begin_s, end_s, seconds of the run, own_s of this feed, spans as [begin,
    end]), `feeds` (how many the run worked on), `wall_s` (some step was running), `own_s` (this feed's
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
    if (kept := _object(settings, steps_key(feed.job_run_id))) is None:
        return None
    body: dict[str, Any] = json.loads(kept.read())
    return body


def _event_log(settings: Settings, job_run_id: str) -> Iterator[bytes] | None:
    """The lines of the run's event log as they come; None if there is none."""
    kept = _object(settings, event_log_key(job_run_id))
    return None if kept is None else _lines(kept)


def _lines(packed: Any) -> Iterator[bytes]:
    """The lines of a log; if it is cut off, those that it has."""
    with gzip.GzipFile(fileobj=packed) as plain, suppress(EOFError):
        yield from plain


def _object(settings: Settings, key: str) -> Any:
    """The body of an object of the lake bucket, to be read; None if there is none."""
    s3 = client("s3", settings.region)
    try:
        return s3.get_object(Bucket=settings.lake_bucket, Key=key)["Body"]
    except s3.exceptions.NoSuchKey:
        return None


def _bar(spans: Sequence[Sequence[float]], until: float, width: int) -> str:
    """A line with blocks where one of the spans was running; at least one block each."""
    line = [" "] * width
    for begin, end in spans:
        first = min(width - 1, int(begin / until * width)) if until else 0
        last = max(first + 1, round(end / until * width)) if until else 1
        line[first:last] = "█" * (last - first)
    return "".join(line[:width]).rstrip()
