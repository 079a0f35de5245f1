"""What holds of a product at a moment: the price of its sale, and whether it is shown at all.

`price` and `list_price` are what holds; what the mall has said of them stands beside: `base_price`, where there is
the price of a sale, `list_price_said`, and the sale with its window. A window holds from its first moment up to,
and without, its last. All is SQL over the names of columns; the moment comes from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mallfeed.kinds.sql.pieces import Sql, case

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = ("sale_starts_at", "sale_ends_at", "expires_at")
"""Columns with moments at which something else may hold."""

SAID: Mapping[str, Sql] = {
    "price": "coalesce(base_price, price)",
    "list_price": case(
        ("list_price_said is not null", "list_price_said"),
        ("price < base_price and list_price = base_price", "null"),
        otherwise="list_price",
    ),
    # Kept only while silence shows another (`mallfeed.product.silence`); '' = the mall has said none.
    "availability": case(
        ("availability_said is not null", "nullif(availability_said, '')"),
        otherwise="availability",
    ),
}
"""Field → SQL over a record's columns: what was said of it, where what holds is another."""


Moment = datetime | Sql
"""A moment, or SQL of one for each row."""


def at(moment: Moment) -> Sql:
    """A moment as SQL."""
    if isinstance(moment, str):
        return moment
    return f"timestamp'{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}Z'"


@dataclass(frozen=True)
class Priced:
    """What was said of a product's prices, as SQL; `moment` None = only what always holds does."""

    price: Sql
    list_price: Sql
    sale_price: Sql
    starts_at: Sql
    ends_at: Sql
    moment: Moment | None

    @property
    def is_on_sale(self) -> Sql:
        """Whether the price of the sale holds: it is one, and the window is open."""
        lower = f"{self.sale_price} > 0 and {self.sale_price} < {self.price}"
        if self.moment is None:
            within = f"{self.starts_at} is null and {self.ends_at} is null"
        else:
            now = at(self.moment)
            within = f"coalesce({self.starts_at} <= {now}, true) and coalesce({self.ends_at} > {now}, true)"
        return f"coalesce({lower} and {within}, false)"

    def held(self, kept_out: Sql, is_on_sale: Sql | None = None) -> dict[str, Sql]:
        """`price`, `list_price` and `base_price` as they hold; `kept_out`: whether the list price said is none;
        `is_on_sale`: where that is worked out already."""
        is_on_sale = is_on_sale or self.is_on_sale
        listed = case((f"not coalesce({kept_out}, false)", self.list_price))
        during = f"coalesce({case((f'{self.list_price} > {self.price}', self.list_price))}, {self.price})"
        return {
            "price": case((is_on_sale, self.sale_price), otherwise=self.price),
            "list_price": case((is_on_sale, during), otherwise=listed),
            "base_price": case((f"{self.sale_price} is not null", self.price)),
        }


def is_backwards(starts_at: Sql, ends_at: Sql) -> Sql:
    """Whether a window ends before it begins, so that it never holds."""
    return f"({ends_at} <= {starts_at})"


def is_expired(expires_at: Sql, moment: Moment | None) -> Sql:
    """Whether the product is no longer shown; null where it is."""
    return (
        "cast(null as boolean)"
        if moment is None
        else case((f"{expires_at} <= {at(moment)}", "true"))
    )


def of_micros(micros: int | None) -> datetime | None:
    """A moment that Spark has counted in microseconds: as a moment it would come in the zone of this machine."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def has_come(moment: Moment) -> Sql:
    """Whether any moment of a record has come; null where it has none. Written so that files without one are skipped."""
    return f"({' or '.join(f'{name} <= {at(moment)}' for name in MOMENTS)})"


def next_moment(moment: Moment) -> Sql:
    """The first moment after this one at which something else may hold of a record, in microseconds; null = none."""
    ahead = ", ".join(case((f"{name} > {at(moment)}", name)) for name in MOMENTS)
    return f"unix_micros(least({ahead}))"
