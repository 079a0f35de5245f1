"""The feed engine in memory: feeds are lists of rows, staged against the in-memory table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from mallfeed.errors import FeedHeld, SnapshotGone
from mallfeed.ledger.contained import contained_at
from mallfeed.ledger.identity import mall_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.product.record import PRESENT_SINCE, SLICE, SLICE_MOVES
from mallfeed.product.supplement import MEMORY, partition_of
from mallfeed.sinks.port import Refusal
from mallfeed.table.counts import Counts
from mallfeed.table.port import TABLE_ONLY, Commit, Staged
from tests.model.oracle import (
    GONE_AFTER,
    OUT_AFTER,
    WHOLE,
    Product,
    Said,
    gone,
    in_turn,
    moments,
    named,
    out_of_stock,
    rows_of,
)
from tests.model.oracle import held as held_at
from tests.twins.table import MemoryTable, deleted
from tests.unit.ledger.records import START, at

Moves = tuple[tuple[str, str | None], ...]
"""The orders of the deltas that moved a product, each with its slice before."""


def product(
    mall_id: str,
    product_id: str,
    said: Product,
    since: str | None = None,
    slice: str | None = None,
    moves: Moves = (),
) -> dict[str, Any]:
    """A canonical row whose only differences are its price and its brand."""
    price, brand = said
    return {
        "op": "U",
        "mall_id": mall_id,
        "product_id": product_id,
        "title": f"상품 {product_id}",
        "price": Decimal(price),
        "brand": None if brand is None else str(brand),
        "currency": "KRW",
        "url": f"https://shop.example/{product_id}",
        "category_path": ["전자"],
        "content_hash": sha256(f"{product_id}={price} {brand}".encode()).hexdigest(),
        PRESENT_SINCE: since,
        SLICE: slice,
        SLICE_MOVES: moves,
    }


def as_it_holds(row: dict[str, Any], moment: datetime, last: float | None = None) -> dict[str, Any]:
    """The row with what holds of it at a moment, in a world with time; `last`: when a feed contained it last, in one
    with silence."""
    said, minute = said_of(row), minutes(moment)
    shown = held_at(said, minute, last)
    price = said[0] if shown is None else shown[0]
    key = f"{row['product_id']}={said} {price} {shown is None}"
    return row | {
        "price": Decimal(price),
        "said": said,
        "expired": True if shown is None else None,
        "moments": [at(one) for one in moments(said)],
        "content_hash": sha256(key.encode()).hexdigest(),
        "judged_at": moment,
        "silent": (out_of_stock(last, minute), gone(last, minute)),
    }


def minutes(moment: datetime) -> float:
    """A moment as the model counts."""
    return (moment - START).total_seconds() / 60


def within(feed: str | None, product: str | None) -> bool:
    """Whether a product of that slice is one of the feed's slice."""
    return feed is None or product is None or feed == product


def _slice_at(held: dict[str, Any], order: str, neighbours: Neighbours) -> str | None:
    """The slice of a product of the table at that place of the mall's order."""
    for moved, before in held[SLICE_MOVES]:
        if moved > order:
            return before
    return held[SLICE] or neighbours.unnamed


def _is_by_later(order: str, feed: FeedRecord, neighbours: Neighbours) -> bool:
    """Whether that is the order of a later delta, or the feed's own."""
    return order.rpartition("!")[2] in (feed.feed_id, *neighbours.later)


def _slice_then(held: dict[str, Any], feed: FeedRecord, neighbours: Neighbours) -> str | None:
    """The slice of a product of the table where a feed comes in."""
    for moved, before in held[SLICE_MOVES]:
        if _is_by_later(moved, feed, neighbours):
            return before
    return held[SLICE] or neighbours.unnamed


def _is_settled(held: dict[str, Any], neighbours: Neighbours) -> bool:
    return any(
        _slice_at(held, full, neighbours) == slice for slice, full in neighbours.settled.items()
    )


def _others_come_after(said: Said, later: Sequence[Said], neighbours: Neighbours) -> bool:
    """Whether feeds of other slices that come after the feed are loaded: nothing tells what they would have made of
    a product that was not there when they came, or is gone (docs/decisions/slices.md)."""
    others = any(one.slice != said.slice for one in later)
    return said.slice is not None and (others or bool(neighbours.settled))


