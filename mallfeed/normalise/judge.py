"""What is judged on the folded product, once it is known from several rows (`mallfeed.table.fold`).

The same rules as for one row that says all: amounts have the decimals of the product's currency and are in it, the
price before discount is no lower than the price, and the content hash is of what comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.currencies import decimals
from mallfeed.kinds.sql.pieces import Sql, called, case, column, text
from mallfeed.normalise.content_hash import content_hash
from mallfeed.normalise.faults import FAULTS_TYPE
from mallfeed.normalise.rules import odd_availability, odd_expiry, odd_window, sale_columns, sells
from mallfeed.product.fields import AMOUNTS, MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES, WINDOW_ENDS
from mallfeed.product.holding import SAID, Moment, Priced, is_expired
from mallfeed.product.record import EXPIRED, Record, said_column
from mallfeed.product.silence import NOT_FOR_SALE, Silence
from mallfeed.product.unit_price import other_dimension_sql
from mallfeed.table.fold import Judge
from mallfeed.table.fold_columns import (
    CONTAINED,
    IN,
    LOST,
    MORE,
    NAMED,
    OWN,
    among,
    folded,
    folded_beside,
    judged,
)


def judge(
    record: Record,
    catalog: Catalog,
    feed_name: str,
    moment: Moment | None = None,
    earlier: Collection[int] = (),
    silence: Silence | None = None,
) -> Judge:
    """The judge of the products that a feed changes; `moment` says what holds, and which dates are past. What the
    catalog decides about them is `judged_by`; `earlier` are versions of it that tell sales by the list price
    (`tells_sales`); `silence` is the mall's rule for products that no feed has contained for a while."""
    with_updated_at, maps_attributes, has_sales, maps_availability = judged_by(catalog, feed_name)
    values = _values(record)
    expired = is_expired(column(folded("expires_at")), moment)
    silenced = "false"
    if silence is not None and moment is not None:
        last, available = silence.last(CONTAINED, IN), column(folded("availability"))
        expired = case((f"{expired} or {silence.has_vanished(last, moment)}", "true"))
        sold = f"not coalesce({among(available, *NOT_FOR_SALE)}, false)"
        silenced = f"({silence.is_out_of_stock(last, moment)} and {sold})"
        values["availability"] = case((silenced, "'out_of_stock'"), otherwise=available)
    said = {
        said_column("list_price"): case((_KEPT_OUT, _own("list_price"))),
        said_column("availability"): case(
            (silenced, f"coalesce({column(folded('availability'))}, '')")
        ),
    }
    more = [
        *_more(),
        *_odd_times(moment),
        *(_odd_availability(moment) if maps_availability else ()),
    ]
    return Judge(
        dict.fromkeys(AMOUNTS, "currency"),
        {"currency": "price"},
        {**values, **said, EXPIRED: expired, LOST: _listed(_lost()), MORE: _listed(more)},
        of_sales(earlier),
        first=_first(has_sales, moment),
        then={"content_hash": _hash(record, with_updated_at, maps_attributes)},
    )


def judged_by(catalog: Catalog, feed_name: str) -> tuple[bool, bool, bool, bool]:
    """What a product is judged by beside itself: whether the mall's own time counts, whether any feed of the mall
    maps attributes, tells the price of a sale from the usual one, and maps when a product is available."""
    maps_attributes = any(
        catalog.attributes_of(name) or feed.extra_columns == "attributes"
        for name, feed in catalog.feeds.items()
    )
    types = [catalog.fields_of(name) for name in catalog.feeds]
    return (
        catalog.feeds[feed_name].hash_updated_at,
        maps_attributes,
        any(sells(one) for one in types),
        any("available_at" in one for one in types),
    )


def tells_sales(catalog: Catalog, versions: Iterable[Catalog]) -> tuple[int, ...]:
    """The versions of the mall's catalog under which a sale shows in the price before discount only, while this one
    tells its price: a product that they have left in the table has its usual price there."""
    if not any("sale_price" in catalog.fields_of(name) for name in catalog.feeds):
        return ()
    return tuple(
        one.version
        for one in versions
        if any(sale_columns(one.fields_of(name)) for name in one.feeds)
        and not any("sale_price" in one.fields_of(name) for name in one.feeds)
    )


