"""The progress of executors, reported to the driver while they send: plain counts over a socket.

Spark informs the driver about a task only when it has ended, and a large frame is sent in few, long tasks.
So the driver listens while a frame is sent, and each task reports now and then how many documents of each
mall it has sent. If a count does not arrive, only the displayed progress is affected.
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
"""Called again and again with mall → number of documents that the sink has accepted so far."""

EVERY_S = 1.0
_CONNECT_S = 2.0
_LONGEST_LINE = 64 * 1024


def untold(_sent: Mapping[str, int]) -> None:
    """Ignores the counts."""


@dataclass(frozen=True)
class Home:
    """Where the driver listens; picklable. The token keeps out counts from strangers."""

    host: str
    port: int
    token: str


class _Counts:
    """The latest count of each task; a task that is restarted counts from zero again."""

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
    """Listens as long as the block runs; yields None if this machine cannot listen."""
    token, counts = secrets.token_hex(16), _Counts(sent)

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
                while line := self.rfile.readline(_LONGEST_LINE):
                    message = json.loads(line)
                    if not secrets.compare_digest(message["token"], token):
                        return
                    counts.take(message["task"], {k: int(v) for k, v in message["sent"].items()})

    try:
        server = _Server((host, 0), Handler)
    except OSError:
        LOG.info("the progress of executors is not shown: cannot listen on %s", host)
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
    """The executor's end: a `Sent` that reports to the driver at most once per second, and when it is closed."""

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
        """Report the last count, and close the connection."""
        self._call()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()

    def _call(self) -> None:
        if self._given_up:
            return
        message = {"token": self._home.token, "task": self._task, "sent": self._last}
        try:
            if self._socket is None:
                address = (self._home.host, self._home.port)
                self._socket = socket.create_connection(address, timeout=_CONNECT_S)
            self._socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self._given_up = True