def _leaves(pid: str, place: str | None, sources: Sequence[Said], said: Said) -> bool:
    """Whether a later delta takes the product away."""
    for source in sources:
        for op, one, _ in source.rows:
            if one == pid and op == "D" and source is not said and within(source.slice, place):
                return True
            if one == pid and op in WHOLE and source.slice is not None:
                place = source.slice
    return False


def _without_time(row: dict[str, Any]) -> dict[str, Any]:
    aside = ("judged_at", "contained", "silent", "op")  # what silence changes is in the hash
    return {name: value for name, value in row.items() if name not in aside}


def _last(row: dict[str, Any], fulls: Mapping[str | None, float], unnamed: str | None) -> float:
    """When a product was last contained: by a delta, or by a full feed of its slice."""
    slice_now = row[SLICE] or unnamed
    known = [at for name, at in fulls.items() if slice_now is None or name in (None, slice_now)]
    known += [] if row["contained"] is None else [row["contained"]]
    return max(known)


def supplemented(row: dict[str, Any], given: int | None) -> dict[str, Any]:
    """A row that primary feeds have made, with the brand that supplements give."""
    if not given:
        return row
    price, brand = said_of(row)
    covered = product(
        row["mall_id"],
        row["product_id"],
        (price, given),
        row[PRESENT_SINCE],
        row[SLICE],
        row[SLICE_MOVES],
    )
    return covered | {"under": brand}


def primary_of(row: Mapping[str, Any]) -> Product:
    """What primary feeds say of a row of the table."""
    price, brand = said_of(row)
    return price, row.get("under", brand)


def said_of(row: Mapping[str, Any]) -> Product:
    """What was said of a row of the table: price and brand."""
    if "said" in row:
        said: Product = row["said"]
        return said
    return int(row["price"]), None if row["brand"] is None else int(row["brand"])


