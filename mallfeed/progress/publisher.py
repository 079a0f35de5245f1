"""Reports on a run while it works: at most every two seconds, in a thread of its own, best effort."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol

from mallfeed.progress.watch import RunWatch

LOG = logging.getLogger(__name__)

EVERY_S = 2.0
PATIENCE_S = 20.0
"""How long the end of a run waits for a report that is being sent at that moment."""


class Teller(Protocol):
    """A reporter, and how often it wants to report."""

    every_s: float

    def tell(self, watch: RunWatch, last: bool) -> None:
        """Report what has changed; `last` = the run is over. Whatever it raises is logged, once."""


@dataclass
class _Turn:
    teller: Teller
    due_s: float = 0.0
    complained: bool = field(default=False)


class Publisher:
    """Gives each reporter its turns while the `with` block runs, and a last one after it."""

    def __init__(
        self,
        watch: RunWatch,
        tellers: Sequence[Teller],
        every_s: float = EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watch = watch
        self._turns = [_Turn(teller) for teller in tellers]
        self._every_s = every_s
        self._clock = clock
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="progress", daemon=True)

    def __enter__(self) -> RunWatch:
        self._thread.start()
        return self._watch

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(PATIENCE_S)

    def tick(self, last: bool = False) -> None:
        """Gives a turn to each reporter that is due; to all of them if it is the last turn."""
        for turn in self._turns:
            now = self._clock()
            if not last and now < turn.due_s:
                continue
            turn.due_s = now + turn.teller.every_s
            try:
                turn.teller.tell(self._watch, last)
            except Exception:
                if not turn.complained:
                    LOG.warning("progress is not reported; the run goes on", exc_info=True)
                turn.complained = True

    def _work(self) -> None:
        self.tick()
        while not self._over.wait(self._every_s):
            self.tick()
        self.tick(last=True)
