"""Processes of a local stack: health-checked when started, stopped with all their children."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from infra.local import processes, state
from infra.local.ports import free_ports
from infra.local.processes import Record, Spec, StackError
from infra.local.state import State
from infra.paths import CHECKOUT, stack_dir

_SLEEPER = "import signal, time\n{}print('up', flush=True)\ntime.sleep(600)\n"
_DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
_DOUBLE = """
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)
print('up', child.pid, flush=True)
child.wait()
"""
_OWNER = """
import sys
from infra.local.stack import Stack
with Stack(sys.argv[1]).session() as stack:
    stack.start_aws()
    print(stack.records[0].pid, flush=True)
    sys.stdin.read()
"""


def _started(directory: Path, code: str) -> Record:
    log = directory / "logs" / "it.log"
    says_up = lambda: log.exists() and "up" in log.read_text("utf-8")  # noqa: E731
    spec = Spec(name="it", command=[sys.executable, "-c", code], healthy=says_up)
    record = processes.start(spec, directory)
    processes.await_healthy(spec, record)
    return record


def test_a_process_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    record = _started(tmp_path, _SLEEPER.format(_DEAF))
    processes.stop([record], tmp_path, grace_s=0.2)
    assert not processes.is_alive(record)


def test_what_a_process_started_in_a_session_of_its_own_ends_with_it(tmp_path: Path) -> None:
    record = _started(tmp_path, _DOUBLE)
    grandchild = int(Path(record.log).read_text("utf-8").split()[1])
    processes.stop([record], tmp_path)
    assert not psutil.pid_exists(grandchild)
    assert processes.marked(tmp_path) == []


def test_a_process_that_dies_at_its_start_is_reported_with_the_end_of_its_log(
    tmp_path: Path,
) -> None:
    code = "raise SystemExit('port 1 is taken')"
    spec = Spec(name="it", command=[sys.executable, "-c", code], healthy=lambda: False)
    record = processes.start(spec, tmp_path)
    with pytest.raises(StackError, match=r"it stopped while starting(.|\n)*port 1 is taken"):
        processes.await_healthy(spec, record)
    processes.stop([record], tmp_path)


def test_another_process_with_a_remembered_number_is_left_alone(tmp_path: Path) -> None:
    record = _started(tmp_path, _SLEEPER.format(""))
    before_the_reboot = replace(record, started=record.started - 3600)
    assert not processes.is_alive(before_the_reboot)
    processes.stop([before_the_reboot], tmp_path / "another stack")
    assert processes.is_alive(record)
    processes.stop([record], tmp_path)


def test_a_session_s_processes_end_when_its_owner_is_killed(tmp_path: Path) -> None:
    name = f"orphans-{os.getpid()}"
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, name],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    moto = psutil.Process(int(owner.stdout.readline()))
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdin.close()
    owner.stdout.close()
    gone, _ = psutil.wait_procs([moto], timeout=20)
    assert gone == [moto]
    shutil.rmtree(stack_dir(name))


def test_state_that_was_cut_off_counts_as_none(tmp_path: Path) -> None:
    state.write(tmp_path, State("x", outputs={"A": "b"}))
    assert state.read(tmp_path) == State("x", outputs={"A": "b"})
    (tmp_path / "state.json").write_text('{"name": "x", "proc', "utf-8")
    assert state.read(tmp_path) is None


def test_free_ports_differ() -> None:
    assert len(set(free_ports(20))) == 20
