"""Sends many documents: in bodies of bounded size, several at the same time, reading the answer to each item.

It knows neither OpenSearch nor the clock: the endpoint (`BulkEndpoint`), time, waiting and chance come
from outside, so that tests can produce every fault reliably. Sending an item again is harmless, because
its external version makes the write idempotent.
"""

from __future__ import annotations

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from random import SystemRandom
from typing import NoReturn

from mallfeed.backoff import Concurrency, FullJitter
from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks.opensearch.bulk_answer import (
    BulkEndpoint,
    ItemAnswer,
    RequestLost,
    RequestTooLarge,
    Verdict,
    judge,
    reason_kind,
)
from mallfeed.sinks.opensearch.bulk_body import BatchLimits, BulkItem, batches, body
from mallfeed.sinks.port import Refusal
from mallfeed.sinks.progress_socket import Sent, untold

_CHANCE = SystemRandom()


@dataclass(frozen=True)
class BulkOptions:
    """How to send.

    `deadline_s` is how long one item may keep failing before the sink counts as unavailable. `senders`
    limits how many partitions of a large frame send at the same time, and `in_all` how many requests
    they have in progress in total.
    """

    limits: BatchLimits = field(default_factory=BatchLimits)
    backoff: FullJitter = field(default_factory=FullJitter)
    deadline_s: float = 300.0
    senders: int = 8
    start_concurrency: int = 2
    max_concurrency: int = 4
    in_all: int = 16


@dataclass
class BulkOutcome:
    """Counts per mall, and the refused documents; `reasons` counts these by mall and kind of reason."""

    written: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    stale: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    refused: list[Refusal] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def settled(self) -> int:
        """The number of items that need not be sent any more."""
        counted = (self.written, self.deleted, self.stale)
        return sum(sum(counter.values()) for counter in counted) + len(self.refused)

    def settled_of(self, mall_id: str) -> int:
        """The number of a mall's items that need not be sent any more."""
        refused = sum(count for (mall, _), count in self.reasons.items() if mall == mall_id)
        return self.written[mall_id] + self.deleted[mall_id] + self.stale[mall_id] + refused

    def add(self, other: BulkOutcome) -> None:
        """Add the outcome of another sender."""
        self.written += other.written
        self.deleted += other.deleted
        self.stale += other.stale
        self.retried += other.retried
        self.refused += other.refused
        self.reasons += other.reasons

    def check_refusals(self, most: int = 50, most_share: float = 0.01) -> None:
        """Raises SinkRefused if one reason hits more than `most` documents and `most_share` of a mall's.

        Each mall is judged by itself, because the other malls of a run say nothing about its catalog.
        """
        for (mall_id, reason), count in self.reasons.most_common():
            if count > most and count > most_share * self.settled_of(mall_id):
                self._refuse(mall_id, reason)

    def check_all_is_refused(self) -> None:
        """Raises SinkRefused if more than half of all settled documents were refused, whatever their mall."""
        if len(self.refused) > 1000 and len(self.refused) > self.settled / 2:
            ((mall_id, reason), _) = self.reasons.most_common(1)[0]
            self._refuse(mall_id, reason)

    def _refuse(self, mall_id: str, reason: str) -> NoReturn:
        example = next(one for one in self.refused if one.mall_id == mall_id)
        raise SinkRefused(
            f"OpenSearch refused {self.reasons[mall_id, reason]} of {self.settled_of(mall_id)} "
            f"documents of {mall_id} for the same reason, {reason} (the first one: "
            f"{example.product_id}, {example.reason}). The documents do not fit the mapping. Nothing "
            "was marked as loaded: correct the catalog or the index, then retry."
        )


@dataclass(order=True)
class _Batch:
    due: float
    number: int
    items: list[BulkItem] = field(compare=False)
    attempt: int = field(default=0, compare=False)
    failing_since: float | None = field(default=None, compare=False)
    fault: str = field(default="", compare=False)


_Answer = list[ItemAnswer] | RequestLost | RequestTooLarge


