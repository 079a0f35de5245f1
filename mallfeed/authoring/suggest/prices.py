"""Which amount the buyer pays now, and which one was the price before: malls name them either way.

Google, Meta, OpenAI, Prisjakt: `price` is the list price, `sale_price` (if there is one) today's.
Naver: `price_pc` is today's, `normal_price` the list price. Shopify: `Variant Price` is today's,
`Compare At Price` the list price. WooCommerce: `Sale price` if there is one, else `Regular price`.
A sale whose time the feed tells (`sale_price_effective_date`) holds in that time only, and is a field of its own then.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from mallfeed.authoring.suggest.assign import Candidate
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.values import amount_of
from mallfeed.catalog.name_words import USUAL

_LISTS = ("[", "{")
"""How the text of several amounts begins: a repeated element, whose commas stand between them."""
_AGREE = 0.9
"""Share of the rows with both amounts in which the lower one must be lower."""


def price_fields(
    now: Candidate | None,
    sale: Candidate | None,
    before: Candidate | None,
    sure: float,
    *,
    tells_time: bool = False,
) -> list[FoundField]:
    """`price`, and `list_price` if there is one; `sale_price` where the feed tells its time. `sure` is the highest confidence."""
    comma = comma_marks([one.column for one in (now, sale, before) if one])
    if sale is not None and (sale.column.values or sale.named >= USUAL):
        return _with_sale(now, sale, before, comma, sure, tells_time)
    if now is None:
        if before is None or not before.column.values:
            return []
        return [_field("price", (before,), min(before.score, 0.7), "the only amount", comma)]
    share = _lower(now.column, before.column, comma) if before else None
    if before is not None and share is not None and share < 0.5:
        why = f"`{before.column.name}` is the lower one in {1 - share:.0%} of the rows, so it is today's"
        return [
            _field("price", (before,), 0.7, why, comma),
            _field("list_price", (now,), 0.7, "the higher one of the two", comma),
        ]
    fields = [_field("price", (now,), min(now.score, sure), now.why, comma)]
    if before is not None:
        less = 1.0 if share is None or share >= _AGREE else 0.8
        told = (
            "" if share is None else f"; not below `{now.column.name}` in {share:.0%} of the rows"
        )
        fields.append(
            _field("list_price", (before,), before.score * less, before.why + told, comma)
        )
    return fields


def lower_and_higher(
    before: Candidate, found: Sequence[Candidate]
) -> tuple[Candidate | None, Candidate]:
    """Of two amounts with names of list prices, what is paid now and what was before; None = there is one only."""
    rivals = [one for one in found if one.role == before.role and one.named >= 0.9
              and one.column.name != before.column.name and one.column.filled > 0.9]  # fmt: skip
    for other in rivals:
        comma = comma_marks([before.column, other.column])
        if (_lower(other.column, before.column, comma) or 0) >= _AGREE:
            return other, before
        if (_lower(before.column, other.column, comma) or 0) >= _AGREE:
            return before, other
    return None, before


def _with_sale(
    now: Candidate | None,
    sale: Candidate,
    before: Candidate | None,
    comma: bool,
    sure: float,
    tells_time: bool,
) -> list[FoundField]:
    if now and before and (_is_guess_beside(now, before) or _is_todays(now, sale, comma)):
        now = None
    base = now or before
    if base is None or not base.column.values:
        if not sale.column.values:
            return []
        return [_field("price", (sale,), min(sale.score, sure), sale.why, comma)]
    share = _lower(sale.column, base.column, comma)
    if share is not None and share < _AGREE and before is not None and base is not before:
        base, share = before, _lower(sale.column, before.column, comma)
    if share is not None and share < _AGREE:
        why = f"`{sale.column.name}` is above it in {1 - share:.0%} of the rows: which one is paid?"
        return [_field("price", (base,), 0.5, why, comma)]
    if tells_time:
        return _in_its_time(base, sale, before, comma, sure)
    both = f"`{sale.column.name}` if it is filled ({sale.column.filled:.0%}), else `{base.column.name}`"
    always = now is None and _paid(sale, comma) > 0.97
    sources = (sale,) if always else (sale, base)
    why = f"today's price is {both if len(sources) > 1 else f'`{sale.column.name}`'}"
    score = min(sale.score, base.score, sure)
    listed = before or base
    return [
        _field("price", sources, score, why, comma),
        _field("list_price", (listed,), min(listed.score, score),
               f"the price before the discount: `{sale.column.name}` is never above it", comma),
    ]  # fmt: skip


def _is_guess_beside(now: Candidate, before: Candidate) -> bool:
    """Whether one is a price by its values alone, where another one has a price's name."""
    return not now.named and before.named >= USUAL and bool(before.column.values)


