"""The projections of one feed, one behind the other; each reads the columns of the one before.

sources  source columns by place (`s_0` …), whatever their names
texts    what fields are read from, where that is more than a column (`t_0` …)
cells    what the mall wrote for each field (`c_price`) and attribute (`a_0`), and the product's currency
parsed   what could be made of each cell (`p_price`, `b_0`)
values   values of the fields' own types (`v_price`), the code of what is wrong (`x_price`), and the
         attributes that are too many (`d_attributes`)
chosen   only where the catalog chooses rows: the rule that leaves the row out (`k_rule`)
products the canonical frame: rules between fields, attributes, hash, rejects, warnings

Catalyst keeps them apart where a column is used more than once, so nothing is computed twice. Each
costs a copy of the row, so there are no more than that takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.model import Catalog
from mallfeed.feed.raw import BOOKKEEPING, RAW
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.read import reading_of
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.sources import Sources
from mallfeed.kinds.sql.currencies import named_in
from mallfeed.kinds.sql.items import shown
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, case, column, cut, stripped, text
from mallfeed.kinds.text import TextType
from mallfeed.normalise.attributes import attribute_readings, dropped, kept
from mallfeed.normalise.changes import KNOWN, Changes, attribute_carried, whole
from mallfeed.normalise.content_hash import content_hash
from mallfeed.normalise.findings import Findings, attribute_code_of, code_of, of_chosen
from mallfeed.normalise.rows import DROPPED, RULE, RowRules
from mallfeed.normalise.rules import (
    CURRENCY,
    availability_of,
    fit,
    kept_out,
    price_currency,
    sale_columns,
    sells,
    with_amount_rules,
)
from mallfeed.normalise.stamps import STAMP, stamp_that_counts, stamp_values
from mallfeed.product.fields import AMOUNTS, WINDOW_ENDS
from mallfeed.product.holding import Priced, is_expired
from mallfeed.product.record import EXPIRED, Record, said_column
from mallfeed.table.fold_columns import AT, IN_SLICE, NAMED, WHOLE

Columns = dict[str, Sql]
MOST_SLICE_CHARACTERS = 100
"""Of a slice's name in a cell; what is longer is cut."""
_NO_MOMENT, _NO_VALUE = "cast(null as timestamp)", "cast(null as decimal(18,2))"


