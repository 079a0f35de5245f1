"""What becomes of products that no feed has contained for a while; only where the mall's catalog says so.

A product was last contained when the newest full feed of its slice was uploaded, or the newest delta that names it.
Of deltas the moment is rounded up to the next of few (`Silence.step`), so that what is stored beside a product need
not be written anew with each of them. All is SQL over the names of columns; the moment comes from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, case, text
from mallfeed.product.holding import Moment, at

CONTAINED_AT = "contained_at"
"""Column of the table: when a delta last contained the product, rounded up; null = none has since there is a rule."""
NO_MOMENT = "cast(null as timestamp)"
NOT_FOR_SALE = ("out_of_stock", "discontinued")
"""Availabilities that silence leaves as they are."""
_LONGEST_STEP = timedelta(days=1)
_STEPS = 10


@dataclass(frozen=True)
class Silence:
    """The rule of a mall, and what is known of its full feeds.

    Attributes
    ----------
    out_of_stock, vanished : after how long a product is so; None = never
    fulls : slice → when the newest full feed was uploaded that told of it; None: one of the whole shop
    unnamed : the slice of products that the table holds without one; None = nothing says which
    """

    out_of_stock: timedelta | None = None
    vanished: timedelta | None = None
    fulls: Mapping[str | None, datetime] = field(default_factory=dict)
    unnamed: str | None = None

    @property
    def waits(self) -> tuple[timedelta, ...]:
        """After how long something becomes of a product, the shortest first."""
        return tuple(sorted(one for one in (self.out_of_stock, self.vanished) if one is not None))

    @property
    def step(self) -> timedelta:
        """The moments of deltas are rounded up to multiples of this: a day, or a tenth of the shortest wait."""
        return min([_LONGEST_STEP, *(wait / _STEPS for wait in self.waits)])

    def rounded(self, moment: Sql) -> Sql:
        """When a delta of that moment counts as having contained its products."""
        step = _micros(self.step)
        return f"timestamp_micros(ceil(unix_micros({moment}) / {step}) * {step})"

    def last(self, contained: Sql, slice_name: Sql, otherwise: Sql = NO_MOMENT) -> Sql:
        """When a product was last contained; `contained` is its CONTAINED_AT, `otherwise` where nothing is known."""
        return f"coalesce(greatest({contained}, {self._of_fulls(slice_name)}), {otherwise})"

    def _of_fulls(self, slice_name: Sql) -> Sql:
        """When the newest full feed was uploaded that told of the slice."""
        whole = self.fulls.get(None)
        named = {name: moment for name, moment in self.fulls.items() if name is not None}
        of_all = NO_MOMENT if whole is None else at(whole)
        if not named:
            return of_all
        pairs = ", ".join(f"{text(name)}, {at(moment)}" for name, moment in named.items())
        unnamed = NO_TEXT if self.unnamed is None else text(self.unnamed)
        own = f"coalesce({slice_name}, {unnamed})"
        newest = at(max(self.fulls.values()))
        return (
            f"if({own} is null, {newest}, greatest(try_element_at(map({pairs}), {own}), {of_all}))"
        )

    def is_out_of_stock(self, last: Sql, moment: Moment) -> Sql:
        """Whether a product that was last contained then counts as out of stock."""
        return _is_over(last, self.out_of_stock, moment)

    def has_vanished(self, last: Sql, moment: Moment) -> Sql:
        """Whether it is no longer shown."""
        return _is_over(last, self.vanished, moment)

    def has_come(self, last: Sql, moment: Moment) -> Sql:
        """Whether anything has become of it."""
        return _is_over(last, self.waits[0], moment)

    def next_moment(self, last: Sql, moment: Moment) -> Sql:
        """The first moment after this one at which something becomes of it, in microseconds; null = none."""
        ends = [f"unix_micros({last}) + {_micros(wait)}" for wait in self.waits]
        now = f"unix_micros({at(moment)})"
        ahead = [case((f"{end} > {now}", end)) for end in ends]
        return ahead[0] if len(ahead) == 1 else f"least({', '.join(ahead)})"


def _is_over(last: Sql, wait: timedelta | None, moment: Moment) -> Sql:
    if wait is None:
        return "false"
    return f"coalesce(unix_micros({last}) + {_micros(wait)} <= unix_micros({at(moment)}), false)"


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