def _is_todays(now: Candidate, sale: Candidate, comma: bool) -> bool:
    """Whether it is what is paid today: in rows with a sale that one's price, so that it is not the usual one."""
    pairs = [
        (amount_of(x, comma), amount_of(y, comma))
        for x, y in zip(now.column.cells, sale.column.cells, strict=True)
        if x and y
    ]
    on_sale = [(mine, theirs) for mine, theirs in pairs if theirs]
    same = sum(mine == theirs for mine, theirs in on_sale)
    return (
        len(on_sale) > 2 and same >= _AGREE * len(on_sale) and len(on_sale) < len(now.column.cells)
    )


def _paid(one: Candidate, comma: bool) -> float:
    """The share of the rows in which it is above zero."""
    cells = one.column.cells
    return sum(bool(cell and amount_of(cell, comma)) for cell in cells) / max(len(cells), 1)


def _in_its_time(
    base: Candidate, sale: Candidate, before: Candidate | None, comma: bool, sure: float
) -> list[FoundField]:
    """The usual price, and the sale's, which holds while its window is open."""
    why = f"the usual price; `{sale.column.name}` holds in its time only"
    told = f"{sale.why}; it is never above `{base.column.name}`, and the feed tells its time"
    listed = [] if before is None or before is base else [before]
    return [
        _field("price", (base,), min(base.score, sure), why, comma),
        *(_field("list_price", (one,), min(one.score, sure), one.why, comma) for one in listed),
        _field("sale_price", (sale,), min(sale.score, sure), told, comma),
    ]


def _field(
    name: str, sources: Sequence[Candidate], confidence: float, why: str, comma: bool
) -> FoundField:
    columns = tuple(one.column.name for one in sources)
    doubtful = any(_both_ways(value) for one in sources for value in one.column.values)
    options = {"decimal_mark": "," if comma else "."} if comma or _dots(sources) or doubtful else {}
    return FoundField(name, columns, confidence, why, options)


def _dots(sources: Sequence[Candidate]) -> bool:
    """Whether amounts have a point with digits after it: then commas group thousands."""
    values = [value for one in sources for value in one.column.values[:500]]
    typed = all(one.column.sql_type != "string" for one in sources)
    return not typed and any(
        "." in value and value.rstrip().rpartition(".")[2][:1].isdigit() for value in values
    )


def with_settled_marks(
    fields: Iterable[FoundField], sample: Sample, decimals: int
) -> tuple[list[FoundField], list[tuple[str, str]]]:
    """The fields with the decimal mark that their amounts need, and what is to be checked of it.

    `12.000` won are twelve thousand, which the default reads by itself: in a currency without decimals a point marks
    them only where some amount can be read in no other way. Where the file has amounts of both kinds (`12.000` beside
    `5000.5`), the reading counts whose amounts are nearer to those that can be read in one way only. `decimals` are the
    currency's.
    """
    fields = list(fields)
    doubts: list[tuple[str, str]] = []
    for mark in (".", ","):
        amounts = [one for one in fields if one.options.get("decimal_mark") == mark]
        columns = [sample[name] for one in amounts for name in one.sources if name in sample]
        values = [value for column in columns for value in column.values[:2000]]
        if not values or decimals == _AS_THOUSANDS:
            continue
        certain = [value for value in values if _marks_decimals(value, mark)]
        telling = [
            value for value in certain if len(value.strip().rpartition(mark)[2]) != _AS_THOUSANDS
        ]
        doubtful = [value for value in values if _both_ways(value, mark)]
        groups = bool(telling and doubtful) and _are_thousands(doubtful, telling, mark)
        if telling and doubtful:
            doubts.append((amounts[0].name, _said_of(doubtful[0], telling[0], groups, decimals)))
        if groups or (decimals == 0 and mark == "." and not certain):
            fields = [
                replace(one, options=_without_mark(one)) if one in amounts else one
                for one in fields
            ]
    return fields, doubts


