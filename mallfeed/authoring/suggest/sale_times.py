"""When a sale holds, where no column says it by itself: the ends tell of each other, or of where there is a sale's price."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from mallfeed.authoring.suggest.assign import Candidate
from mallfeed.authoring.suggest.date_forms import forms_of, intervals, order_of
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import HIGH
from mallfeed.authoring.suggest.values import amount_of
from mallfeed.catalog.name_words import LIKELY, VAGUE
from mallfeed.catalog.names import roles_of
from mallfeed.product.fields import SALE_WINDOW, WINDOW_ENDS

_NEARLY_ALL = 0.95
_BY_VALUES = 0.75
_FEWEST = 3
_START, _END = WINDOW_ENDS


@dataclass(frozen=True)
class SaleTimes:
    """Columns that say when a sale holds, by role; and columns of which only that is known."""

    found: tuple[Candidate, ...] = ()
    unclear: tuple[Column, ...] = ()


def sale_times(chosen: Mapping[str, Candidate], sample: Sample) -> SaleTimes:
    """Ends of a sale that are called so, and only the other end tells how they are written; else columns without a role
    that are filled where the sale's price is, and blank where it is not."""
    sale = chosen.get("sale_price")
    if sale is None or SALE_WINDOW in chosen or {_START, _END} <= chosen.keys():
        return SaleTimes()
    named = _by_name(chosen, sample)
    if named:
        return SaleTimes(named)
    on_sale = [bool(cell and amount_of(cell)) for cell in sale.column.cells]
    if sum(on_sale) < _FEWEST or sum(on_sale) > _NEARLY_ALL * len(on_sale):
        return SaleTimes()  # where all is on sale, a time beside it may be that of anything
    used = {one.column.name for one in chosen.values()}
    beside = [column for column in sample.columns if _is_beside(column, on_sale, used)]
    whole = [column for column in beside if intervals(column.values).share >= _NEARLY_ALL]
    ends = [column for column in beside if column not in whole]
    if len(whole) == 1 and not ends:
        return SaleTimes((_candidate(SALE_WINDOW, whole[0], sale),))
    if len(ends) == 2 and not whole and not {_START, _END} & chosen.keys():
        for first, last in permutations(ends):
            if _follow(first, last):
                return SaleTimes((_candidate(_START, first, sale), _candidate(_END, last, sale)))
    if len(ends) == 1 and not whole:
        other = next((role for role in (_START, _END) if role not in chosen), "")
        known = chosen.get(_END if other == _START else _START)
        pair = (ends[0], known.column) if known and other == _START else None
        pair = (known.column, ends[0]) if known and other == _END else pair
        if pair is not None and _follow(*pair):
            return SaleTimes((_candidate(other, ends[0], sale),))
    return SaleTimes(unclear=tuple(beside))


def _by_name(chosen: Mapping[str, Candidate], sample: Sample) -> tuple[Candidate, ...]:
    """Ends that by themselves are in no form that is known, and are together with the other one (`01.02.26`, `31.12.26`)."""
    used = {one.column.name for one in chosen.values()}
    called = {
        role: next(
            (
                c
                for c in sample.columns
                if c.name not in used and roles_of(c.name).get(role, 0.0) >= LIKELY and c.values
            ),
            None,
        )
        for role in WINDOW_ENDS
        if role not in chosen
    }
    new = {role: column for role, column in called.items() if column is not None}
    both = [*new.values(), *(chosen[role].column for role in WINDOW_ENDS if role in chosen)]
    if not new or len(both) < 2:
        return ()
    if forms_of([value for one in both for value in one.values]).share < _NEARLY_ALL:
        return ()
    why = "known name, read as the other end is: {}"
    return tuple(
        Candidate(role, column, HIGH, LIKELY, why.format(column.example[:40]))
        for role, column in new.items()
    )


def _candidate(role: str, column: Column, sale: Candidate) -> Candidate:
    why = f"filled where `{sale.column.name}` is: {column.example[:40]}"
    return Candidate(role, column, _BY_VALUES, 0.0, why)


def _is_beside(column: Column, on_sale: Sequence[bool], used: Collection[str]) -> bool:
    if column.name in used or column.element_of is not None or not column.values:
        return False
    if any(weight > VAGUE for weight in roles_of(column.name).values()):
        return False  # a name that says something else
    same = sum(bool(cell) == there for cell, there in zip(column.cells, on_sale, strict=True))
    if same < _NEARLY_ALL * len(on_sale):
        return False
    read = (forms_of(column.values).share, intervals(column.values).share)
    return column.sql_type in ("timestamp", "date") or max(read) >= _NEARLY_ALL


def _follow(first: Column, last: Column) -> bool:
    """Whether the times of the one are never behind those of the other, and not the same throughout."""
    keys = order_of([*first.cells, *last.cells])
    pairs = [
        (a, b)
        for a, b in zip(keys[: len(first.cells)], keys[len(first.cells) :], strict=True)
        if a and b
    ]
    return bool(pairs) and all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)
