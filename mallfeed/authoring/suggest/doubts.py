"""What a person has to check in a draft: what was guessed, and what its own file did not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mallfeed.authoring.suggest.cents import FEW, with_cents
from mallfeed.authoring.suggest.currencies import code_of, counted
from mallfeed.authoring.suggest.date_forms import forms_of, intervals
from mallfeed.authoring.suggest.dependent_fields import SALE_TIMES, unread_times
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.authoring.suggest.suggested_field import HIGH, FoundField
from mallfeed.authoring.suggest.surroundings import (
    columns_of_price,
    mixed,
    named_in_amounts,
)
from mallfeed.authoring.suggest.values import amount_of
from mallfeed.product.fields import MAPPED, SALE_WINDOW, WINDOW_ENDS
from mallfeed.wording import how_many, listed, verb

_FEW = 8
_NEARLY_ALL = 0.9
_LOOKED_AT = 300
_ENTITY = re.compile(r"&[A-Za-z][\w.-]*;")


def doubts(found: Suggestion) -> tuple[tuple[str, str], ...]:
    """(field or part of the feed, what is doubtful), as a draft says them."""
    return tuple(_doubts(found))


def _doubts(found: Suggestion) -> Iterator[tuple[str, str]]:
    for one in found.fields:
        if one.level == "low" and MAPPED[one.name].required:
            yield one.name, f"required, and a guess only ({one.why})"
        if one.name == "currency":
            yield from _currency(one, found)
        if one.name == "stock_quantity":
            yield from _stock(one, found)
        if one.name == "title":
            yield from _title(one, found)
        yield from _entities(one, found)
    yield from _times(found)
    yield from found.hidden.doubts()
    yield from _lists(found)
    yield from found.doubts
    if found.sample.torn and not any(name == "rows" for name, _ in found.doubts):
        # A trial has said it with the others that are rejected.
        yield "rows", f"{how_many(found.sample.torn, 'record')} could not be split"


def _entities(one: FoundField, found: Suggestion) -> Iterator[tuple[str, str]]:
    """XML's text names what only a file that a DOCTYPE names could say."""
    names = {
        match[0]
        for column in one.sources
        if "xml_text" in found.spec.format_row.takes and column in found.sample
        for value in found.sample[column].values[:_LOOKED_AT]
        for match in _ENTITY.finditer(value)
    }
    if names:
        shown = ", ".join(sorted(names)[:_FEW])
        yield (
            one.name,
            f"its text has {shown}, which nothing in the file declares; have the mall write the text itself",
        )


def _title(one: FoundField, found: Suggestion) -> Iterator[tuple[str, str]]:
    filled = found.sample[one.sources[0]].filled
    if filled < 0.95 and found.changes is None:
        yield (
            "title",
            f"{1 - filled:.0%} of the records have none and will be rejected (variants, pictures?)",
        )


def _lists(found: Suggestion) -> Iterator[tuple[str, str]]:
    """Records that are groups of products, and read as one product each."""
    read = {one.name: found.sample.owner(one.sources[0]) for one in found.fields}
    of_lists = {one.name for one in found.fields if read[one.name] != one.sources[0]}
    if {"product_id", "title"} <= of_lists and read["product_id"] == read["title"]:
        column = found.sample[read["title"]]
        yield (
            "rows",
            f"each record has a list, `{column.name}`, of which only one element is read as its product. If its elements are the "
            "products, have the mall send those as records, with what the group around them says in each of them",
        )


def _times(found: Suggestion) -> Iterator[tuple[str, str]]:
    """Columns of times that are not read, and values of those that are."""
    read = {one.name: one.sources for one in found.fields}
    for name, column in unread_times(found.attributes, read):
        what, then = (
            ("a product ends", "no product ends by it")
            if name == "expires_at"
            else ("a sale begins or ends", "the sale holds whenever its price is filled")
        )
        example = " ".join(column.example.split())[:40]
        wanted = "2026-11-01/2026-12-31" if name == SALE_WINDOW else "2026-12-31"
        yield (
            name,
            f"`{column.name}` seems to say when {what}, but `{example}` is no form of a time that a draft knows: {then}. "
            f"Map it as `{name}: {{from: {column.name}, formats: [...]}}`, or have the mall write {wanted}",
        )
    for one in found.fields:
        if one.name in SALE_TIMES or MAPPED[one.name].kind == "timestamp":
            ends = [other for other in found.fields if other.name in WINDOW_ENDS]
            columns = [found.sample[other.sources[0]] for other in ends if other is not one]
            beside = columns[0].values if columns and one in ends else ()
            yield from _values_of_times(one, found.sample[one.sources[0]], beside)


