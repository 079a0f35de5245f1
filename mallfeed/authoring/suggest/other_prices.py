"""What makes the price that a draft reads doubtful: another column with that very name, a second header, tax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mallfeed.authoring.suggest.label_rows import LabelRow
from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample
from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.authoring.suggest.values import is_money
from mallfeed.catalog.name_words import USUAL
from mallfeed.catalog.names import PRICES, is_without_tax, roles_of
from mallfeed.wording import how_many, verb

_FILLED = 0.2
"""Share of the rows from which on another column of a price's name counts."""


def with_doubted_prices(
    fields: Sequence[FoundField], sample: Sample, labels: Sequence[LabelRow]
) -> tuple[list[FoundField], list[tuple[str, str]]]:
    """The fields, the price at most medium where one of these holds; and (field, what is to be checked)."""
    said = [("price", what) for what in _said(fields, sample, labels)]
    doubted = [one.doubted() if said and one.name == "price" else one for one in fields]
    return doubted, said


def _said(
    fields: Sequence[FoundField], sample: Sample, labels: Sequence[LabelRow]
) -> Iterator[str]:
    read = {name for one in fields if one.name in PRICES for name in one.sources}
    price = next((one for one in fields if one.name == "price"), None)
    if price is None:
        return
    for column in sample.columns:
        if column.name not in read and _is_called_price(column):
            odd = [cell for cell in column.cells if cell and not is_money(cell)]
            if odd:
                yield (
                    f"`{column.name}` is called a price, but is not read as one: {how_many(len(odd), 'cell')} of it {verb(len(odd), 'is', 'are')} no "
                    f"amount, such as `{odd[0][:40]}`. If it is what the buyer pays, leave out those rows (`rows.drop`) and map it"
                )
    for label in labels:
        yield from _called_otherwise(price, label)
    for name in price.sources:
        if is_without_tax(name):
            yield f"`{name}` says that it is without tax; `price` is what the buyer pays, tax and all"


def _is_called_price(column: Column) -> bool:
    return column.filled > _FILLED and roles_of(column.name).get("price", 0.0) >= USUAL


def _called_otherwise(price: FoundField, label: LabelRow) -> Iterator[str]:
    """Where the row below the header calls another column the price, as in a header of two lines."""
    names = {name: _role(cell) for name, cell in label.cells.items()}
    if any(names.get(name) == "price" for name in price.sources):
        return
    for name in price.sources:
        if names.get(name):
            yield f"the row below the header calls `{name}` {label.cells[name][:40]}"
    for name, role in names.items():
        if role == "price":
            yield f"the row below the header calls `{name}` {label.cells[name][:40]}, and it is not read as the price"


def _role(name: str) -> str:
    role, sure = next(iter(roles_of(name).items()), ("", 0.0))
    return role if sure >= USUAL and role in PRICES else ""