def of_sales(versions: Collection[int]) -> dict[str, Sql]:
    """Field → SQL over the table's columns of what its products have said, where one of these versions read them."""
    if not versions:
        return {}
    of_one = f"catalog_version in ({', '.join(map(str, sorted(versions)))})"
    on = f"{of_one} and sale_price is null and list_price > price"
    return {
        "price": case((on, "list_price"), otherwise=SAID["price"]),
        "sale_price": case((on, "price"), otherwise="sale_price"),
        "list_price": case((on, "null"), otherwise=SAID["list_price"]),
    }


_CURRENCY, _KEPT_OUT, _SELLS = "_of_price", "_kept_out", "_on_sale"
"""Worked out first: the currency of the price, whether the list price that was said is none, whether a sale holds."""


def _own(name: str) -> str:
    """The column of an amount as the product's currency writes it; null if it is one in another."""
    return f"_own_{name}"


def _fit_problem(name: str) -> str:
    """The column of what that costs it."""
    return f"_fit_{name}"


def _is_other(name: str) -> str:
    """The column of whether an amount stays from a time when the product had another currency."""
    return f"_other_{name}"


def _first(has_sales: bool, moment: Moment | None) -> list[dict[str, Sql]]:
    """What the judged columns are worked out of, in projections one behind the other: written out wherever it is
    needed, a price would stand in the plan a hundred times."""
    currency = f"coalesce({column(folded_beside('price'))}, {column(folded('currency'))})"
    fitting: dict[str, Sql] = {}
    for name in AMOUNTS:
        number = f"cast({column(folded(name))} as decimal(38,6))"
        fitted = called("fitted", number, _CURRENCY, decimals())
        other = f"{column(folded_beside(name))} <> {_CURRENCY} and {column(folded(name))} > 0"
        fitting[_own(name)] = (
            fitted if name == "price" else case((f"not coalesce({other}, false)", fitted))
        )
        fitting[_fit_problem(name)] = called("fit_problem", number, _CURRENCY, decimals())
        fitting[_is_other(name)] = f"coalesce({other}, false)"
    # As `mallfeed.normalise.rules.kept_out`, of the folded product.
    compared = "<=" if has_sales else "<"
    kept_out = f"coalesce({_own('list_price')} {compared} {_own('price')}, false)"
    return [
        {_CURRENCY: currency},
        fitting,
        {_KEPT_OUT: kept_out, _SELLS: _priced(moment).is_on_sale},
    ]


def _priced(moment: Moment | None) -> Priced:
    starts, ends = (column(folded(name)) for name in WINDOW_ENDS)
    price, listed, sale = (_own(name) for name in ("price", "list_price", "sale_price"))
    return Priced(price, listed, sale, starts, ends, moment)


def _values(record: Record) -> dict[str, Sql]:
    values = {field.name: column(folded(field.name)) for field in record.fields}
    values["currency"] = _CURRENCY
    values |= {name: _own(name) for name in AMOUNTS}
    values |= _priced(None).held(_KEPT_OUT, _SELLS)
    values["attributes"] = _attributes(values["attributes"])
    values |= {field.name: _with_first(field, values) for field in record.fields if field.all_of}
    return {
        field.name: f"cast({values[field.name]} as {field.sql_type})" for field in record.fields
    }


def _hash(record: Record, with_updated_at: bool, maps_attributes: bool) -> Sql:
    """Of the judged columns."""
    expired = column(judged(EXPIRED))
    values = {field.name: column(judged(field.name)) for field in record.fields}
    hashed = content_hash(values, record, with_updated_at=with_updated_at, expired=expired)
    if maps_attributes:
        return hashed
    # A map without entries is written otherwise than a field that no feed maps.
    attributes = values.pop("attributes")
    without = content_hash(values, record, with_updated_at=with_updated_at, expired=expired)
    return f"if({attributes} is null, {without}, {hashed})"


