"""The HTTP API of a local stack: HTTP in, the deployed search function behind it, its zip unpacked.

Beside the API it serves the shop-search page of web/, as a web server of the page's owner would.
Run: `python -m infra.local.http_front --stack NAME --port PORT`.
"""

from __future__ import annotations

import argparse
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

from infra.local import http_event, http_page
from infra.local.deploy import DEPLOYED, Clients, deployed
from infra.local.http_event import Answer, Request
from infra.local.http_routes import default_function
from infra.local.lambda_runtime import Function, FunctionError, unpack
from infra.local.ports import LOOPBACK

CONCURRENCY = 2
"""Function processes; on AWS a process serves one request at a time as well."""
MOST_BODY_BYTES = 10 * 1024 * 1024
_WATCH_S = 1.0
_TRIES = 3
_ASCII = "".join(map(chr, range(33, 127)))


class Workers:
    """The function's processes; a request takes the next one that is free."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._directory = directory
        self._environment = environment
        self._all: list[Function] = []
        self._free: queue.Queue[Function] = queue.Queue()
        self._stamp = 0

    def adopt(self) -> None:
        """Serve what is deployed now; does nothing if that is already served."""
        stamp = (self._directory / DEPLOYED).stat().st_mtime_ns
        if stamp == self._stamp:
            return
        properties = default_function(deployed(self._directory))
        package = self._package(properties["Code"])
        if self._all:
            for function in self._all:
                function.change(properties, package)
        else:
            self._all = [self._made(properties, package) for _ in range(CONCURRENCY)]
            for function in self._all:
                self._free.put(function)
        for function in self._all:
            _rouse(function)
        self._stamp = stamp

    def call(self, request: Request) -> Answer:
        """What API Gateway would answer."""
        function = self._free.get()
        try:
            return http_event.answer(function.call(http_event.event(request)))
        except FunctionError as error:
            print(error, file=sys.stderr, flush=True)
            if error.kind == "Timeout":
                return http_event.failure(503, "Service Unavailable")
            return http_event.failure(500, "Internal Server Error")
        finally:
            self._free.put(function)

    def close(self) -> None:
        """End the processes."""
        for function in self._all:
            function.close()

    def _made(self, properties: Mapping[str, Any], package: Path) -> Function:
        log = self._directory / "logs" / f"{properties['FunctionName']}.log"
        return Function(properties, package, self._environment, log)

    def _package(self, code: Mapping[str, str]) -> Path:
        s3 = Clients(dict(self._environment))("s3")
        body = s3.get_object(Bucket=code["S3Bucket"], Key=code["S3Key"])["Body"].read()
        return unpack(body, self._directory / "data" / "functions")


def _rouse(function: Function) -> None:
    """Have the process started and its modules imported before a client asks."""
    asked = http_event.event(Request("GET", "/openapi.json", (), b"", LOOPBACK))
    for _ in range(_TRIES):
        try:
            function.call(asked)
        except FunctionError as error:
            print(error, file=sys.stderr, flush=True)
        else:
            return


class Front(ThreadingHTTPServer):
    """Page and API on one port of the loopback interface."""

    daemon_threads = True

    def __init__(self, port: int, workers: Workers) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.workers = workers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Front

    def __getattr__(self, name: str) -> Any:
        if name.startswith(
            "do_"
        ):  # every method reaches the function, including those that it refuses
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            answer = http_event.failure(413, "Request Entity Too Large")
            self.close_connection = True
        else:
            target = quote(self.path.encode("latin-1"), safe=_ASCII)
            headers = tuple(self.headers.items())
            request = Request(self.command, target, headers, body, self.client_address[0])
            answer = http_page.answer(request) or self.server.workers.call(request)
        self._send(answer)

    def _body(self) -> bytes | None:
        length = int(self.headers.get("content-length") or 0)
        return None if length > MOST_BODY_BYTES else self.rfile.read(length)

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("date", self.date_time_string())
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("content-length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        print(format % args, file=sys.stderr, flush=True)


def serve(port: int, directory: Path, environment: Mapping[str, str]) -> None:
    """Serve until SIGTERM or SIGINT."""
    workers = Workers(directory, environment)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        workers.adopt()
        with Front(port, workers) as front:
            threading.Thread(target=front.serve_forever, daemon=True).start()
            while not stopping.wait(_WATCH_S):
                workers.adopt()
            front.shutdown()
    finally:
        workers.close()


def main() -> None:
    """Serve the stack of that name."""
    from infra.local.stack import Stack

    parser = argparse.ArgumentParser(prog="infra.local.http_front")
    parser.add_argument("--stack", default="demo")
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    stack = Stack(given.stack)
    serve(given.port, stack.directory, stack.environment())


if __name__ == "__main__":
    main()
