"""What moto's server leaves for the pump: started runs, stops, functions to call.

Both ends are here. In moto's process an `Inbox` sits before the application and answers under
PATH; in the pump's process `take` and `report` are its clients.
"""

from __future__ import annotations

import json
import threading
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

PATH = "/_pump"
_LONGEST_WAIT_S = 20.0

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Report = Callable[[dict[str, Any]], dict[str, Any]]


class Inbox:
    """Messages in order, and the WSGI application that hands them to the newest consumer.

    A pump that died leaves a request waiting here: as soon as its successor asks, that request
    gets nothing, so that no message goes to a dead consumer.
    """

    def __init__(self) -> None:
        self._messages: deque[dict[str, Any]] = deque()
        self._changed = threading.Condition()
        self._consumer = ""
        self._answers: dict[str, Report] = {}

    def put(self, message: dict[str, Any]) -> None:
        """Leave one message; `kind` says what it is."""
        with self._changed:
            self._messages.append(message)
            self._changed.notify_all()

    def answer(self, name: str, function: Report) -> None:
        """Serve POST PATH/<name> with that function."""
        self._answers[name] = function

    def before(self, application: Wsgi) -> Wsgi:
        """The application with PATH in front of it."""

        def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            path = str(environ.get("PATH_INFO", ""))
            if not path.startswith(f"{PATH}/"):
                return application(environ, start_response)
            length = int(environ.get("CONTENT_LENGTH") or 0)
            body = json.loads(environ["wsgi.input"].read(length) or b"{}")
            payload = json.dumps(self._serve(path.removeprefix(f"{PATH}/"), body), default=str)
            data = payload.encode()
            headers = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
            start_response("200 OK", headers)
            return [data]

        return serve

    def _serve(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        if name == "take":
            return {"messages": self._take(body["consumer"], float(body["wait_s"]))}
        return self._answers[name](body)

    def _take(self, consumer: str, wait_s: float) -> list[dict[str, Any]]:
        with self._changed:
            if consumer != self._consumer:
                self._consumer = consumer
                self._changed.notify_all()
            self._changed.wait_for(
                lambda: self._messages or self._consumer != consumer,
                timeout=min(wait_s, _LONGEST_WAIT_S),
            )
            if self._consumer != consumer:
                return []
            found = list(self._messages)
            self._messages.clear()
            return found


def take(endpoint: str, consumer: str, wait_s: float = 10) -> list[dict[str, Any]]:
    """Messages left since the last call; waits up to `wait_s` for the first one.

    `consumer` names the pump; only the newest one is given messages.
    """
    asked = {"consumer": consumer, "wait_s": wait_s}
    messages: list[dict[str, Any]] = post(endpoint, "take", asked)["messages"]
    return messages


def post(endpoint: str, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Call `name` of the inbox at that endpoint; raises OSError if it cannot be reached."""
    request = urllib.request.Request(  # noqa: S310 - the stack's own http URL
        f"{endpoint}{PATH}/{name}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=_LONGEST_WAIT_S + 10) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found