def _with_first(field: CanonicalField, values: dict[str, Sql]) -> Sql:
    """All values of a field; in a row of a release that knew the first one only, that one."""
    every, first = values[field.name], values[field.all_of or ""]
    return case((f"{first} is not null", f"coalesce({every}, array({first}))"))


def _attributes(value: Sql) -> Sql:
    """Names in order, as far as there is room."""
    names = f"array_sort(map_keys({value}))"
    values = f"transform({names}, i -> {value}[i])"
    return called("attributes", names, values, f"{MAX_ATTRIBUTES}, {MAX_ATTRIBUTES_BYTES}")


def _names(*fields: str) -> Sql:
    """Whether the row names one of the fields; a row that says nothing of that names all."""
    any_of = " or ".join(f"array_contains({NAMED}, {text(name)})" for name in fields)
    return f"coalesce({any_of}, true)"


def _lost() -> list[tuple[Sql, str, str]]:
    """What refuses the row: a price of which nothing is left."""
    nothing = f"{_fit_problem('price')} = 'rounded_to_nothing'"
    return [(nothing, "price_rounded_to_nothing", "price")]


def _more() -> list[tuple[Sql, str, str]]:
    """Condition, code and field of what a row is warned of, beside what it showed by itself."""
    found = [
        (f"{_names(name)} and {_fit_problem(name)} = 'rounded'", f"{name}_rounded", name)
        for name in AMOUNTS
    ]
    found += [
        (f"{_names('price', name)} and {_is_other(name)}", f"{name}_other_currency", name)
        for name in AMOUNTS
        if name != "price"
    ]
    other = f"{OWN}.currency <> {_CURRENCY}"
    found.append((f"{_names('currency')} and {other}", "currency_conflict", "currency"))
    is_below, below = f"{_own('list_price')} < {_own('price')}", "list_price_below_price"
    untold = f"not exists(_warnings, i -> i.code = '{below}')"
    found.append(
        (f"{_names('price', 'list_price')} and {is_below} and {untold}", below, "list_price")
    )
    measures, odd = ("measure", "base_measure"), "base_measure_other_dimension"
    other = other_dimension_sql(*(column(folded(name)) for name in measures))
    untold = f"not exists(_warnings, i -> i.code = '{odd}')"
    found.append((f"{_names(*measures)} and {other} and {untold}", odd, "base_measure"))
    return found


def _odd_times(moment: Moment | None) -> list[tuple[Sql, str, str]]:
    """As `_odd_availability`, of a sale's window and of a product that ends."""
    starts, ends = (column(folded(name)) for name in WINDOW_ENDS)
    expires = column(folded("expires_at"))
    found = [
        (f"{_names(*WINDOW_ENDS)} and {held}", f"sale_ends_at_{problem}", "sale_ends_at")
        for held, problem in odd_window(starts, ends)
    ]
    found += [
        (f"{_names('expires_at')} and {held}", f"expires_at_{problem}", "expires_at")
        for held, problem in odd_expiry(expires, moment)
    ]
    # A row that is a whole product has said it already.
    return [
        (f"{held} and not exists(_warnings, i -> i.code = '{code}')", code, field)
        for held, code, field in found
    ]


def _odd_availability(moment: Moment | None) -> list[tuple[Sql, str, str]]:
    """What a row shows of the folded product that names a part of it; where the row's own date could not be read,
    that is told already."""
    names = _names("availability", "available_at")
    untold = "not exists(_warnings, i -> i.field = 'available_at')"
    told = odd_availability(column(folded("availability")), column(folded("available_at")), moment)
    return [
        (f"{names} and {held} and {untold}", f"available_at_{problem}", "available_at")
        for held, problem in told
    ]


def _listed(found: list[tuple[Sql, str, str]]) -> Sql:
    each = [
        case(
            (
                f"({condition})",
                f"named_struct('code', {text(code)}, 'field', {text(field)}, "
                f"'value', cast({column(folded(field))} as string))",
            )
        )
        for condition, code, field in found
    ]
    return f"cast(filter(array({', '.join(each)}), i -> i is not null) as {FAULTS_TYPE})"
