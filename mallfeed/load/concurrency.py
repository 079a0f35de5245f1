"""Running independent tasks at the same time, or one after another where tests need a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class SideBySide(Protocol):
    """Runs independent tasks."""

    def __call__(self, tasks: Sequence[Callable[[], T]]) -> list[T]:
        """Returns their results in the order of the tasks. When all have ended, raises the first error."""


def threads(at_once: int) -> SideBySide:
    """Runs tasks in at most `at_once` threads; Spark runs the jobs of several threads concurrently."""

    def run(tasks: Sequence[Callable[[], T]]) -> list[T]:
        if not tasks:
            return []
        with ThreadPoolExecutor(max_workers=max(1, min(at_once, len(tasks)))) as pool:
            futures = [pool.submit(task) for task in tasks]
        return [future.result() for future in futures]

    return run