class MemoryEngine:
    """`mallfeed.load.ports.FeedEngine` over the rows of feeds in memory."""

    def __init__(
        self,
        said: dict[str, Said],
        table: MemoryTable,
        fault: Callable[[str], None],
        rejects_of: set[str],
        untold: set[tuple[str, str]],
    ) -> None:
        self._said = said
        self._table = table
        self._fault = fault
        self._rejects_of = rejects_of
        self._untold = untold
        self.clock: Callable[[], datetime] | None = None  # of a world with time
        self.silent: Callable[[str], bool] = lambda mall_id: False  # whose catalogs have `silence`

    def suit(self, feeds: Sequence[FeedRecord]) -> None:
        """Nothing is compiled here."""

    def ahead(self, feeds: Sequence[tuple[FeedRecord, Neighbours]]) -> None:
        """Nothing is staged for several feeds at once."""

    def stage(self, feed: FeedRecord, neighbours: Neighbours) -> Staged:
        """See the port: rows are folded, each changes what it names."""
        self._fault("engine: copy exactly")
        if feed.rollback_to is not None:
            return self._restored(feed, feed.rollback_to)
        if feed.due_at is not None:
            return self._turned(feed, feed.due_at, neighbours)
        said = self._said[feed.feed_id]
        if said.bad:
            raise FeedHeld("undecodable", "byte 12 is not utf-8")
        later = [self._said[one] for one in neighbours.later]
        if said.supplement is not None:
            return self._supplement(feed, said.supplement, [said, *later], neighbours)
        if feed.has_stamps:
            return self._stamped(feed, said, neighbours)
        held = self._table.products(feed.mall_id)
        touched = {pid for _, pid, _ in said.rows} | (set(held) if said.full else set())
        changes = [
            change
            for pid in sorted(touched)
            if (change := self._change(feed, pid, held.get(pid), said, later, neighbours))
            is not None
        ]
        self._fault("engine: write outcome")
        counts = Counts(
            rows_read=len(said.rows),
            changed=sum(row["op"] == "U" for row in changes),
            refreshed=sum(row["op"] == TABLE_ONLY for row in changes),
            vanished=sum(row["op"] == "D" for row in changes),
            products_before=len(held),
        )
        return self._staged(feed, counts, changes)

    def _stamped(self, feed: FeedRecord, said: Said, neighbours: Neighbours) -> Staged:
        """Rows are taken in the order of their stamps, among all that is remembered of their product."""
        partition = partition_of(feed.mall_id, MEMORY)
        held, memory = self._table.products(feed.mall_id), self._table.products(partition)
        touched = {pid for _, pid, _ in said.rows}
        touched |= {*held, *memory} if said.full else set()
        brings = feed.feed_id not in neighbours.outlived
        changes: list[dict[str, Any]] = []
        beside: list[dict[str, Any]] = []
        for pid in sorted(touched):
            known = memory[pid]["taken"] if pid in memory else ()
            own = rows_of(said, pid)
            kept = [one for one in known if one.order != feed.order]
            if said.full and not own:
                kept = [one for one in kept if one.order > feed.order]
            if not brings and pid not in held:
                # Whether a full feed that has come since has had it, is not known of what was taken away.
                self._untold |= {(feed.mall_id, pid)} if kept else set()
                own = []
            elif not brings and own and self._fulls_after(feed) > 1:
                # Nor whether one before the last of them has lacked it, which would have ended what was said before.
                self._untold.add((feed.mall_id, pid))
            taken = tuple(sorted([*kept, *own]))
            if taken != tuple(known):
                row = {**deleted(partition, pid), "taken": taken}
                beside.append(row | {"op": "U", "expired": True} if taken else row)
            state = in_turn(taken)
            if state is None:
                changes += [deleted(feed.mall_id, pid)] if pid in held else []
                continue
            row = product(feed.mall_id, pid, state, None, feed.slice)
            row = row if self.clock is None else as_it_holds(row, self.clock())
            if pid not in held or _without_time(row) != _without_time(held[pid]):
                changes.append(row)
        self._fault("engine: write outcome")
        counts = Counts(
            changed=sum(row["op"] == "U" for row in changes),
            vanished=sum(row["op"] == "D" for row in changes),
            beside=len(beside),
            products_before=len(held),
        )
        staged = self._staged(feed, counts, changes)
        return replace(staged, changes=[*changes, *beside], partitions=(partition,))

    def _fulls_after(self, feed: FeedRecord) -> int:
        """How many full feeds of the mall come after this one."""
        of_mall = (one for one in self._said.values() if mall_of(one.feed_id) == feed.mall_id)
        return sum(one.full and not one.bad and one.order > feed.order for one in of_mall)

    def _staged(self, feed: FeedRecord, counts: Counts, changes: list[dict[str, Any]]) -> Staged:
        if self.clock is None:
            return Staged(feed.feed_id, feed.mall_id, counts, changes)
        ahead = [
            # What held of a restored product then may be over: that is due at once.
            max(moment, row["judged_at"])
            for row in changes
            for moment in row.get("moments", ())
            if moment > row["judged_at"] or feed.rollback_to is not None
        ]
        if self.silent(feed.mall_id) and feed.rollback_to is not None:
            ahead.append(self.clock())
        elif self.silent(feed.mall_id) and counts.rows_read:
            ahead.append(contained_at(feed) + timedelta(minutes=OUT_AFTER))
        return Staged(
            feed.feed_id, feed.mall_id, counts, changes, next_moment=min(ahead, default=None)
        )

    def _given(
        self, mall_id: str, but: Mapping[str, Mapping[str, int]] | None = None
    ) -> dict[str, int]:
        """Product → the brand that the mall's supplements give it; `but`: those that are about to say otherwise."""
        said = {
            name: {
                key: int(row["brand"])
                for key, row in self._table.products(partition_of(mall_id, name)).items()
            }
            for name in self._table.supplements(mall_id)
        }
        said |= but or {}
        found: dict[str, int] = {}
        for name in sorted(said, reverse=True):
            found |= said[name]
        return found

    def _supplement(
        self, feed: FeedRecord, name: str, sources: Sequence[Said], neighbours: Neighbours
    ) -> Staged:
        """What the supplement says now, in a partition of its own, and the products that come out otherwise."""
        partition = partition_of(feed.mall_id, name)
        before = {key: int(row["brand"]) for key, row in self._table.products(partition).items()}
        says = {} if sources[0].full else dict(before)
        for source in sources:
            for op, pid, value in source.rows:
                assert isinstance(value, int)
                says[pid] = 0 if op == "D" else value
        says = {pid: brand for pid, brand in says.items() if brand}
        own = [
            {**deleted(partition, pid), "op": "U", "brand": str(brand), "expired": True}
            for pid, brand in says.items()
            if before.get(pid) != brand
        ]
        own += [deleted(partition, pid) for pid in before if pid not in says]
        self._fault("engine: write outcome")
        given = self._given(feed.mall_id, {name: says})
        held = self._table.products(feed.mall_id)
        touched = {row["product_id"] for row in own} & set(held)
        changes = [
            row
            for pid in sorted(touched)
            if (row := self._again(feed, held[pid], given.get(pid), neighbours))
        ]
        counts = Counts(changed=len(changes), beside=len(own), products_before=len(held))
        staged = self._staged(feed, counts, changes)
        return replace(staged, changes=[*changes, *own], partitions=(partition,))

    def _again(
        self, feed: FeedRecord, held: dict[str, Any], given: int | None, neighbours: Neighbours
    ) -> dict[str, Any] | None:
        """The product with what supplements give now; None = as before."""
        said = primary_of(held)
        row = product(
            held["mall_id"],
            held["product_id"],
            said,
            held[PRESENT_SINCE],
            held[SLICE],
            held[SLICE_MOVES],
        )
        row = supplemented(row, given) | {"contained": held["contained"]}
        if self.clock is not None:
            last = self._last(row, feed, neighbours) if self.silent(feed.mall_id) else None
            row = as_it_holds(row, self.clock(), last)
        return None if _without_time(row) == _without_time(held) else row

    def next_moment(self, feed: FeedRecord, neighbours: Neighbours) -> datetime | None:
        """See the port."""
        assert feed.due_at is not None
        ahead = self._table.next_moment(feed.mall_id, feed.due_at)
        silent = [
            at(self._last(row, feed, neighbours) + wait)
            for row in self._table.products(feed.mall_id).values()
            for wait in (OUT_AFTER, GONE_AFTER)
            if self.silent(feed.mall_id)
        ]
        later = [one for one in silent if one > feed.due_at]
        return min([*later, *([] if ahead is None else [ahead])], default=None)

    def _last(
        self, row: dict[str, Any], feed: FeedRecord, neighbours: Neighbours, own: bool = False
    ) -> float:
        """When a product was last contained, of a mall with silence; `own`: by this full feed, too."""
        fulls = {name: minutes(one) for name, one in neighbours.last_fulls.items()}
        if own:
            told = minutes(contained_at(feed))
            fulls[feed.slice] = max(told, fulls.get(feed.slice, told))
        return _last(row, fulls, neighbours.unnamed)

    def _turned(self, feed: FeedRecord, moment: datetime, neighbours: Neighbours) -> Staged:
        """Of what is due at a moment: what holds then, or at the later moment at which the product was judged."""
        before = self._table.products(feed.mall_id)
        now = moment if self.clock is None else self.clock()
        silent = self.silent(feed.mall_id)
        changes, goes = [], 0
        for row in before.values():
            judged_at = max(moment, row["judged_at"])
            if not silent and not any(one <= judged_at for one in row.get("moments", ())):
                continue
            last = self._last(row, feed, neighbours) if silent else None
            anew, later = (as_it_holds(row, one, last) for one in (judged_at, max(now, judged_at)))
            if row["content_hash"] not in (anew["content_hash"], later["content_hash"]):
                changes.append(anew)
                goes += anew["silent"] > row["silent"]
        counts = Counts(changed=len(changes), products_before=len(before), silent_out_of_stock=goes)
        return Staged(feed.feed_id, feed.mall_id, counts, changes)

    def _change(
        self,
        feed: FeedRecord,
        pid: str,
        held: dict[str, Any] | None,
        said: Said,
        later: Sequence[Said],
        neighbours: Neighbours,
    ) -> dict[str, Any] | None:
        """What the feed makes of a product, with those of later deltas over it; None = nothing new.

        It knows what the job knows: the product of the table, since when it is there, and what later rows said.
        """
        place = None if held is None else _slice_then(held, feed, neighbours)
        if held is None and _others_come_after(said, later, neighbours):
            self._untold.add((feed.mall_id, pid))
        if held is not None and _is_settled(held, neighbours):
            return None
        leaves = _leaves(pid, place, (said, *later), said)
        known: Product | None = None
        since: str | None = None
        moves = (
            ()
            if held is None
            else tuple(m for m in held[SLICE_MOVES] if not _is_by_later(m[0], feed, neighbours))
        )
        there = leaves
        clears = said.full and within(feed.slice, place)
        if held is not None and not clears:
            since = held[PRESENT_SINCE]
            if since is None or not _is_by_later(since, feed, neighbours) or leaves:
                known, there = primary_of(held), True
        elif clears:
            there = False
        for source in (said, *later):
            for op, one, value in source.rows:
                if one != pid or (not there and source.feed_id in neighbours.outlived):
                    continue
                if op == "D" and not within(source.slice, place):
                    continue
                if op in WHOLE:
                    if source.full:
                        moves = ()
                    elif source.slice is not None and source.slice != place:
                        moves = (*moves, (source.order, place))
                    place = source.slice or place
                if op == "D":
                    known, there = None, False
                elif op in WHOLE and (source.full or not there):
                    price, brand = named(op, value)
                    known, there = (price or 0, brand or None), True
                    since = None if source.full else source.order
                elif there:
                    price, brand = named(op, value)
                    before = known or (0, None)
                    known = (
                        before[0] if price is None else price,
                        before[1] if brand is None else brand or None,
                    )
        if not there or known is None:
            return None if held is None else deleted(feed.mall_id, pid)
        row = product(feed.mall_id, pid, known, since, place, moves)
        row = supplemented(row, self._given(feed.mall_id).get(pid))
        silent = self.silent(feed.mall_id)
        named_at = [
            source.minute
            for source in (said, *later)
            for op, one, _ in source.rows
            if one == pid and op != "D" and not source.full
        ]
        known_at = [] if held is None or held["contained"] is None else [held["contained"]]
        row["contained"] = max([*named_at, *known_at], default=None) if silent else None
        if self.clock is not None:
            # The rows of a full feed are judged by themselves, where no later delta is.
            by_itself = said.full and not later
            last = (
                self._last(row, feed, neighbours, said.full) if silent and not by_itself else None
            )
            row = as_it_holds(row, self.clock(), last)
        if held is None:
            return row
        before = {**held, SLICE: held[SLICE] or neighbours.unnamed}
        if _without_time(row) != _without_time(before):
            return row
        if (
            not silent
            or said.full
            or (row["contained"] or 0) <= self._last(before, feed, neighbours)
        ):
            return None
        return row | {"op": TABLE_ONLY}

    def _restored(self, feed: FeedRecord, snapshot_id: int) -> Staged:
        try:
            at = Commit(self._table.table_uuid, snapshot_id, 0)
            then, held = self._table.products(feed.mall_id, at), self._table.products(feed.mall_id)
        except SnapshotGone as gone:
            raise FeedHeld("snapshot_expired", str(gone)) from gone
        changes = [row for key, row in then.items() if held.get(key) != row]
        if self.clock is not None:
            changes = [row | {"judged_at": self.clock()} for row in changes]
        changes += [deleted(feed.mall_id, key) for key in held if key not in then]
        upserts = sum(row["op"] == "U" for row in changes)
        names = {*self._table.supplements(feed.mall_id), *self._table.supplements(feed.mall_id, at)}
        names.add(MEMORY)
        partitions = tuple(partition_of(feed.mall_id, name) for name in sorted(names))
        beside = [row for one in partitions for row in self._back(one, at)]
        counts = Counts(
            changed=upserts,
            vanished=len(changes) - upserts,
            beside=len(beside),
            products_before=len(held),
        )
        staged = self._staged(feed, counts, changes)
        return replace(staged, changes=[*changes, *beside], partitions=partitions)

    def _back(self, partition: str, at: Commit) -> list[dict[str, Any]]:
        """What takes a supplement's rows back to a snapshot."""
        then, held = self._table.products(partition, at), self._table.products(partition)
        changes = [row for key, row in then.items() if held.get(key) != row]
        return changes + [deleted(partition, key) for key in held if key not in then]

    def vouch(self, staged: Staged, feed: FeedRecord, usual: Sequence[Counts]) -> None:
        """No guard holds anything here."""

    def keep_rejects(self, feed_ids: Sequence[str]) -> None:
        """No row is refused here; remembers for which feeds this was called."""
        self._fault("engine: keep rejects")
        self._rejects_of.update(feed_ids)

    def counts(self, feed_id: str) -> Counts | None:
        """No counts are remembered."""
        return None


class QuietReporter:
    """Records which feeds it is to report, and crashes where the schedule says so."""

    def __init__(self, fault: Callable[[str], None], told: list[FeedRecord]) -> None:
        self._fault = fault
        self._told = told

    def coming(self, feeds: Sequence[FeedRecord]) -> None:
        """Nothing to collect."""

    def finished(self, feed: FeedRecord, refused: Sequence[Refusal]) -> None:
        """See the port."""
        self._fault("reporter: write")
        self._told.append(feed)