_AS_THOUSANDS = 3
"""Digits behind a mark that may as well group thousands."""


def _are_thousands(doubtful: Sequence[str], telling: Sequence[str], mark: str) -> bool:
    """Whether amounts are nearer to the others if the mark groups their thousands."""
    comma = mark == ","
    usual = statistics.median(amount_of(value, comma) or 0 for value in telling)
    read = statistics.median(amount_of(value, comma) or 0 for value in doubtful)
    if usual <= 0 or read <= 0:
        return False
    return abs(math.log(1000 * read / usual)) < abs(math.log(read / usual))


def _said_of(doubtful: str, telling: str, groups: bool, decimals: int) -> str:
    meant = "thousands" if groups else "decimals"
    rest = (
        f", and amounts like `{telling}` are rounded, or rejected as price_unclear"
        if groups and decimals == 0
        else ""
    )
    return (
        f"`{doubtful}` can be read in two ways, and `{telling}` beside it has decimals; it is read as {meant}{rest}. "
        "Have the mall write amounts in one way"
    )


def _without_mark(one: FoundField) -> dict[str, Any]:
    return {key: value for key, value in one.options.items() if key != "decimal_mark"}


def _marks_decimals(value: str, mark: str) -> bool:
    """Whether the amount, in the catalog's currency, can be read in no other way: `12.5`, `12900.000`."""
    bare = value.strip()
    before, _, after = bare.rpartition(mark)
    other = "," if mark == "." else "."
    return (
        not set(bare) - set("0123456789.,")  # one that names a currency may be in another one
        and bare.count(mark) == 1
        and other not in after
        and (other in before or len(before) > _AS_THOUSANDS or len(after) != _AS_THOUSANDS)
    )


def comma_marks(columns: Sequence[Column]) -> bool:
    """Whether the comma marks decimals, judged by amounts that can be read in only one way."""
    values = (value for column in columns for value in column.values[:2000])
    # A list, and fees by country (`KR:::3000 KRW,US:::10 USD`), have commas of their own.
    amounts = (one for one in values if one.lstrip()[:1] not in _LISTS and ":" not in one)
    votes = [_vote(value) for value in amounts]
    return votes.count(",") > votes.count(".")


def _vote(value: str) -> str | None:
    bare = "".join(char for char in value if char.isdigit() or char in ".,")
    dots, commas = bare.count("."), bare.count(",")
    if dots and commas:
        return "," if bare.rfind(",") > bare.rfind(".") else "."
    if dots > 1:
        return ","
    if commas > 1:
        return "."
    for mark, count in ((".", dots), (",", commas)):
        if count == 1 and len(bare.rpartition(mark)[2]) != 3:
            return mark
    if commas == 1:
        return "." if len(bare.partition(",")[0]) <= 3 else ","
    return None


def _both_ways(value: str, mark: str = ".") -> bool:
    """`1.234`: a little more than one, or a thousand and more."""
    other = "," if mark == "." else "."
    bare = "".join(char for char in value if char.isdigit() or char in ".,")
    before, _, after = bare.partition(mark)
    return other not in bare and after.isdigit() and len(after) == 3 and 1 <= len(before) <= 3


def _lower(low: Column, high: Column, comma: bool) -> float | None:
    """Share of the rows with both amounts in which `low` is not above; None without such rows."""
    pairs = [
        (a, b)
        for x, y in zip(low.cells, high.cells, strict=True)
        if x and y and (a := amount_of(x, comma)) and (b := amount_of(y, comma))
    ]
    return sum(a <= b for a, b in pairs) / len(pairs) if pairs else None
