"""From the raw frame of any feed to canonical products, rejects and warnings.

Pure: a frame in, a frame out; no session, clock or action. Everything is Spark SQL expressions, in
projections that follow each other so that each value is computed once:

cells (what the mall wrote) → parsed → values and their problems → rules between fields, hash.

Plan for a session with `REQUIRED_SPARK_CONF`; nothing raises on data under ANSI mode.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import DataType

from mallfeed.catalog.model import Catalog
from mallfeed.product.attributes import Attribute, attribute_readings, bounded, dropped, entries
from mallfeed.product.content_hash import content_hash
from mallfeed.product.fields import BY_NAME, PRODUCT_FIELDS
from mallfeed.product.rules import (
    fault,
    list_price_kept,
    list_price_rules,
    price_rules,
    shipping_fee_rules,
)
from mallfeed.product.sql import case, column, only, stripped, text
from mallfeed.product.types.currency import named_in
from mallfeed.product.types.dispatch import reading_of
from mallfeed.product.types.lists import _JOINT
from mallfeed.product.types.reading import Context, Problem, Reading, Sql
from mallfeed.product.types.source import Sources
from mallfeed.catalog import field_types as ft
from mallfeed.feed.raw import BOOKKEEPING

REQUIRED_SPARK_CONF: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}
"""What a session must have set: column names differ by case, times are UTC, patterns are strict."""

FAULTS_TYPE = "array<struct<code:string,field:string,value:string>>"
_AMOUNTS = ("price", "list_price", "shipping_fee")


def normalise(raw: DataFrame, catalog: Catalog, feed_name: str) -> DataFrame:
    """The feed's rows as canonical products.

    Columns: `_pos` bigint, `_row`, `_raw` string, `op` ('U' or 'D'), `mall_id`, all of
    PRODUCT_FIELDS with their types, `content_hash`, `_rejects` and `_warnings`
    (array<struct<code,field,value>>). One row for each raw row, key `_pos`. A row with rejects has
    no product in it; a delete ('D') has its id and the mall's time only.
    """
    plan = _Plan(raw, catalog, feed_name)
    frame = raw
    for step in (plan.cells, plan.parsed, plan.values, plan.products):
        frame = frame.select(*[F.expr(sql).alias(name) for name, sql in step().items()])
    return frame


def accepted(frame: DataFrame) -> DataFrame:
    """The rows of a normalised frame that are products or deletes, without `_rejects`."""
    return frame.where("size(_rejects) = 0").drop("_rejects")


def rejects(frame: DataFrame) -> DataFrame:
    """One row for each thing a row was refused for: `_pos, _row, code, field, value, raw`."""
    return _told(frame, "_rejects")


def warnings(frame: DataFrame) -> DataFrame:
    """One row for each warning, in the shape of `rejects`."""
    return _told(frame, "_warnings")


def _told(frame: DataFrame, faults: str) -> DataFrame:
    return (
        frame.where(f"size({faults}) > 0")
        .selectExpr("_pos", "_row", "_raw as raw", f"inline({faults})")
        .select("_pos", "_row", "code", "field", "value", "raw")
    )


class _Plan:
    """The projections of one feed: each method gives {column name: SQL over the one before}."""

    def __init__(self, raw: DataFrame, catalog: Catalog, feed_name: str) -> None:
        self.catalog = catalog
        self.feed = catalog.feeds[feed_name]
        self.types = {name: kind.simpleString() for name, kind in _types(raw).items()}
        self.source_columns = [name for name in raw.columns if name not in BOOKKEEPING]
        sources = Sources({name: self.types[name] for name in self.source_columns})
        self.context = Context(catalog.currency, catalog.timezone, catalog.base_url)
        fields = catalog.fields_of(feed_name)
        self.readings = {
            field.name: reading_of(fields[field.name], field, sources, self.context)
            for field in PRODUCT_FIELDS
            if field.name in fields and field.kind != "map"
        }
        self._add_amount_rules()
        self.attributes = attribute_readings(self._attribute_types(feed_name), sources, self.context)
        self.operation = (
            stripped(sources.cell(self.feed.operation.source))
            if self.feed.mode == "delta" and self.feed.operation
            else None
        )

    def _add_amount_rules(self) -> None:
        currency = _currency_sql(self.catalog.currency, "currency" in self.readings)
        if "price" in self.readings:
            self.readings["price"] = price_rules(self.readings["price"], currency)
        if "list_price" in self.readings:
            self.readings["list_price"] = list_price_rules(
                self.readings["list_price"], currency, "n_list_price"
            )
        if "shipping_fee" in self.readings:
            self.readings["shipping_fee"] = shipping_fee_rules(
                self.readings["shipping_fee"], currency, "n_shipping_fee"
            )

    def _attribute_types(self, feed_name: str) -> dict[str, ft.FieldTypeUnion]:
        named = dict(self.catalog.attributes_of(feed_name))
        if self.feed.extra_columns == "ignore":
            return named
        used = {
            source
            for type_ in (*self.catalog.fields_of(feed_name).values(), *named.values())
            for source in type_.sources
        }
        if self.feed.operation:
            used.add(self.feed.operation.source)
        for name in self.source_columns:
            if name not in used and name not in named:
                named[name] = ft.TextType.model_validate({"from": name})
        return named

    def cells(self) -> dict[str, Sql]:
        """What the mall wrote, field by field, and the source columns for the rejects."""
        out = {name: self._bookkeeping(name) for name in BOOKKEEPING}
        out |= {f"s_{i}": column(name) for i, name in enumerate(self.source_columns)}
        if self.operation:
            out["c_op"] = self.operation
        out |= {f"c_{name}": reading.cell for name, reading in self.readings.items()}
        return out | {f"a_{i}": a.reading.cell for i, a in enumerate(self.attributes)}

    def _bookkeeping(self, name: str) -> Sql:
        return column(name) if name in self.types else "cast(null as string)"

    def _carried(self) -> dict[str, Sql]:
        names = [*BOOKKEEPING, *(f"s_{i}" for i in range(len(self.source_columns)))]
        return {name: name for name in names}

    def parsed(self) -> dict[str, Sql]:
        """What could be made of the cells."""
        out = self._carried() | {f"c_{name}": f"c_{name}" for name in self.readings}
        out |= {f"p_{name}": r.parse(f"c_{name}") for name, r in self.readings.items()}
        for name in _AMOUNTS:
            if name in self.readings:
                out[f"n_{name}"] = named_in(f"c_{name}", self.catalog.currency)
        out |= {f"a_{i}": f"a_{i}" for i in range(len(self.attributes))}
        out |= {f"b_{i}": a.reading.parse(f"a_{i}") for i, a in enumerate(self.attributes)}
        if self.operation:
            out |= {"c_op": "c_op", "p_op": self._operation()}
        return out

    def _operation(self) -> Sql:
        operation = self.feed.operation
        assert operation is not None
        word = "lower(c_op)"

        def among(words: tuple[str, ...]) -> Sql:
            return f"{word} in ({', '.join(text(w.strip().lower()) for w in words)})"

        return case((among(operation.delete), "'D'"), (among(operation.upsert), "'U'"))

    def values(self) -> dict[str, Sql]:
        """Values of the fields' own types, and the code of what is wrong with each cell."""
        out = self._carried()
        currency = _currency_sql(self.catalog.currency, "currency" in self.readings)
        if "price" not in self.readings:
            currency = currency.replace("n_price", "null")
        for name, reading in self.readings.items():
            value = f"try_cast({reading.value(f'c_{name}', f'p_{name}')} as {BY_NAME[name].sql_type})"
            out[f"c_{name}"] = f"c_{name}"
            out[f"v_{name}"] = currency if name == "currency" else value
            out[f"x_{name}"] = self._code(name, reading)
        if "currency" not in self.readings:
            out["v_currency"] = currency
        if self.attributes:
            pairs = [
                (a.name, f"nullif({a.text_of(f'a_{i}', f'b_{i}')}, '')")
                for i, a in enumerate(self.attributes)
            ]
            out["e_attributes"] = entries(pairs)
            for i, a in enumerate(self.attributes):
                if a.reading.problems:
                    out[f"a_{i}"], out[f"y_{i}"] = f"a_{i}", self._attribute_code(i, a)
        if self.operation:
            out |= {"c_op": "c_op", "p_op": "p_op"}
        return out

    def _attribute_code(self, index: int, attribute: Attribute) -> Sql:
        wrong = " or ".join(
            problem.condition(f"a_{index}", f"b_{index}") for problem in attribute.reading.problems
        )
        return case((wrong, "'attribute_invalid'"))

    def _code(self, name: str, reading: Reading) -> Sql:
        problems = reading.problems
        if BY_NAME[name].required:
            missing = Problem("missing", lambda cell, _: f"({cell} is null)")
            unread = Problem("missing", lambda cell, parsed: f"({parsed} is null)")
            problems = (missing, *problems, unread)
        if name == "price":
            pass
        branches = [
            (problem.condition(f"c_{name}", f"p_{name}"), text(f"{name}_{problem.kind}"))
            for problem in problems
        ]
        return case(*branches) if branches else "cast(null as string)"

    def _losing(self, name: str) -> set[str]:
        """Codes with which a field has no value."""
        codes = {f"{name}_{p.kind}" for p in self.readings[name].problems if p.loses_value}
        return codes | {f"{name}_missing"}

    def products(self) -> dict[str, Sql]:
        """The canonical frame."""
        values = {name: f"v_{name}" for name in self.readings} | {"currency": "v_currency"}
        if "list_price" in values and "price" in values:
            kept = list_price_kept("v_list_price", "v_price")
            values["list_price"] = case((kept, "v_list_price"))
        if self.attributes:
            values["attributes"] = (
                f"map_from_entries({bounded('e_attributes')})"
            )
        if "category_path" in values and "category_raw" not in values:
            values["category_raw"] = f"replace(c_category_path, {text(_JOINT)}, '>')"
        refused, warned = self._faults()
        live = "p_op = 'U'" if self.operation else None
        hashed = content_hash(values, with_updated_at=self.feed.hash_updated_at)
        out: dict[str, Sql] = {"_pos": "cast(_pos as bigint)", "_row": "_row", "_raw": self._raw_text()}
        out["op"] = "coalesce(p_op, 'U')" if self.operation else "'U'"
        out["mall_id"] = text(self.catalog.mall)
        for field in PRODUCT_FIELDS:
            sql = values.get(field.name, "null")
            if live and field.name not in ("product_id", "mall_updated_at"):
                sql = case((live, sql))
            out[field.name] = f"cast({sql} as {field.sql_type})"
        out["content_hash"] = case((live, hashed)) if live else hashed
        out["_rejects"], out["_warnings"] = refused, warned
        return out

    def _raw_text(self) -> Sql:
        pairs = ", ".join(f"{text(n)}, s_{i}" for i, n in enumerate(self.source_columns))
        built = f"to_json(named_struct({pairs}))" if pairs else "cast(null as string)"
        return f"coalesce(_raw, {built})"

    def _faults(self) -> tuple[Sql, Sql]:
        refused: list[tuple[Sql, str | None, Sql]] = []
        warned: list[tuple[Sql, str | None, Sql]] = []
        id_only: list[tuple[Sql, str | None, Sql]] = []
        for name in self.readings:
            shown = f"replace(c_{name}, {text(_JOINT)}, '>')" if name == "category_path" else f"c_{name}"
            told = (f"x_{name}", name, shown)
            if not BY_NAME[name].required:
                warned.append(told)
                continue
            codes = ", ".join(text(code) for code in sorted(self._losing(name)))
            refused.append((case((f"x_{name} in ({codes})", f"x_{name}")), name, shown))
            warned.append((case((f"x_{name} not in ({codes})", f"x_{name}")), name, shown))
            if name == "product_id":
                id_only.append(refused[-1])
        for field in PRODUCT_FIELDS:
            if field.required and field.name not in self.readings:
                refused.append((text(f"{field.name}_missing"), field.name, "null"))
        if {"list_price", "price"} <= set(self.readings):
            below = case((f"not {list_price_kept('v_list_price', 'v_price')}", "'list_price_below_price'"))
            warned.append((below, "list_price", "c_list_price"))
        for i, attribute in enumerate(self.attributes):
            if attribute.reading.problems:
                warned.append((f"y_{i}", f"attributes.{attribute.name}", f"a_{i}"))
        if self.attributes:
            lost = dropped("e_attributes", bounded("e_attributes"))
            warned.append((case((f"{lost} is not null", "'attributes_too_many'")), "attributes", lost))
        if {"currency", "price"} <= set(self.readings):
            pass
        return self._assembled(refused, warned, id_only)

    def _assembled(
        self,
        refused: list[tuple[Sql, str | None, Sql]],
        warned: list[tuple[Sql, str | None, Sql]],
        id_only: list[tuple[Sql, str | None, Sql]],
    ) -> tuple[Sql, Sql]:
        none = f"cast(array() as {FAULTS_TYPE})"
        torn = f"array({fault('_fault', None, '_fault_detail')})"
        if self.operation:
            unknown = case(("p_op is null", "'op_unknown'"))
            rejected = case(
                ("_fault is not null", torn),
                ("p_op = 'D'", _list(id_only, none)),
                otherwise=_list([(unknown, self.feed.operation.source, "c_op"), *refused], none),  # type: ignore[union-attr]
            )
            return rejected, case(("_fault is null and p_op = 'U'", _list(warned, none)), otherwise=none)
        rejected = case(("_fault is not null", torn), otherwise=_list(refused, none))
        return rejected, case(("_fault is null", _list(warned, none)), otherwise=none)


def _list(faults: list[tuple[Sql, str | None, Sql]], none: Sql) -> Sql:
    """Those that hold, as an array; rows without any pay for one look at each code."""
    if not faults:
        return none
    codes = ", ".join(code for code, _, _ in faults)
    structs = ", ".join(case((f"{c} is not null", fault(c, f, v))) for c, f, v in faults)
    held = only(f"array({structs})", lambda one: f"{one} is not null")
    return case((f"coalesce({codes}) is null", none), otherwise=held)


def _currency_sql(catalog_currency: str, has_column: bool) -> Sql:
    """The price text's own currency, else the column's, else the catalog's."""
    column_says = (
        case(("c_currency is null", text(catalog_currency)), otherwise="p_currency")
        if has_column
        else text(catalog_currency)
    )
    return f"coalesce(n_price, {column_says})"


def _types(raw: DataFrame) -> dict[str, DataType]:
    return {field.name: field.dataType for field in raw.schema.fields}
