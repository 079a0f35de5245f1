"""Values of supplements, laid over what primary feeds say of a product.

Pure: frames and SQL. The table's columns hold what comes out. Where a supplement lies over a field, the column
`SUPPLEMENTED` keeps what the primary feeds say of it, so that rows are folded as if there were no supplement, and what a
supplement takes back is as they say. A supplement says of a product what its row has a value for; what is blank
there, it does not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, case, column, text
from mallfeed.product.record import SUPPLEMENTED, Record
from mallfeed.table.fold_columns import attribute_name, folded, folded_beside

_UNDER = "_under"
_FORM = "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"
_TIMES = f"map('timestampFormat', {text(_FORM)})"
"""Spark's own form of a time leaves out what is less than a millisecond."""


@dataclass(frozen=True)
class Overlay:
    """What the supplements of one mall say of its products.

    Attributes
    ----------
    record : describes the products
    rows : one frame per supplement, the one that goes over all others first; columns: those of the record, of which
        `mall_id` is the mall's; key: the record's
    beside : as `mallfeed.table.fold.Judge.beside`
    """

    record: Record
    rows: Sequence[DataFrame]
    beside: Mapping[str, str]

    def uncovered(self, table: DataFrame) -> DataFrame:
        """The frame of the table's products with the column that `own` reads."""
        fields = ", ".join(
            f"{column(one.name)}:{one.sql_type}" for one in given_fields(self.record)
        )
        schema = text(f"names array<string>, own struct<{fields}>")
        return table.withColumn(
            _UNDER, F.expr(f"from_json({column(SUPPLEMENTED)}, {schema}, {_TIMES})")
        )

    def own(self, said: Mapping[str, Sql]) -> dict[str, Sql]:
        """Field → SQL over the columns of `uncovered` of what primary feeds say of it; `said` is SQL of what is said
        of a field that no supplement lies over, where that is not its column."""
        out = dict(said)
        for field in given_fields(self.record):
            shown = said.get(field.name, column(field.name))
            under = f"{_UNDER}.own.{column(field.name)}"
            if field.kind == "map":
                named = f"array_contains({_UNDER}.names, concat({text(attribute_name(''))}, k))"
                kept = f"map_filter({shown}, (k, v) -> not coalesce({named}, false))"
                whole = f"map_concat({kept}, coalesce({under}, cast(map() as {field.sql_type})))"
                out[field.name] = case((f"{_UNDER} is null", shown), otherwise=whole)
            else:
                named = f"coalesce(array_contains({_UNDER}.names, {text(field.name)}), false)"
                out[field.name] = case((named, under), otherwise=shown)
        return out

    def over(self, seen: DataFrame, key: str) -> DataFrame:
        """The frame, in whose columns `folded(field)` and `folded_beside(amount)` supplements lie over what primary feeds
        say; `key`: its column with the record's id. The column SUPPLEMENTED is added."""
        given = self._given()
        if given is None:
            return seen.withColumn(SUPPLEMENTED, F.lit(None).cast("string"))
        mall = self.record.key[0]
        renamed = given.withColumnsRenamed({mall: "_s_mall", self.record.id: "_s_key"})
        on = (seen[mall] == renamed["_s_mall"]) & (seen[key] == renamed["_s_key"])
        columns = {name: F.expr(sql) for name, sql in self._laid().items()}
        kept = [name for name in seen.columns if name not in columns]
        return seen.join(renamed, on, "left").select(
            *kept, *(sql.alias(name) for name, sql in columns.items())
        )

    def _given(self) -> DataFrame | None:
        """What all supplements say, one row per product; columns: the key, `_s_<field>`, `_b_<amount>`."""
        found: DataFrame | None = None
        for rows in self.rows:
            one = rows.selectExpr(*self.record.key, *self._said())
            found = one if found is None else self._both(found, one)
        return found

    def _said(self) -> list[Sql]:
        out = []
        for field in given_fields(self.record):
            value = column(field.name)
            if field.all_of is not None:  # several values go with the first of them
                value = f"coalesce({value}, if({column(field.all_of)} is null, null, array({column(field.all_of)})))"
            if field.kind == "map":
                value = case((f"size({value}) > 0", value))
            out.append(f"{value} as {_of(field.name)}")
        for amount, of in self.beside.items():
            out.append(
                f"{case((f'{column(amount)} is not null', column(of)))} as {_beside(amount)}"
            )
        return out

    def _both(self, first: DataFrame, then: DataFrame) -> DataFrame:
        """What both say: the first one's values go over the other's."""
        key = list(self.record.key)
        other = then.withColumnsRenamed(
            {name: f"_then{name}" for name in then.columns if name not in key}
        )
        both = {}
        for field in given_fields(self.record):
            one, two = _of(field.name), f"_then{_of(field.name)}"
            value = f"coalesce({one}, {two})"
            if field.kind == "map":
                rest = f"map_filter({two}, (k, v) -> not map_contains_key({one}, k))"
                value = case(
                    (f"{one} is null or {two} is null", value),
                    otherwise=f"map_concat({one}, {rest})",
                )
            both[_of(field.name)] = value
        for amount in self.beside:
            both[_beside(amount)] = case(
                (f"{_of(amount)} is not null", _beside(amount)), otherwise=f"_then{_beside(amount)}"
            )
        joined = first.join(other, key, "full_outer")
        return joined.selectExpr(*key, *(f"{sql} as {name}" for name, sql in both.items()))

    def _laid(self) -> dict[str, Sql]:
        """The columns of `over`, over those of the frame and of `_given`."""
        out, names, under = {}, [], []
        priced = {amount for amount, of in self.beside.items() if amount == "price"}
        for field in given_fields(self.record):
            name, given = field.name, _of(field.name)
            own = column(folded(name))
            covered = f"{given} is not null"
            if name == "currency":
                # The product's currency goes with its price; what that was without the supplement comes back with it.
                own = f"coalesce({column(folded_beside('price'))}, {own})"
                covered = (
                    " or ".join(f"{_of(one)} is not null" for one in sorted(priced)) or "false"
                )
                out[folded(name)] = own
            elif field.kind == "map":
                kept = f"map_filter({own}, (k, v) -> not map_contains_key({given}, k))"
                out[folded(name)] = case(
                    (f"{given} is null", own),
                    (f"{own} is null", given),
                    otherwise=f"map_concat({kept}, {given})",
                )
                each = f"transform(map_keys({given}), k -> concat({text(attribute_name(''))}, k))"
                names.append(f"coalesce({each}, array())")
                lost = f"map_filter({own}, (k, v) -> map_contains_key({given}, k))"
                under.append(f"{text(name)}, {case((f'{given} is not null', lost))}")
                continue
            else:
                out[folded(name)] = f"coalesce({given}, {own})"
            names.append(f"{case((covered, f'array({text(name)})'), otherwise='array()')}")
            under.append(f"{text(name)}, {case((covered, own))}")
        for amount in self.beside:
            given = f"{_of(amount)} is not null"
            out[folded_beside(amount)] = case(
                (given, _beside(amount)), otherwise=column(folded_beside(amount))
            )
        listed = f"concat({', '.join(names)})"
        whole = f"to_json(named_struct('names', {listed}, 'own', named_struct({', '.join(under)})), {_TIMES})"
        out[SUPPLEMENTED] = case((f"size({listed}) > 0", whole), otherwise=NO_TEXT)
        return out


def given_fields(record: Record) -> list[CanonicalField]:
    """The fields that a supplement may say; what follows from others it does not."""
    return [one for one in record.fields if one.name != record.id and not one.derived]


def _of(field: str) -> str:
    """The column of what supplements say of a field."""
    return f"_s_{field}"


def _beside(amount: str) -> str:
    """The column of the currency in which they say it; null = the product's."""
    return f"_b_{amount}"
