"""Where a feed stands among the others of its mall: its order, its slice, and what later ones have settled.

All is SQL over the frames that are compared, so that feeds of several malls can be compared together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, text
from mallfeed.product.record import SLICE, SLICE_MOVES, SLICE_MOVES_TYPE
from mallfeed.table.fold_columns import fault

MOVED_SLICE = "moved_slice"
"""Code of the warning that a product came from another slice: `X1: fashion → digital`."""
OTHER_SLICE = "other_slice"
"""Code of the warning that a row would take away a product of another slice, and does not: `X1: digital`."""


@dataclass(frozen=True)
class Place:
    """The place of a feed, or of several of different malls.

    Attributes
    ----------
    order : the feed's place in its mall's order
    slice : the slice that its rows belong to; null = the whole shop
    unnamed : the slice of products that the table holds without one; null = nothing says which
    settled : slice → order of the published full feed of that slice, where it comes after the feed; of one
        mall only
    named : the slices that the rows of a full feed name, where `slice` is a column of the rows (empty for a
        delta); None where all rows are of one
    brings : whether rows bring products that are not there; not those of a delta that a full feed has come after
    later : ids of the loaded deltas that say something newer than the feed; of one mall only
    """

    order: Sql = NO_TEXT
    slice: Sql = NO_TEXT
    unnamed: Sql = NO_TEXT
    settled: Mapping[str, str] | None = None
    named: tuple[str, ...] | None = None
    brings: bool = True
    later: tuple[str, ...] = ()

    @property
    def of_table(self) -> Sql:
        """The slice of a product of the table; null = of none, so that it is in each."""
        return f"coalesce({SLICE}, {self.unnamed})"

    @property
    def is_settled(self) -> Sql:
        """Whether a product of the table stays as it is: it is as a later full feed of its slice has said."""
        if not self.settled:
            return "false"
        was_in = (
            f"{_before_first(f'one.since > {text(at)}', self.of_table, SLICE_MOVES)} <=> {text(one)}"
            for one, at in self.settled.items()
        )
        return f"({' or '.join(was_in)})"

    def is_by_later(self, order: Sql) -> Sql:
        """Whether that order is the one of a delta in `later`, which ends in the id of its feed, or the feed's own: one that
        is decided again, over what it wrote before its run died, finds the products that it had brought."""
        found = [] if self.order == NO_TEXT else [f"coalesce({order} = {self.order}, false)"]
        if self.later:
            ids = ", ".join(map(text, self.later))
            found.append(f"substring_index({order}, '!', -1) in ({ids})")
        return f"({' or '.join(found)})" if found else "false"

    def slice_then(self, now: Sql, moves: Sql) -> Sql:
        """The slice of a product of the table where the feed comes in; `now` and `moves` are its `SLICE` and
        `SLICE_MOVES`."""
        return _before_first(self.is_by_later("one.since"), now, moves)

    def moves_before(self, moves: Sql) -> Sql:
        """Those of a product's moves that were made before the feed; never null."""
        none = f"cast(array() as {SLICE_MOVES_TYPE})"
        return f"coalesce(filter({moves}, one -> not {self.is_by_later('one.since')}), {none})"

    def is_elsewhere(self, of_product: Sql) -> Sql:
        """Whether a product of that slice belongs to another one than the row's."""
        return f"coalesce({of_product} <> {self.slice}, false)"

    def is_outside(self, of_product: Sql) -> Sql:
        """Whether a product of that slice belongs to none of the feed's."""
        if self.named is None:
            return self.is_elsewhere(of_product)
        if not self.named:
            return "false"
        return f"coalesce({of_product} not in ({', '.join(map(text, self.named))}), false)"

    @property
    def is_late(self) -> Sql:
        """Whether a row comes too late: a later full feed has settled its slice."""
        if self.named is None or not self.settled:
            return "false"
        return f"{self.slice} in ({', '.join(map(text, self.settled))})"


def _before_first(of_move: Sql, now: Sql, moves: Sql) -> Sql:
    """The slice before the first of the moves for which `of_move` holds; if there is none, the slice now."""
    found = f"filter({moves}, one -> {of_move})"
    return f"if(coalesce(size({found}) > 0, false), {found}[0].before, {now})"


def by_mall(values: Mapping[str, str | None]) -> Sql:
    """The value that belongs to the row's mall."""
    written = {mall: NO_TEXT if one is None else text(one) for mall, one in values.items()}
    if len(set(written.values())) == 1:
        return next(iter(written.values()))
    return f"map({', '.join(f'{text(mall)}, {one}' for mall, one in written.items())})[mall_id]"


def moved_warning(record_id: Sql, before: Sql, now: Sql) -> Sql:
    """MOVED_SLICE as faults."""
    value = f"concat({record_id}, ': ', {before}, ' → ', {now})"
    return fault(MOVED_SLICE, record_id, value)


def other_warning(record_id: Sql, where: Sql) -> Sql:
    """OTHER_SLICE as faults."""
    return fault(OTHER_SLICE, record_id, f"concat({record_id}, ': ', {where})")