def _values_of_times(
    one: FoundField, column: Column, beside: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What is not read of a column of times; both ends of a sale, of which `beside` is the other one, are read alike."""
    if column.sql_type != "string":
        return
    whole = intervals if one.name == SALE_WINDOW else forms_of
    forms = whole([*column.values, *beside])
    rows = sum(count for value, count in column.words if value in forms.unread)
    if rows:
        yield (
            one.name,
            f"`{column.name}` holds `{forms.unread[0][:40]}` and the like in {how_many(rows, 'row')}, which {verb(rows, 'is', 'are')} in no form "
            f"that is read: {_lost(one.name)}. Name its form in `formats`, or have the mall write 2026-12-31",
        )
    if forms.either in column.values:
        yield (
            one.name,
            f"`{forms.either}` in `{column.name}` is read as {listed(forms.formats)}, but nothing in the file tells the day "
            "from the month: confirm it with the mall",
        )


def _lost(field: str) -> str:
    return "such a sale does not hold" if field in SALE_TIMES else "the value is left out"


def _stock(one: FoundField, found: Suggestion) -> Iterator[tuple[str, str]]:
    """Shops that do not count their stock export 0 for all of it."""
    column = found.sample[one.sources[0]]
    none = sum(cell is not None and not (amount_of(cell) or 0) for cell in column.cells)
    share = none / max(len(column.cells), 1)
    if share >= _NEARLY_ALL and not any(other.name == "availability" for other in found.fields):
        yield (
            "stock_quantity",
            f"`{column.name}` is 0 in {share:.0%} of the rows, which will be out of stock, since no column says what can be "
            "bought; leave the field out if the shop does not count its stock",
        )


def currency_guessed(code: str, sure: float, why: str) -> Iterator[tuple[str, str]]:
    """A currency that no amount, no column and no name says."""
    if code and sure < HIGH:
        yield (
            "currency",
            f"no price names it, and {code} is a guess ({why}); all prices load in it. Confirm it with the mall, or write "
            "`currency:` with the right code into the draft",
        )


def currencies_named(
    sample: Sample, fields: Sequence[FoundField], currency: str
) -> Iterator[tuple[str, str]]:
    """Products in several currencies, `currency` being that of those that name none."""
    told = next((one.sources[0] for one in fields if one.name == "currency"), None)
    if told is not None and told in sample:
        column = sample[told]
        if said := mixed(counted(column.words), sum(count for _, count in column.words), currency):
            yield "currency", f"`{told}`: {said}; each product keeps the one that it names"
        blank = 1 - column.filled
        if blank > 0 and column.values and currency:
            yield (
                "currency",
                f"`{told}` is blank in {blank:.0%} of the rows, whose prices are taken for {currency}",
            )
        return
    columns = columns_of_price(sample, fields)
    share, example = with_cents(columns, currency)
    if share > FEW:
        yield (
            "currency",
            f"{share:.0%} of the prices have cents, such as {example}, which {currency} has not: they would be rounded",
        )
    named, amounts = named_in_amounts(columns, currency)
    if said := mixed(named, amounts, currency):
        names = ", ".join(f"`{column.name}`" for column in columns)
        yield "price", f"{names}: {said}; each product keeps the one that it names"


def _currency(one: FoundField, found: Suggestion) -> Iterator[tuple[str, str]]:
    column = found.sample[one.sources[0]]
    unknown = [word for word in column.values if code_of(word) is None]
    if unknown and not any(name == "currency" for name, _ in found.missing):
        shown = ", ".join(unknown[:_FEW]) + (" …" if len(unknown) > _FEW else "")
        yield (
            "currency",
            f"`{column.name}` names what is known as no currency, and its prices will have none: {shown}",
        )
