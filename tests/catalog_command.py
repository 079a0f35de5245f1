"""`mallfeed catalog …` in a process of its own, as people run it, with one Java that stays up for all tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from mallfeed.authoring.kept_java import VARIABLE

LONGEST_S = 280


@dataclass(frozen=True)
class CatalogCommand:
    """Runs commands; `place` is where they find the Java of the one before."""

    place: Path

    def __call__(
        self, *arguments: object, width: int = 200, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """What a command that reads a feed printed, and its exit code."""
        told = {VARIABLE: "10", "XDG_RUNTIME_DIR": str(self.place), "COLUMNS": str(width)}
        done = subprocess.run(
            [sys.executable, "-m", "mallfeed.cli.main", "catalog", *map(str, arguments)],
            capture_output=True, check=False, timeout=LONGEST_S,
            env={**os.environ, **told, **variables},
        )  # fmt: skip
        # Decoded here: `text=True` would hide a carriage return.
        printed, errors = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in errors, errors
        return subprocess.CompletedProcess(done.args, done.returncode, printed, errors)


def kept(place: Path) -> list[dict[str, int]]:
    """What is said of each Java that stays up: its `process` and `port`."""
    return [json.loads(path.read_text("utf-8")) for path in place.glob("*/*/gateway.json")]


def end_java(place: Path) -> None:
    """End each Java that stays up there; returns when it has ended, and its keeper."""
    processes = [
        psutil.Process(one["process"]) for one in kept(place) if psutil.pid_exists(one["process"])
    ]
    for process in processes:
        process.terminate()
    keepers = [one for one in psutil.process_iter(["cmdline"]) if _keeps(one, place)]
    _, left = psutil.wait_procs([*processes, *keepers], timeout=60)
    assert left == []


def _keeps(process: psutil.Process, place: Path) -> bool:
    words = process.info["cmdline"] or []
    return any(word.startswith(f"{place}/") for word in words) and "-I" in words


@pytest.fixture(scope="session")
def catalog_command() -> Iterator[CatalogCommand]:
    """For tests whose command reads a feed with Spark."""
    with tempfile.TemporaryDirectory(prefix="mallfeed-kept-") as place:
        yield CatalogCommand(Path(place))
        end_java(Path(place))
