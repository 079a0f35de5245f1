"""Which fields a row of a delta names, where rows change what they name only (`Catalog.merges`).

A row names the fields whose source it carries (`Sources.carried`): of several columns, or of an expression's,
any of them. What the catalog says itself, a constant, is said of each row. A number in stock names the availability,
too (`mallfeed.normalise.rules.availability_of`). The currency belongs to the price:
a price names it by its text or, where the catalog maps no currency, by being one in the catalog's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.catalog.model import Catalog
from mallfeed.feed.source_columns import columns_of_type
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Reading
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.sources import Sources
from mallfeed.kinds.sql.currencies import named_in
from mallfeed.kinds.sql.pieces import Sql, case, text
from mallfeed.normalise.rules import CURRENCY
from mallfeed.product.record import Record
from mallfeed.table.fold_columns import attribute_name

KNOWN = "_known_currency"
"""Column beside the cells: whether the row itself says in which currency its amounts are."""
_ANY = "'XXX'"
"""ISO 4217 for no currency: as many decimals as are kept at all."""


@dataclass(frozen=True)
class Changes:
    """What rows of one feed name.

    Attributes
    ----------
    fields : mapped canonical field → SQL of whether the row names it; without the currency
    maps_currency : whether the catalog says where a row's currency stands
    """

    fields: Mapping[str, Sql]
    maps_currency: bool
    currency_carried: Sql
    catalog_currency: str

    @classmethod
    def of(
        cls, catalog: Catalog, feed_name: str, sources: Sources, record: Record
    ) -> Changes | None:
        """Of the feed; None where its rows are whole products."""
        if not catalog.merges(feed_name):
            return None
        types = catalog.fields_of(feed_name)
        named = {
            field.name: _carried(types[field.name], sources)
            for field in record.fields
            if field.name in types and field.is_mapped
        }
        if (stock := named.get("stock_quantity")) is not None:
            said = named.get("availability", "false")
            named["availability"] = f"{said} or ({stock}) and v_stock_quantity is not null"
        currency = named.pop("currency", None)
        if "category_path" in named:
            named.setdefault("category_raw", named["category_path"])
        named |= {
            field.name: named[field.all_of] for field in record.fields if field.all_of in named
        }
        return cls(named, currency is not None, currency or "false", catalog.currency)

    def knows_currency(self, readings: Mapping[str, Reading]) -> Sql:
        """Whether the row itself says in which currency its amounts are, over the source columns."""
        known = [self.currency_carried]
        if "price" in readings:
            in_text = f"({named_in(readings['price'].cell, self.catalog_currency)} is not null)"
            known.append(in_text if self.maps_currency else self.fields["price"])
        return " or ".join(known)

    @staticmethod
    def fitted_to() -> Sql:
        """The currency that amounts are fitted to; of a row that names none the product's own is known later."""
        return case((KNOWN, CURRENCY), otherwise=_ANY)

    def names(self, field: str) -> Sql:
        """Whether the row names a field that the catalog maps."""
        return KNOWN if field == "currency" else f"({self.fields[field]})"

    def named(self, attributes: Mapping[str, Sql], ends_sale: Sql) -> Sql:
        """The names of all that the row names, attributes by `attribute_name`; `ends_sale`: whether the row says that
        there is no sale, although it does not name its price."""
        said = {**self.fields, "currency": KNOWN}
        if ends_sale != "false":
            said["sale_price"] = f"({said.get('sale_price', 'false')}) or {ends_sale}"
        said |= {attribute_name(name): sql for name, sql in attributes.items()}
        names = ", ".join(case((f"({sql})", text(name))) for name, sql in said.items())
        return f"filter(array({names}), i -> i is not null)"


def _carried(type_: FieldType, sources: Sources) -> Sql:
    columns = columns_of_type(type_)
    if not columns and not KINDS[type_.type].reads_columns:
        return "true"
    return " or ".join(map(sources.carried, columns)) or "true"


def attribute_carried(type_: FieldType, sources: Sources) -> Sql:
    """Whether a row names an attribute of that type."""
    return _carried(type_, sources)


def whole(record: Record, mapped: Mapping[str, Reading]) -> Sql:
    """Whether the row has a value for each field without which there is no product."""
    needed = [field.name for field in record.fields if field.required]
    if not all(name in mapped for name in needed):
        return "false"
    return " and ".join(f"v_{name} is not null" for name in needed)
