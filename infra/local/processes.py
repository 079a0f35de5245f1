"""Start, watch and stop a stack's processes: whole process groups, nothing left behind.

Every process gets the variable `MALLFEED_STACK_PROCESS=<stack folder>`. Children inherit it, so
`sweep` also finds what a process of the stack started by itself.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from infra.local.ports import LOOPBACK
from infra.paths import CHECKOUT
from mallfeed.spark_paths import utf8_names

MARK = "MALLFEED_STACK_PROCESS"
_LOG_TAIL_LINES = 25

_children: dict[int, subprocess.Popen[bytes]] = {}
"""The processes that this process started itself, kept so that they can be reaped."""


class StackError(Exception):
    """The local stack cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True)
class Spec:
    """What to start. `healthy` is called repeatedly until it returns True."""

    name: str
    command: Sequence[str]
    healthy: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    timeout_s: float = 120
    stop_signal: int = signal.SIGTERM
    before_exec: Callable[[], None] | None = None
    cwd: Path = CHECKOUT


@dataclass(frozen=True)
class Record:
    """A started process as in state.json; pid and start time together identify it for good."""

    name: str
    pid: int
    started: float
    log: str
    port: int | None = None
    stop_signal: int = signal.SIGTERM

    def as_json(self) -> dict[str, Any]:
        """Plain data for state.json."""
        return asdict(self)


def start(spec: Spec, directory: Path) -> Record:
    """Start it in a session of its own, its output in logs/<name>.log; does not wait."""
    log = directory / "logs" / f"{spec.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        process = subprocess.Popen(
            list(spec.command),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**os.environ, **utf8_names(), **spec.env, MARK: str(directory)},
            cwd=spec.cwd,
            start_new_session=True,
            preexec_fn=spec.before_exec,
        )
    _children[process.pid] = process
    started = 0.0
    with suppress(psutil.NoSuchProcess):
        started = psutil.Process(process.pid).create_time()
    return Record(spec.name, process.pid, started, str(log), spec.port, spec.stop_signal)


def await_healthy(spec: Spec, record: Record) -> None:
    """Wait until it is healthy; raises StackError with the log's tail if it dies or takes too long."""
    deadline = time.monotonic() + spec.timeout_s
    while time.monotonic() < deadline:
        if not is_alive(record):
            raise StackError(f"{spec.name} stopped while starting.\n{log_tail(record)}")
        if spec.healthy():
            return
        time.sleep(0.1)
    raise StackError(
        f"{spec.name} was not healthy within {spec.timeout_s:.0f} s.\n{log_tail(record)}"
    )


def log_tail(record: Record, lines: int = _LOG_TAIL_LINES) -> str:
    """The last lines of its log, under the log's path."""
    return tail(Path(record.log), lines)


def tail(log: Path, lines: int) -> str:
    """The last lines of a log, under its path."""
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    return "\n".join([f"--- {log}", *text.splitlines()[-lines:]])


def is_alive(record: Record) -> bool:
    """Whether this same process is still running (not another one with its number)."""
    process = _process(record)
    return process is not None and process.status() != psutil.STATUS_ZOMBIE


def _process(record: Record) -> psutil.Process | None:
    try:
        process = psutil.Process(record.pid)
        same = abs(process.create_time() - record.started) < 1.0
    except psutil.NoSuchProcess:
        return None
    return process if same else None


def stop(records: Iterable[Record], directory: Path, grace_s: float = 10) -> None:
    """Stop them in the order given, then everything else that carries the stack's mark."""
    for record in records:
        process = _process(record)
        if process is None:
            _reap(record)
            continue
        _signal_group(record.pid, record.stop_signal)
        _await_gone([process], grace_s)
        _signal_group(record.pid, signal.SIGKILL)
        _await_gone([process], grace_s)
        _reap(record)
    sweep(directory, grace_s)


def _reap(record: Record) -> None:
    """Forget a child of ours that has ended."""
    child = _children.get(record.pid)
    if child is not None and child.poll() is not None:
        del _children[record.pid]


def sweep(directory: Path, grace_s: float = 5) -> list[int]:
    """End every process that carries the stack's mark; returns the pids that there were."""
    found = marked(directory)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in _await_gone(found, grace_s):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _await_gone(found, grace_s)
    return [process.pid for process in found]


def marked(directory: Path) -> list[psutil.Process]:
    """Running processes (this one excepted) with the stack's mark in their environment."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        if process.pid in own:
            continue
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(directory):
                found.append(process)
    return found


def _signal_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _await_gone(processes: Sequence[psutil.Process], grace_s: float) -> list[psutil.Process]:
    """Those still running after the grace period; reaps our own children on the way."""
    _, alive = psutil.wait_procs(list(processes), timeout=grace_s)
    return list(alive)


def answers(port: int, path: str, timeout_s: float = 2) -> bool:
    """Whether GET of that path returns 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