class BulkSender:
    """Sends one stream of items to one index; not to be shared between threads."""

    def __init__(
        self,
        endpoint: BulkEndpoint,
        options: BulkOptions = BulkOptions(),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _CHANCE.random,
        sent: Sent = untold,
    ) -> None:
        self._endpoint = endpoint
        self._options = options
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._gate = Concurrency(options.start_concurrency, options.max_concurrency)
        self._waiting: list[_Batch] = []
        self._number = 0
        self._sent = sent
        self._settled: Counter[str] = Counter()
        self.outcome = BulkOutcome()

    def send(self, items: Iterable[BulkItem]) -> BulkOutcome:
        """Send all items; returns when each is written, absent, stale or refused.

        Raises SinkUnavailable if an item fails for longer than the deadline, and SinkRefused if the sink
        refuses in a way that sending again cannot change.
        """
        fresh = batches(items, self._options.limits)
        under_way: dict[Future[_Answer], _Batch] = {}
        with ThreadPoolExecutor(self._options.max_concurrency) as pool:
            while True:
                self._fill(pool, under_way, fresh)
                if under_way:
                    done, _ = wait(under_way, self._until_due(under_way), FIRST_COMPLETED)
                    for future in done:
                        self._settle(under_way.pop(future), future.result())
                elif self._waiting:
                    self._sleep(max(0.0, self._waiting[0].due - self._clock()))
                else:
                    return self.outcome

    def _fill(
        self,
        pool: ThreadPoolExecutor,
        under_way: dict[Future[_Answer], _Batch],
        fresh: Iterator[list[BulkItem]],
    ) -> None:
        while len(under_way) < self._gate.allowed:
            batch = self._next(fresh)
            if batch is None:
                return
            under_way[pool.submit(self._post, batch)] = batch

    def _next(self, fresh: Iterator[list[BulkItem]]) -> _Batch | None:
        if self._waiting and self._waiting[0].due <= self._clock():
            return heapq.heappop(self._waiting)
        items = next(fresh, None)
        return None if items is None else self._batch(items)

    def _batch(self, items: list[BulkItem]) -> _Batch:
        self._number += 1
        return _Batch(self._clock(), self._number, items)

    def _until_due(self, under_way: dict[Future[_Answer], _Batch]) -> float | None:
        if not self._waiting or len(under_way) >= self._gate.allowed:
            return None
        return max(0.0, self._waiting[0].due - self._clock())

    def _post(self, batch: _Batch) -> _Answer:
        try:
            answers = self._endpoint.post(body(batch.items))
        except (RequestLost, RequestTooLarge) as fault:
            return fault
        if len(answers) != len(batch.items):
            return RequestLost(f"{len(answers)} answers to {len(batch.items)} items")
        return answers

    def _settle(self, batch: _Batch, answer: _Answer) -> None:
        if isinstance(answer, RequestTooLarge):
            self._halve(batch)
        elif isinstance(answer, RequestLost):
            self._again(batch, batch.items, str(answer))
        else:
            self._read(batch, answer)

    def _read(self, batch: _Batch, answers: list[ItemAnswer]) -> None:
        again: list[BulkItem] = []
        fault = ""
        for item, answer in zip(batch.items, answers, strict=True):
            verdict = judge(item, answer)
            if verdict is Verdict.RETRY:
                again.append(item)
                fault = f"{answer.status} {answer.error_type} {answer.reason}"
            else:
                self._count(item, verdict, answer)
        if again:
            self._again(batch, again, fault)
        else:
            self._gate.succeeded()
        self._sent(self._settled)
        self.outcome.check_all_is_refused()

    def _count(self, item: BulkItem, verdict: Verdict, answer: ItemAnswer) -> None:
        outcome, mall_id = self.outcome, item.mall_id
        self._settled[mall_id] += 1
        if verdict is Verdict.REFUSED:
            outcome.reasons[mall_id, reason_kind(answer)] += 1
            outcome.refused.append(
                Refusal(mall_id, item.product_id, answer.error_type, answer.reason[:500])
            )
        elif verdict is Verdict.STALE:
            outcome.stale[mall_id] += 1
        elif item.op == "index":
            outcome.written[mall_id] += 1
        else:
            outcome.deleted.update([mall_id] if verdict is Verdict.DONE else [])

    def _again(self, batch: _Batch, items: list[BulkItem], fault: str) -> None:
        now = self._clock()
        self._gate.overloaded()
        self.outcome.retried += len(items)
        since = now if batch.failing_since is None else batch.failing_since
        if now - since >= self._options.deadline_s:
            raise SinkUnavailable(
                f"OpenSearch did not take {len(items)} documents within "
                f"{self._options.deadline_s:g} s ({batch.attempt + 1} tries), last: {fault}"
            )
        delay = self._options.backoff.delay_s(batch.attempt, self._random)
        self._number += 1
        heapq.heappush(
            self._waiting,
            _Batch(now + delay, self._number, items, batch.attempt + 1, since, fault),
        )

    def _halve(self, batch: _Batch) -> None:
        if len(batch.items) == 1:
            answer = ItemAnswer(413, "document_too_large", "larger than http.max_content_length")
            self._count(batch.items[0], Verdict.REFUSED, answer)
            return
        middle = len(batch.items) // 2
        for half in (batch.items[:middle], batch.items[middle:]):
            heapq.heappush(self._waiting, self._batch(half))
