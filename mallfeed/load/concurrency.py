"""Doing independent things at once, or one after the other where an order must be repeatable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class SideBySide(Protocol):
    """Runs the tasks, returns their results in order, raises the first error after all ended."""

    def __call__(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Run them."""


def threads(at_once: int) -> SideBySide:
    """In threads, at most so many at once; Spark runs the jobs of several threads together."""

    def run(tasks: Sequence[Callable[[], T]]) -> list[T]:
        if not tasks:
            return []
        with ThreadPoolExecutor(max_workers=max(1, min(at_once, len(tasks)))) as pool:
            futures = [pool.submit(task) for task in tasks]
        return [future.result() for future in futures]

    return run