class Projections:
    """The projections that normalise one feed.

    Parameters
    ----------
    types : raw frame's columns → their Spark type names
    catalog, feed_name : what the columns mean
    record : what the rows become
    mall_column : raw frame's column that says of which mall a row is; None = all are the catalog's
    moment : which dates are past; None = it is told of none
    """

    def __init__(
        self,
        types: Mapping[str, str],
        catalog: Catalog,
        feed_name: str,
        record: Record,
        mall_column: str | None = None,
        moment: datetime | None = None,
    ) -> None:
        self.types = types
        self.feed_name = feed_name
        self.record = record
        self.bookkeeping = (*BOOKKEEPING, mall_column) if mall_column else BOOKKEEPING
        self.mall = mall_column or text(catalog.mall)
        self.catalog = catalog
        self.moment = moment
        self.feed = catalog.feeds[feed_name]
        self.sources = sources_of(types, self.feed, self.bookkeeping)
        self.context = Context(
            catalog.currency,
            catalog.timezone,
            catalog.base_url,
            self.feed.blank_words,
            catalog.rules,
            catalog.country,
        )
        fields = catalog.fields_of(feed_name)
        self.sales = sale_columns(fields)
        self.sells = sells(fields)
        self.changes = Changes.of(catalog, feed_name, self.sources, record)
        plain = {
            field.name: self._reading(fields[field.name], field)
            for field in self.record.fields
            if field.name in fields and field.is_mapped
        }
        self.currency = price_currency(catalog.currency, plain)
        self.fitted_to = CURRENCY if self.changes is None else self.changes.fitted_to()
        self.knows_currency = None if self.changes is None else self.changes.knows_currency(plain)
        self.readings = with_amount_rules(plain, self.fitted_to)
        self.attribute_types = _attribute_types(catalog, feed_name, self.sources.sent)
        self.attributes = attribute_readings(self.attribute_types, self.sources, self.context)
        stamp = catalog.stamp_of(feed_name)
        self.stamp = (
            None
            if stamp is None
            else reading_of(stamp, KINDS[STAMP.kind], STAMP, self.sources, self.context)
        )
        self.operation = self.feed.operation if self.feed.mode == "delta" else None
        self.findings = Findings(
            record,
            self.readings,
            self.attributes,
            self.stamp,
            self.changes,
            self.operation,
            moment,
        )
        self.rows = RowRules.of(
            catalog, feed_name, self.sources, tuple(self.readings), self.changes
        )

    def _reading(self, type_: FieldType, field: CanonicalField) -> Reading:
        target = replace(field, sales=self.sales) if field.name == "price" else field
        target = replace(target, interval=type_.interval) if type_.interval else target
        return reading_of(type_, KINDS[field.kind], target, self.sources, self.context)

    def in_order(self) -> Iterator[Columns]:
        """The projections, first to last."""
        yield self._sources()
        if self.sources.texts:
            yield self._texts()
        yield self._cells()
        yield self._parsed()
        yield (values := self._values())
        if self.rows.choose:
            yield self._chosen(values)
        yield self._products()

    def _sources(self) -> Columns:
        out = {name: column(name) if name in self.types else NO_TEXT for name in self.bookkeeping}
        return out | {place: column(name) for name, place in self.sources.places.items()}

    def _texts(self) -> Columns:
        places = (*self.bookkeeping, *self.sources.places.values())
        return {name: name for name in places} | self.sources.texts

    def _carried(self) -> Columns:
        columns = (*self.bookkeeping, *self.sources.places.values(), *self.sources.texts)
        return {name: name for name in columns}

    def _all_readings(self) -> Iterator[tuple[str, Reading]]:
        """Name of the cell's column, reading."""
        for name, reading in self.readings.items():
            yield f"c_{name}", reading
        for place, attribute in enumerate(self.attributes):
            yield f"a_{place}", attribute.reading
        if self.stamp is not None:
            yield f"c_{STAMP.name}", self.stamp

    def _cells(self) -> Columns:
        out = self._carried() | {CURRENCY: self.currency}
        if self.knows_currency is not None:
            out[KNOWN] = self.knows_currency
        out |= {cell: reading.cell for cell, reading in self._all_readings()}
        if self.operation:
            out["c_op"] = stripped(self.sources.cell(self.operation.source))
        if self.feed.slice_from is not None:
            out["c_slice"] = stripped(self.sources.cell(self.feed.slice_from))
        return out

    def _carried_cells(self) -> Columns:
        known = () if self.changes is None else (KNOWN,)
        known = (*known, "c_slice") if self.feed.slice_from is not None else known
        cells = (CURRENCY, *known, *(cell for cell, _ in self._all_readings()))
        return self._carried() | {cell: cell for cell in cells}

    def _parsed(self) -> Columns:
        out = self._carried_cells()
        out |= {_parsed_name(cell): reading.parse(cell) for cell, reading in self._all_readings()}
        for name in AMOUNTS:
            if name in self.readings:
                cell = f"c_{name}"
                out[f"f_{name}"] = fit(self.readings[name], cell, self.fitted_to)
                if name != "price":
                    out[f"n_{name}"] = named_in(cell, self.catalog.currency)
        if self.operation:
            out |= {"c_op": "c_op", "p_op": self._operation_of("lower(c_op)")}
        return out

    def _operation_of(self, word: Sql) -> Sql:
        def among(words: tuple[str, ...]) -> Sql:
            return f"{word} in ({', '.join(text(w.strip().lower()) for w in words)})"

        assert self.operation is not None
        deletes, upserts = self.operation.delete, self.operation.upsert
        return case((among(deletes), "'D'"), (among(upserts), "'U'"))

    def _values(self) -> Columns:
        out = self._carried_cells()
        out |= {"c_op": "c_op", "p_op": "p_op"} if self.operation else {}
        for name, reading in self.readings.items():
            cell, parsed = f"c_{name}", f"p_{name}"
            field = self.record.by_name[name]
            out[f"v_{name}"] = f"try_cast({reading.value(cell, parsed)} as {field.sql_type})"
            out[f"x_{name}"] = code_of(field, reading, cell, parsed)
            for i, problem in enumerate(reading.also):
                held = problem.condition(cell, parsed)
                out[f"z_{name}_{i}"] = case((held, text(f"{name}_{problem.kind}")))
        out["v_currency"] = CURRENCY
        if self.stamp is not None:
            out |= stamp_values(self.stamp)
        if (stock := out.get("v_stock_quantity")) is not None:
            out["v_availability"] = availability_of(stock, out.get("v_availability"))
        out |= self._all_values()
        return out | self.rows.amounts() | self._attribute_values()

    def _all_values(self) -> Columns:
        """Of fields that hold all values of another."""
        out: Columns = {}
        for field in self.record.fields:
            reading = self.readings.get(field.all_of or "")
            if reading is not None and reading.all_values is not None:
                values = reading.all_values(f"c_{field.all_of}", f"p_{field.all_of}")
                out[f"v_{field.name}"] = f"try_cast({values} as {field.sql_type})"
        return out

    def _chosen(self, values: Columns) -> Columns:
        """All columns that `_products` reads, and which rule leaves the row out."""
        read = {name: name for name in values if name not in self.rows.amounts()}
        return read | self.rows.judged("p_op = 'U'" if self.operation else None)

    def _attribute_values(self) -> Columns:
        out: Columns = {}
        pairs: list[tuple[str, Sql]] = []
        for i, attribute in enumerate(self.attributes):
            cell, parsed = f"a_{i}", f"b_{i}"
            pairs.append((attribute.name, attribute.text_of(cell, parsed)))
            out[f"y_{i}"] = attribute_code_of(attribute.reading, cell, parsed)
        if pairs:
            out |= {"v_attributes": kept(pairs), "d_attributes": dropped(pairs)}
        return out

    def _products(self) -> Columns:
        """The canonical frame; the record's text for rows that something is told about."""
        values = self._canonical()
        expired = (
            self._live(is_expired("v_expires_at", self.moment))
            if self._expires
            else "cast(null as boolean)"
        )
        hashed = content_hash(
            values, self.record, with_updated_at=self.feed.hash_updated_at, expired=expired
        )
        told, refused, warned = self.findings.faults()
        if self.rows.choose:
            told, refused, warned = of_chosen(told, refused, warned)
        partial = self._partial()
        if partial:  # the mall may lack its product
            told = f"({told} or not ({partial[WHOLE]}))"
        out = {"_pos": "cast(_pos as bigint)", "_row": "_row", "_raw": case((told, self._record()))}
        out["op"] = "coalesce(p_op, 'U')" if self.operation else "'U'"
        out["mall_id"] = self.mall
        if self.feed.slice_from is not None:
            named = cut("c_slice", MOST_SLICE_CHARACTERS)
            blank = self.catalog.slice_of_blank(self.feed_name)
            out[IN_SLICE] = f"coalesce(nullif({named}, ''), {text(blank)})"
        for field in self.record.fields:
            sql = values.get(field.name, "null")
            out[field.name] = f"cast({self._shown_of(field.name, sql)} as {field.sql_type})"
        out["content_hash"] = self._live(hashed)
        for name in self.record.said:
            said = (
                case((f"{self._kept_out(name)}", f"v_{name}")) if name in self.readings else "null"
            )
            sql_type = self.record.by_name[name].sql_type
            out[said_column(name)] = f"cast({self._live(said)} as {sql_type})"
        out[EXPIRED] = expired
        if self.stamp is not None:
            out[AT] = stamp_that_counts(self.moment)
        out[DROPPED] = RULE if self.rows.choose else NO_TEXT
        return out | {"_rejects": refused, "_warnings": warned} | partial

    def _kept_out(self, name: str) -> Sql:
        """Whether a rule between fields keeps a value out that was said."""
        is_judged = name == "list_price" and {name, "price"} <= self.readings.keys()
        return kept_out(self.sells) if is_judged else "false"

    @property
    def _expires(self) -> bool:
        return "expires_at" in self.readings

    def _priced(self) -> Priced:
        """What the row says of its prices. A sale whose window cannot be read does not hold."""
        starts, ends = (
            f"v_{name}" if name in self.readings else _NO_MOMENT for name in WINDOW_ENDS
        )
        listed = "v_list_price" if "list_price" in self.readings else _NO_VALUE
        sale = case((f"not {self._lost_window()}", "v_sale_price"))
        return Priced("v_price", listed, sale, starts, ends, self.moment)

    def _lost_window(self) -> Sql:
        """Whether something stands in the window's cells that is no time."""
        lost = [
            f"coalesce(v_{name} is null and x_{name} <> '{name}_blank_word', false)"
            for name in WINDOW_ENDS
            if name in self.readings
        ]
        return f"({' or '.join(lost)})" if lost else "false"

    def _partial(self) -> Columns:
        """What a row says that changes only what it names: the columns NAMED and WHOLE."""
        if self.changes is None:
            return {}
        attributes = {
            one.name: attribute_carried(self.attribute_types[one.name], self.sources)
            for one in self.attributes
        }
        named = self.changes.named(attributes, self._lost_window())
        return {NAMED: self._upserted(named), WHOLE: f"({whole(self.record, self.readings)})"}

    def _shown_of(self, name: str, value: Sql) -> Sql:
        """A field's value; a delete has its id and time only, a row that is left out its title, too."""
        if name == self.record.id and self.rows.merged is not None:
            return case((f"not {self.rows.merged}", value))  # it competes with no row of that id
        if name in (self.record.id, self.record.newest_by):
            return value
        return self._upserted(value) if name == "title" else self._live(value)

    def _record(self) -> Sql:
        pairs = ", ".join(f"{text(n)}, {self.sources.shown(n)}" for n in self.sources.sent)
        return f"coalesce({RAW}, to_json(named_struct({pairs})))" if pairs else RAW

    def _live(self, value: Sql) -> Sql:
        """The value; null for a delete and for a row that is left out."""
        value = case((f"{RULE} is null", value)) if self.rows.choose else value
        return self._upserted(value)

    def _upserted(self, value: Sql) -> Sql:
        """The value; null for a delete."""
        return case(("p_op = 'U'", value)) if self.operation else value

    def _canonical(self) -> Columns:
        values = {name: f"v_{name}" for name in self.readings} | {"currency": "v_currency"}
        values |= {name.removeprefix("v_"): name for name in self._all_values()}
        if "stock_quantity" in values:
            values["availability"] = "v_availability"
        if "sale_price" in values:
            values["sale_price"] = self._priced().sale_price
        if "sale_price" in values and "price" in values:
            values |= self._priced().held(self._kept_out("list_price"))
        elif "list_price" in values and "price" in values:
            below = self._kept_out("list_price")
            values["list_price"] = case((f"not coalesce({below}, false)", "v_list_price"))
        if self.attributes:
            values["attributes"] = "v_attributes"
        if "category_path" in values and "category_raw" not in values:
            length = self.record.by_name["category_raw"].max_length
            whole = shown("c_category_path")
            values["category_raw"] = cut(whole, length) if length else whole
        return values


