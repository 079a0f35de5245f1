"""A whole mallfeed in memory: ledger, dispatch, table, two sinks, and a Glue that crashes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from mallfeed.arrival.due import enter_due
from mallfeed.errors import SinkUnavailable, SnapshotGone
from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.identity import mall_of, order_time
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.operate import carry_out, drop, rollback
from mallfeed.ledger.slices import last_published
from mallfeed.ledger.states import State
from mallfeed.load.concurrency import SideBySide
from mallfeed.load.ports import Loading
from mallfeed.load.run_plan import run_plan
from mallfeed.maintain.lease import give_back_dead, holder_of
from mallfeed.maintain.maintain import Maintenance, Outcome, maintain
from mallfeed.maintain.reindex import Indices, Reindexed, reindex
from mallfeed.plan.dispatch import dispatch
from mallfeed.plan.limits import Limits
from mallfeed.product.record import SLICE
from mallfeed.product.supplement import MEMORY, partition_of
from mallfeed.progress.watch import RunWatch
from mallfeed.sinks.port import Sink
from mallfeed.table.port import Commit
from tests.model.engine import MemoryEngine, QuietReporter, primary_of, said_of
from tests.model.oracle import Said, Value, contained, held, products
from tests.twins.sinks import MemoryIndex, MemoryWarehouse
from tests.twins.table import MemoryTable
from tests.unit.ledger.records import at, feed
from tests.unit.plan.fakes import ScriptedRuns

T = TypeVar("T")


def one_by_one(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """`SideBySide` in the given order, so that a schedule can be repeated."""
    return [task() for task in tasks]


class Crash(BaseException):
    """kill −9: nothing in the code may catch it."""


class Faults:
    """Counts side effects; crashes at the one it is armed for, or takes a sink down."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.dead = False
        self._left: int | None = None
        self.down: set[str] = set()
        self.between: Callable[[str], None] | None = None

    def arm(self, effects: int | None) -> None:
        """Crash before the effect after so many more; None = never."""
        self._left = effects
        self.dead = False

    def __call__(self, point: str) -> None:
        self.seen.add(point)
        if point.split(":")[0] in self.down:
            raise SinkUnavailable(f"{point}: down")
        if self._left is not None:
            if self._left == 0:
                self._left = None
                self.dead = True
                raise Crash(point)
            self._left -= 1


class FaultyLedger(MemoryLedger):
    """The in-memory ledger whose writes by a run may crash it, before or after they are made."""

    def __init__(self, faults: Faults, endings: Endings) -> None:
        super().__init__(endings)
        self._faults = faults
        self.in_run = False

    def update(self, before: FeedRecord, after: FeedRecord) -> FeedRecord:
        """See the port."""
        name = f"ledger: {before.state} to {after.state}"
        if self.in_run:
            self._faults(f"{name}, before")
        written = super().update(before, after)
        if self.in_run:
            self._faults(f"{name}, after")
        return written

    def unlock_mall(self, mall_id: str, holder: str) -> None:
        """See the port; a killed process gives nothing back."""
        if not self._faults.dead:
            super().unlock_mall(mall_id, holder)


