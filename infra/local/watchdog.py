"""Ends a stack when the process that owns it dies, however it dies.

The owner holds the writing end of a pipe. When the owner is gone, the pipe ends, and the watchdog stops the
stack's processes. One byte in the pipe means "the stack stays", and ends only the watchdog.

Run: `python -m infra.local.watchdog STACK_FOLDER`, the pipe as standard input.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from infra.local import processes, state
from infra.paths import CHECKOUT


class Watchdog:
    """The owner's side."""

    def __init__(self, directory: Path) -> None:
        log = directory / "logs" / "watchdog.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.watchdog", str(directory)],
                stdin=subprocess.PIPE,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=CHECKOUT,
                start_new_session=True,
            )

    def release(self) -> None:
        """The stack stays (or is already gone): end the watchdog."""
        pipe = self._process.stdin
        if pipe is not None and not pipe.closed:
            try:
                pipe.write(b"k")
                pipe.close()
            except BrokenPipeError:
                pass
        self._process.wait(timeout=30)


def main(directory: Path) -> None:
    """Wait for the owner's end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if os.read(0, 1):
        return
    remembered = state.read(directory)
    records = list(reversed(remembered.processes)) if remembered else []
    processes.stop(records, directory)
    state.forget(directory)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
