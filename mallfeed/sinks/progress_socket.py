"""How far executors are, told to the driver while they send: plain counts over a socket.

Spark tells the driver of a task when it has ended; a large frame is sent in few, long tasks. So the
driver listens while a frame is sent, and each task says now and then how many documents of each mall
it has brought in. A count that does not arrive is missed by nobody but the watcher.
"""

from __future__ import annotations

import json
import logging
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socketserver import StreamRequestHandler, ThreadingTCPServer

LOG = logging.getLogger(__name__)

Sent = Callable[[Mapping[str, int]], None]
"""Told again and again: mall → documents that the sink has taken so far."""

EVERY_S = 1.0
_CONNECT_S = 2.0
_LONGEST_LINE = 64 * 1024


def untold(_sent: Mapping[str, int]) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Home:
    """Where the driver listens; picklable. The token keeps others' counts out."""

    host: str
    port: int
    token: str


class _Counts:
    """The newest count of each task; a task that begins anew counts from nothing again."""

    def __init__(self, sent: Sent) -> None:
        self._sent = sent
        self._tasks: dict[str, Counter[str]] = {}
        self._guard = threading.Lock()

    def take(self, task: str, counts: Mapping[str, int]) -> None:
        with self._guard:
            self._tasks[task] = Counter(counts)
            self._sent(dict(sum(self._tasks.values(), Counter())))


@contextmanager
def counts_home(host: str, sent: Sent) -> Iterator[Home | None]:
    """Listens as long as the block runs; None where this machine cannot listen."""
    token, counts = secrets.token_hex(16), _Counts(sent)

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                while line := self.rfile.readline(_LONGEST_LINE):
                    told = json.loads(line)
                    if not secrets.compare_digest(told["token"], token):
                        return
                    counts.take(told["task"], {k: int(v) for k, v in told["sent"].items()})

    try:
        server = _Server((host, 0), Handler)
    except OSError:
        LOG.info("counts of the executors are not listened for: cannot listen on %s", host)
        yield None
        return
    listening = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    listening.start()
    try:
        yield Home(host, server.server_address[1], token)
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class Caller:
    """An executor's end: `Sent` that calls home at most once a second, and at its end."""

    def __init__(self, home: Home, task: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._task = task
        self._clock = clock
        self._socket: socket.socket | None = None
        self._given_up = False
        self._due_s = 0.0
        self._last: dict[str, int] = {}

    def __call__(self, sent: Mapping[str, int]) -> None:
        self._last = dict(sent)
        if self._clock() >= self._due_s:
            self._due_s = self._clock() + EVERY_S
            self._call()

    def close(self) -> None:
        """Say the last count and hang up."""
        self._call()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()

    def _call(self) -> None:
        if self._given_up:
            return
        told = {"token": self._home.token, "task": self._task, "sent": self._last}
        try:
            if self._socket is None:
                address = (self._home.host, self._home.port)
                self._socket = socket.create_connection(address, timeout=_CONNECT_S)
            self._socket.sendall(json.dumps(told).encode() + b"\n")
        except OSError:
            self._given_up = True