class World:
    """Everything, and the moves that a schedule is made of."""

    def __init__(self, timed: bool = False, silent: bool = False) -> None:
        self.timed = timed
        self.silent = silent
        self.faults = Faults()
        self.endings = Endings()
        self.ledger = FaultyLedger(self.faults, self.endings)
        self.reported: list[FeedRecord] = []
        self.table = MemoryTable(self.faults)
        self.index = MemoryIndex(fault=self.faults)
        self.warehouse = MemoryWarehouse(fault=self.faults, refuse=self._too_long)
        self.runs = ScriptedRuns()
        self.said: dict[str, Said] = {}
        self.minutes = 1000.0
        self.epoch = 0
        self.limits = Limits(max_tries=1_000_000, gather_seconds=0, backoff_seconds=1)
        self.dead: list[tuple[str, PlanRecord]] = []
        self.rejects_of: set[str] = set()
        self.untold: set[tuple[str, str]] = set()
        self.side_by_side: SideBySide = one_by_one
        self.engine: type[MemoryEngine] = MemoryEngine
        self.watch: RunWatch | None = None
        self.refused_prices: set[int] = set()
        self.building: list[MemoryIndex] = []
        self.nights = 0
        self.spoilt = False
        self.dead_nights: set[str] = set()

    def _too_long(self, row: Mapping[str, Any]) -> str | None:
        return "a value is too long" if int(row["price"]) in self.refused_prices else None

    def sinks(self) -> list[Sink]:
        """Every live index, and the warehouse."""
        return [self.index, *self.building, self.warehouse]

    def now(self) -> datetime:
        """The clock, which moves by one second each time it is read."""
        self.minutes += 1 / 60
        return at(self.minutes)

    def arrive(
        self,
        mall: str,
        place: int,
        full: bool,
        rows: tuple[tuple[str, str, Value], ...],
        bad: bool,
        part: str | None = None,
        stamp: int | None = None,
        stamps: tuple[int | None, ...] | None = None,
    ) -> None:
        """A feed of a slice arrives; `place` is its order, so that it may be late, or known already. `stamp`: how many
        minutes before its upload it was exported, if the upload says so. `stamps`: in which minute each of its rows was made,
        in a mall whose rows say so."""
        mode = "full" if full else "delta"
        record = feed(place, mall, mode=mode, slice=part, arrived_at=self.now())
        if stamp is not None:
            exported = at(place - stamp)
            known = {"exported_at": exported, "feed_time": exported}
            record = record.model_copy(update=known)
        if stamps is not None:
            record = record.model_copy(update={"has_stamps": True})
        if self.ledger.enter(record).revision == 1 and record.feed_id not in self.said:
            named = None if stamp is None else order_time(at(place - stamp))
            of_rows = None
            if stamps is not None:
                known_at = (*stamps, *[None] * len(rows))[: len(rows)]
                of_rows = tuple(None if one is None else order_time(at(one)) for one in known_at)
            said = Said(
                record.feed_id, record.order, full, rows, bad, part, stamp=named, stamps=of_rows
            )
            self.said[record.feed_id] = said

    def again(self, mall: str, place: int) -> None:
        """The bytes of the mall's last published full feed arrive once more."""
        known = [one for one in last_published(self.ledger.feeds(mall)) if one.etag]
        if not known:
            return
        same = {name: getattr(known[-1], name) for name in ("etag", "slice", "mode")}
        record = feed(place, mall, arrived_at=self.now(), **same)
        if self.ledger.enter(record).revision == 1 and record.feed_id not in self.said:
            rows = self.said[known[-1].feed_id].rows
            self.said[record.feed_id] = Said(
                record.feed_id, record.order, True, rows, slice=record.slice
            )

    def _is_silent(self, mall: str) -> bool:
        """Whether the mall's catalog has `silence`; not where uploads or rows name times of their own."""
        return self.silent and mall not in ("mall_t", "mall_v")

    def dispatch(self) -> None:
        """What both Lambdas do."""
        enter_due(self.ledger, self.now())
        dispatch(self.ledger, self.runs, self.limits, self.now)

    def run(self, crash_after: int | None) -> None:
        """The oldest running Glue run works, to its end or until it is killed."""
        running = [run for run, state in self.runs.states.items() if state == "RUNNING"]
        if not running:
            return
        job_run_id = running[0]
        self.faults.arm(crash_after)
        self.ledger.in_run = True
        try:
            outcome = self._work(job_run_id)
            self.runs.states[job_run_id] = "FAILED" if outcome else "SUCCEEDED"
        except Crash:
            self.runs.states[job_run_id] = "FAILED"
            self.dead.append((job_run_id, self.runs.plans[job_run_id]))
        finally:
            self.ledger.in_run = False
            self.faults.arm(None)

    def wake_zombie(self) -> None:
        """A run that was given up wakes again, after its successors."""
        if self.dead:
            self._work(self.dead.pop(0)[0])

    def _work(self, job_run_id: str) -> bool:
        plan = self.runs.plans[job_run_id]
        engine = self.engine(self.said, self.table, self.faults, self.rejects_of, self.untold)
        engine.clock = self.now if self.timed else None
        engine.silent = self._is_silent
        self.endings.take()  # what the Lambdas have ended they tell of themselves
        loading = Loading(
            ledger=self.ledger,
            claims=ClaimedFeeds(self.ledger, plan.plan_id, job_run_id, self.now),
            engine=engine,
            table=self.table,
            sinks=self.sinks,
            reporter=QuietReporter(self.faults, self.reported),
            clock=self.now,
            epoch=self.epoch,
            side_by_side=self.side_by_side,
            watch=self.watch or RunWatch(job_run_id),
            endings=self.endings,
        )
        return bool(run_plan(plan.feed_ids, loading).unfinished)

    def maintain(self, crash_after: int | None) -> Outcome | None:
        """The nightly run, to its end or until it is killed."""
        run = self._maintenance()
        self.faults.arm(crash_after)
        try:
            return maintain(run)
        except Crash:
            self._dies(run)
            return None
        finally:
            self.faults.arm(None)

    def reindex(
        self, indices: Indices, crash_after: int | None, *, back: bool = False
    ) -> Reindexed | None:
        """The job reindex, to its end or until it is killed."""
        run = self._maintenance()
        self.faults.arm(crash_after)
        try:
            return reindex(run, indices, lambda: False, back=back)
        except Crash:
            self._dies(run)
            return None
        finally:
            self.faults.arm(None)

    def _maintenance(self) -> Maintenance:
        self.nights += 1
        return Maintenance(
            ledger=self.ledger,
            table=self.table,
            sinks=self.sinks,
            holder=holder_of("maintain", f"night_{self.nights}"),
            status_of=lambda _job, run_id: "FAILED" if run_id in self.dead_nights else "RUNNING",
            epoch=self.epoch,
        )

    def _dies(self, run: Maintenance) -> None:
        """kill -9: the locks that were held stay."""
        self.dead_nights.add(run.holder.rpartition("#")[2])

    def rollback(self, feed_id: str) -> str | None:
        """An operator publishes the mall as it was after this feed; the new feed's id."""
        record = self.ledger.feed(feed_id)
        if record is None or record.state is not State.LOADED or record.snapshot_id is None:
            return None
        try:
            at = Commit(self.table.table_uuid, record.snapshot_id, 0)
            rows_then = self.table.products(record.mall_id, at)
        except SnapshotGone:
            return None
        after = rollback(record, record.mall_id, "operator", "a bad day", self.now()).after
        then = {key: primary_of(row) for key, row in rows_then.items()}
        given = {
            name: {
                key: int(row["brand"])
                for key, row in self.table.products(partition_of(record.mall_id, name), at).items()
            }
            for name in self.table.supplements(record.mall_id, at)
        }
        rows = tuple(("W", key, (price, brand or 0)) for key, (price, brand) in then.items())
        slices = {key: row[SLICE] for key, row in rows_then.items()}
        memory = self.table.products(partition_of(record.mall_id, MEMORY), at)
        taken = {key: row["taken"] for key, row in memory.items()}
        restored = Said(
            after.feed_id,
            after.order,
            True,
            rows,
            slices=slices,
            undoes=True,
            given=given,
            taken=taken,
        )
        self.said[after.feed_id] = restored
        self.ledger.enter(after)
        return after.feed_id

    def spoil(self, mall: str, product_id: str, in_index: bool) -> None:
        """Somebody deletes a product from a sink by hand: only reconciling can notice it."""
        self.spoilt = True
        if in_index:
            self.index.lose(mall, product_id)
        else:
            self.warehouse.state.products.pop((mall, product_id), None)

    def give_back_dead_locks(self) -> None:
        """What dispatch_runs does before it dispatches."""
        give_back_dead(
            self.ledger,
            self.ledger.open_malls(),
            lambda _job, run_id: "FAILED" if run_id in self.dead_nights else "RUNNING",
        )

    def settle(self) -> None:
        """All faults end, and a person drops the held feeds, until nothing is left to do."""
        self.faults.down.clear()
        self.refused_prices.clear()
        for _ in range(500):
            self.minutes += 30
            for record in self.ledger.blocking_feeds():
                if record.code in ("snapshot_expired", "older_than_published"):
                    dropped = self.said[
                        record.feed_id
                    ]  # it was good, and is not loaded all the same
                    self.said[record.feed_id] = replace(dropped, bad=True)
                carry_out(self.ledger, drop(record, "operator", "bad data", self.now()))
            self.give_back_dead_locks()
            self.dispatch()
            self.run(None)
            # The feeds of a plan end before the next dispatch closes it.
            plans = self.ledger.open_plans()
            waiting = self.ledger.open_feeds() or self.ledger.moments(self.now())
            if not plans and not waiting and not self.ledger.blocking_feeds():
                return
        raise AssertionError(f"not quiet: {self.ledger.open_feeds()}, {self.ledger.open_plans()}")

    def check(self) -> None:
        """Table and both sinks equal the oracle for each mall; no plan is open, and none holds a lock.

        Maintenance that died may still hold one: whoever needs the mall next takes it.
        """
        malls = {mall_of(said.feed_id) for said in self.said.values()}
        assert self.ledger.open_plans() == []
        dead = {holder_of("maintain", night) for night in self.dead_nights}
        assert set(self.ledger.lock_holders(malls).values()) <= dead
        for mall in sorted(malls):
            told = [said for said in self.said.values() if said.feed_id.startswith(f"{mall}-")]
            untold = {product_id for one, product_id in self.untold if one == mall}
            counted = contained(said for said in told if not self._is_overtaken(said))
            wanted = {key: one for key, (one, _) in counted.items()}
            last = {key: at for key, (_, at) in counted.items()} if self._is_silent(mall) else {}
            rows = {key: said_of(row) for key, row in self.table.products(mall).items()}
            truth = {key: one for key, one in wanted.items() if key not in untold}
            truth |= {key: one for key, one in rows.items() if key in untold}
            story = [(s.feed_id, s.order[:16], s.full, s.rows, s.bad, self._state(s)) for s in told]
            assert rows == truth, story
            shown = {key: held(said, self.minutes, last.get(key)) for key, said in truth.items()}
            served = {key: one for key, one in shown.items() if one} if self.timed else truth
            if last and untold:  # nor does anything tell when it was contained
                known = products(self.index.documents(mall))
                served = {key: one for key, one in served.items() if key not in untold}
                served |= {key: one for key, one in known.items() if key in untold}
            assert products(self.index.documents(mall)) == served, story
            assert products(self.warehouse.products(mall)) == served, story
            loaded = {said.feed_id for said in told if self._state(said) is State.LOADED}
            assert loaded <= self.rejects_of, story

    def _is_overtaken(self, said: Said) -> bool:
        """Whether a newer full feed of its slice came before it was loaded. In a mall without slices or times of export
        that makes no difference; with them it could have taken a product over from another one."""
        return said.slice is not None and self._state(said) is State.SUPERSEDED

    def _state(self, said: Said) -> State | None:
        record = self.ledger.feed(said.feed_id)
        return None if record is None else record.state

    def wait(self, minutes: float) -> None:
        """Time passes."""
        self.minutes += minutes
