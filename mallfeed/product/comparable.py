"""Which offers of one product compare: those of one class of condition and of one size of pack.

Classes: what is unused; what one person has used; and what was opened, shown, returned, scratched or repaired, which
Korean shops sell together as 리퍼브. Google and Meta know the same three (new, used, refurbished).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mallfeed.kinds.sql.pieces import Sql, text
from mallfeed.product.fields import CONDITION

ConditionClass = Literal["new", "used", "refurbished"]
CLASSES: Mapping[ConditionClass, tuple[str, ...]] = {
    "new": ("new",),
    "used": ("used",),
    "refurbished": ("refurbished", "display", "returned", "damaged"),
}
"""Class → conditions; a product whose mall says nothing of it is new."""
NEW: ConditionClass = "new"
_OF_CONDITION = {condition: name for name, among in CLASSES.items() for condition in among}
assert set(_OF_CONDITION) == set(CONDITION), "each condition is of one class"
BETWEEN = "#"
"""Stands before a class and before a size in a product's key, and in no key of a product itself."""


def condition_class(condition: str | None) -> ConditionClass:
    """The class of a condition."""
    return _OF_CONDITION.get(condition or NEW, NEW)


def pack_of(row: Mapping[str, Any]) -> int:
    """How many pieces are sold as one; 1 where the mall says nothing of it."""
    return int(row.get("pack_size") or 1)


def kept_apart(row: Mapping[str, Any]) -> str:
    """What a product's key ends in, so that only offers that compare share it; empty = one new piece.

    One new piece keeps the key that it had before conditions and packs counted: most documents stay as they are.
    """
    name, pack = condition_class(row.get("condition")), pack_of(row)
    of_class = f"{BETWEEN}{name}" if name != NEW else ""
    return of_class + (f"{BETWEEN}x{pack}" if pack > 1 else "")


def kept_apart_sql() -> Sql:
    """The same over the columns of a frame."""
    whens = " ".join(
        f"when condition in ({', '.join(map(text, among))}) then {text(BETWEEN + name)}"
        for name, among in CLASSES.items()
        if name != NEW
    )
    pack = f"case when pack_size > 1 then concat({text(BETWEEN + 'x')}, pack_size) else '' end"
    return f"concat(case {whens} else '' end, {pack})"


def product_of(key: str) -> str:
    """The product's part of a key, by which its offers of every class and size are found."""
    return key.partition(BETWEEN)[0]