def sources_of(
    types: Mapping[str, str], feed: FeedSpec, bookkeeping: Sequence[str] = BOOKKEEPING
) -> Sources:
    """The source columns of a raw frame: all but those of its own."""
    row = feed.format_row
    return Sources(
        {name: type_ for name, type_ in types.items() if name not in bookkeeping},
        are_marked=row.nests or row.typed or row.notes_cells,
    )


def _parsed_name(cell: str) -> str:
    return cell.replace("c_", "p_", 1) if cell.startswith("c_") else cell.replace("a_", "b_", 1)


def _attribute_types(
    catalog: Catalog, feed_name: str, columns: Sequence[str]
) -> dict[str, FieldType]:
    """The catalog's attributes and, where it says so, all columns that nothing else reads."""
    feed, named = catalog.feeds[feed_name], dict(catalog.attributes_of(feed_name))
    if feed.extra_columns == "ignore":
        return named
    readers = (*catalog.fields_of(feed_name).values(), *named.values())
    used = {source for type_ in readers for source in type_.sources}
    if feed.operation:
        used.add(feed.operation.source)
    if (stamp := catalog.stamp_of(feed_name)) is not None:
        used |= set(stamp.sources)
    for name in columns:
        if name not in used and name not in named:
            named[name] = TextType.model_validate({"from": name})
    return named
