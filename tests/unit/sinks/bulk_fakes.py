"""An OpenSearch that answers bulk requests as a script tells it, and a clock that sleeping moves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from mallfeed.sinks.opensearch.bulk import BulkOptions, BulkSender
from mallfeed.sinks.opensearch.bulk_answer import ItemAnswer
from mallfeed.sinks.opensearch.bulk_body import BulkItem

OK = ItemAnswer(200)
Script = Callable[[int, list[str]], list[ItemAnswer]]


@dataclass
class Clock:
    """`sleep` moves it at once."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class ScriptedEndpoint:
    """Calls `script(number of the request from 0, ids in the body)` for its answer."""

    script: Script
    requests: list[list[str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def post(self, body: bytes) -> list[ItemAnswer]:
        self.bodies.append(body)
        actions = [json.loads(line) for line in body.splitlines() if line]
        ids = [next(iter(a.values()))["_id"] for a in actions if {"index", "delete"} & a.keys()]
        self.requests.append(ids)
        return self.script(len(self.requests) - 1, ids)


def item(number: int, version: int = 7, mall: str = "alpha") -> BulkItem:
    return BulkItem(f"{mall}:p{number}", "index", version, b'{"title":"x"}')


def gone(number: int, version: int = 7) -> BulkItem:
    return BulkItem(f"alpha:p{number}", "delete", version, None)


def sender(script: Script, clock: Clock | None = None, **options: object) -> BulkSender:
    """One request at a time, half of the longest wait: everything happens in a known order."""
    clock = clock or Clock()
    settings = {"start_concurrency": 1, "max_concurrency": 1, **options}
    return BulkSender(
        ScriptedEndpoint(script),
        BulkOptions(**settings),  # type: ignore[arg-type]
        clock=clock,
        sleep=clock.sleep,
        random=lambda: 0.5,
    )
