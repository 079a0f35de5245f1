"""Taking the next items of an iterator in a thread, while the ones before them are being used."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
_END: Any = object()


def ahead(items: Iterator[T], most: int) -> Generator[T, None, None]:
    """The same items in the same order, at most so many taken before they are asked for.

    What the iterator raises is raised behind the items before it. Close this where it may be left
    before its end: the thread has ended then.
    """
    pool = ThreadPoolExecutor(1, "ahead")
    try:
        taken: deque[Future[T]] = deque(pool.submit(next, items, _END) for _ in range(most))
        while (item := taken.popleft().result()) is not _END:
            taken.append(pool.submit(next, items, _END))
            yield item
    finally:
        pool.shutdown(cancel_futures=True)
