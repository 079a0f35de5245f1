"""`mallfeed local` from a terminal: interrupted, nothing stays."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import processes
from infra.paths import stack_dir

MALLFEED = str(Path(sys.executable).with_name("mallfeed"))
pytestmark = pytest.mark.stack


@pytest.fixture
def name() -> Iterator[str]:
    """A stack of this test's own, swept up at the end."""
    name = f"terminal-{os.getpid()}"
    yield name
    processes.sweep(stack_dir(name))
    shutil.rmtree(stack_dir(name), ignore_errors=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_up_that_is_interrupted_leaves_no_process(name: str, number: signal.Signals) -> None:
    up = subprocess.Popen(
        [MALLFEED, "local", "up", "--stack", name],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MALLFEED_OPENSEARCH_HEAP": "512m"},
        start_new_session=True,
    )
    assert up.stderr is not None
    with up.stderr:
        assert any("starting redshift-data" in line for line in up.stderr)
        assert len(processes.marked(stack_dir(name))) >= 3
        up.send_signal(number)
        assert up.wait(60) != 0
    _await_no_process(name)


def _await_no_process(name: str) -> None:
    """After SIGKILL the watchdog needs a moment; pytest's time limit ends the wait."""
    while processes.marked(stack_dir(name)):
        pass


def test_status_of_a_stack_that_does_not_run_is_not_0(name: str) -> None:
    done = subprocess.run(
        [MALLFEED, "local", "status", "--stack", name, "--json"], capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b'"up": false' in done.stdout
