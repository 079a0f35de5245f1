"""A small HTTP proxy on the loopback interface that breaks requests and answers by a plan.

Example
-------
>>> with fault_proxy("http://127.0.0.1:9200", storm(3, status=429)) as proxy:
...     ConnectionSpec(proxy.url)
"""

from __future__ import annotations

import http.client
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    """A request: `number` counts from 0 those for which the plan was asked; headers are in lower case."""

    number: int
    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    body: bytes
    content_type: str = "application/json"


class Reset(Exception):
    """Cut the connection (RST), before or after the request was forwarded."""


Forward = Callable[[], Answer]
Plan = Callable[[Request, Forward], Answer]


def faithful(_request: Request, forward: Forward) -> Answer:
    """Nothing is broken."""
    return forward()


def storm(count: int, status: int) -> Plan:
    """The first `count` requests are turned away without reaching the other side."""
    reason = {"type": "rejected_execution_exception", "reason": "storm"}

    def plan(request: Request, forward: Forward) -> Answer:
        if request.number < count:
            return Answer(status, json.dumps({"error": reason, "status": status}).encode())
        return forward()

    return plan


def not_json(count: int) -> Plan:
    """The first `count` requests get a gateway's page in place of JSON."""

    def plan(request: Request, forward: Forward) -> Answer:
        if request.number < count:
            return Answer(200, b"<html>bad gateway</html>", "text/html")
        return forward()

    return plan


def resets(count: int, after_forwarding: bool) -> Plan:
    """The first `count` connections are cut; `after_forwarding` loses only the answer."""

    def plan(request: Request, forward: Forward) -> Answer:
        if request.number >= count:
            return forward()
        if after_forwarding:
            forward()
        raise Reset

    return plan


def items_fail(count: int, every: int, status: int) -> Plan:
    """In the first `count` bulk requests every n-th item is held back and answered with `status`."""

    def plan(request: Request, forward: Forward) -> Answer:
        answer = forward()
        if request.number >= count:
            return answer
        told = json.loads(answer.body)
        for place, entry in enumerate(told["items"]):
            if place % every == 0:
                kind = next(iter(entry))
                error = {"type": "rejected_execution_exception", "reason": "one item"}
                entry[kind] = {"status": status, "error": error}
        return Answer(200, json.dumps({**told, "errors": True}).encode())

    return plan


@dataclass
class Proxy:
    """The running proxy. `plan` may be changed while it runs; `seen` are the planned requests."""

    url: str
    plan: Plan
    only: str
    seen: list[Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Request | None:
        """The request if the plan applies to it (its path contains `only`)."""
        if self.only not in path:
            return None
        with self.lock:
            request = Request(len(self.seen), method, path, body, headers)
            self.seen.append(request)
        return request


@contextmanager
def fault_proxy(upstream: str, plan: Plan = faithful, only: str = "/_bulk") -> Iterator[Proxy]:
    """A proxy in front of `upstream`; the plan is asked for paths that contain `only`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    proxy = Proxy(f"http://127.0.0.1:{server.server_port}", plan, only)
    server.proxy = proxy  # type: ignore[attr-defined]
    server.upstream = urlsplit(upstream)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        request = proxy.note(
            self.command, self.path, body, {k.lower(): v for k, v in self.headers.items()}
        )
        try:
            answer = (
                self._forward(body)
                if request is None
                else proxy.plan(request, lambda: self._forward(body))
            )
        except Reset:
            self._cut()
            return
        except OSError:
            self._cut()
            return
        self._answer(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass  # noqa: N815

    def _forward(self, body: bytes) -> Answer:
        upstream: Any = self.server.upstream  # type: ignore[attr-defined]
        connection = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=60)
        try:
            hop_by_hop = {"host", "connection", "accept-encoding"}
            headers = {k: v for k, v in self.headers.items() if k.lower() not in hop_by_hop}
            connection.request(self.command, self.path, body, headers)
            found = connection.getresponse()
            kind = found.headers.get("Content-Type", "application/json")
            return Answer(found.status, found.read(), kind)
        finally:
            connection.close()

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _cut(self) -> None:
        self.close_connection = True
        linger_off = struct.pack("ii", 1, 0)  # close with RST instead of FIN
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_off)
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""
