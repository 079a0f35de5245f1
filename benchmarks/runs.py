"""Glue runs of the benchmark's stack: which there were, what they cost, where their time went."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.bench_stack import Stand
from mallfeed.aws.clients import client

_POLL_S = 0.25
_TIMEOUT_S = 3600.0


def of(at: Stand) -> list[dict[str, Any]]:
    """All runs of the load job so far, oldest first."""
    pages = client("glue").get_paginator("get_job_runs").paginate(JobName=at.settings.job_name)
    found = [run for page in pages for run in page["JobRuns"]]
    return sorted(found, key=lambda run: run["StartedOn"])


def dpu_seconds(run: dict[str, Any]) -> float:
    """DPU-seconds before Glue's minimum of one minute: G.1X is one DPU per worker."""
    seconds = (run["CompletedOn"] - run["StartedOn"]).total_seconds()
    return float(seconds * run["NumberOfWorkers"])


def profile(run: str) -> str | None:
    """What `mallfeed run RUN --profile` shows: where the time went; None if there is no profile."""
    command = [str(Path(sys.executable).with_name("mallfeed")), "run", run, "--profile"]
    try:
        done = subprocess.run(
            command,
            env={**os.environ, "COLUMNS": "120"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def until_idle(at: Stand) -> None:
    """Wait until no Glue run is under way, so that the next measurement starts on a quiet stack."""
    begin = time.monotonic()
    while any(run["JobRunState"] in ("STARTING", "RUNNING", "STOPPING") for run in of(at)):
        if time.monotonic() - begin > _TIMEOUT_S:
            raise TimeoutError("a Glue run does not end")
        time.sleep(_POLL_S)
