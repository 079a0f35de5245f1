"""The columns of the frame in which rows are folded, and the windows over it (`mallfeed.table.fold`)."""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, column, text

NAMED = "_named"
"""Column of a normalised row: the fields and attributes (`attribute_name`) that it names; null = all."""
WHOLE = "_whole"
"""Whether it has a value for each required field."""
OWN, EFFECT, NEWEST, PLACE, ORDER = "_own", "_effect", "_newest", "_place", "_order"
IN_SLICE = "_slice"
"""What a staged row of a delta keeps for feeds that turn out to come before it: all that it said, what it does
(`SET`, `GONE`, or null for a refused row), its place among the rows of its feed (NEWEST, then PLACE), the order of
the feed, its slice."""
SET, GONE = "set", "gone"
PRODUCT_UNKNOWN = "product_unknown"

AT, BY = "_at", "_by"
"""Where rows have stamps (`mallfeed.table.stamps`): the time of what the row says, and the order of its feed."""
TOUCHED = "_touched"
"""Of products of the table: whether a row speaks of them; those of which none does go past the fold."""
IS_NEWER = "_is_newer"
"""Whether a row is of a delta that was uploaded before the feed, and says something newer."""
OLDER_THAN_KNOWN = "older_than_known"
"""Code of the warning that a newer row has said otherwise, or the same, before."""

KNOWN, TABLE, FEED, LATER = -1, 0, 1, 2
"""Column `_rank`: where a row comes from; KNOWN are what is remembered of stamps, LATER and above deltas that come after
the feed, in order."""
TURN = "_turn"
"""When a row's turn comes among those of its product: by where it comes from, or by its stamp."""
STAGED = (OWN, EFFECT, NEWEST, PLACE, NAMED, WHOLE, ORDER, IN_SLICE)
CONTAINED, IN = "_contained", "_in"
"""When the product was last contained by a delta, rounded up (`mallfeed.product.silence`), and its slice."""
REFRESHED = "_refreshed"
"""Whether nothing of a product is to be written but when it was last contained; only where a catalog asks for it."""
BEFORE = "coalesce(_slice_made, _slice_then)"
"""The slice of the product before a row."""
GOES = f"({EFFECT} = '{GONE}' and not coalesce({IN_SLICE} <> {BEFORE}, false))"
"""Whether a row takes the product away: a delete is for its own slice."""
OF_ID = "over (partition by _key, mall_id)"
IN_ORDER = (
    f"over (partition by _key, mall_id order by {TURN}, {NEWEST} asc nulls first, "
    f"{PLACE} asc nulls first"
)
ALL = f"{IN_ORDER} rows between unbounded preceding and unbounded following)"


def attribute_name(name: str) -> str:
    """How NAMED calls an attribute."""
    return f"attributes.{name}"


NO_MAP = "cast(map() as map<string,string>)"
"""A map without entries."""
LOST, MORE = "_lost", "_more"
"""Of a judge: faults that refuse the row that decides, and warnings that come to its own."""


def folded(field: str) -> str:
    """The column of a field's folded value, before it is judged."""
    return f"f_{field}"


def folded_beside(amount: str) -> str:
    """The column of what stood beside an amount; see `Judge.beside`."""
    return f"b_{amount}"


def judged(name: str) -> str:
    """The column of a field, or of faults, once it is judged."""
    return f"j{name}" if name.startswith("_") else f"j_{name}"


def among(value: Sql, *words: str) -> Sql:
    """Whether the value is one of these words."""
    return f"({value} in ({', '.join(map(text, words))}))"


def faults(array: Sql) -> Sql:
    """The array as faults, whatever is in it."""
    return f"cast({array} as array<struct<code:string,field:string,value:string>>)"


def fault(code: str, field: str, value: Sql) -> Sql:
    """Faults that are this one."""
    return faults(f"array(named_struct('code', '{code}', 'field', '{field}', 'value', {value}))")


def own_value(field: str) -> Sql:
    """What a row itself says of a field."""
    return f"{OWN}.{column(field)}"
