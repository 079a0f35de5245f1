"""The fold of rows that have stamps of their own: what comes out is as if all had been taken in the order of their stamps.

The product table says what a product is, not since when each value is known. So a mall whose rows have stamps has a
*memory* beside its products: per product the rows that still matter, oldest first (`SAID_AT`): the last one that took it
away, parts that came before it was there, and their values, the one that made it, and later ones with what they have set. For a
feed these rows are brought in among its own, each at its time, and taken one after the other as always
(`mallfeed.table.fold`). docs/decisions/row-stamps.md says why nothing else has to be known.

Which products there are is what the last full feed says, whatever the stamps: what it lacks has no rows any more.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.pieces import Sql, case, column, text
from mallfeed.product.holding import at
from mallfeed.product.record import SAID_AT, SAID_AT_TYPE
from mallfeed.table.fold import Folding
from mallfeed.table.fold_columns import (
    ALL,
    AT,
    BY,
    EFFECT,
    FEED,
    GOES,
    GONE,
    IN_ORDER,
    KNOWN,
    LOST,
    NAMED,
    NEWEST,
    NO_MAP,
    OF_ID,
    ORDER,
    OWN,
    PLACE,
    SET,
    TABLE,
    TURN,
    WHOLE,
    attribute_name,
    judged,
    own_value,
)
from mallfeed.table.fold_rows import Rows, extended, selected
from mallfeed.table.outcomes import MEMORY
from mallfeed.table.overlay import Overlay

MAKES, SETS = "makes", "sets"
"""Of a remembered row, beside GONE: whether it makes a product that is not there."""
_NOT_YET = f"{IN_ORDER} rows between 1 following and unbounded following)"
_NO_ROWS = f"cast(array() as {SAID_AT_TYPE})"
_ALL_OF_IT = "*"
"""What a row that took the product away is remembered for, until one that names all makes it anew."""


@dataclass(frozen=True)
class Stamped(Folding):
    """How a feed is folded into the table of a mall whose rows have stamps. Nothing of loaded feeds is needed (`later`).

    Attributes
    ----------
    memory : what is remembered; columns: the record's, of which fields have what waits for a product; key: the record's
    age : SQL of the time of rows that have no stamp
    by_person : the feed counts from when somebody asked for it, whatever the stamps of its rows
    """

    memory: DataFrame | None = None
    age: Sql = "cast(null as timestamp)"
    by_person: bool = False

    def _rows(
        self, checked: DataFrame, table: DataFrame, overlay: Overlay | None
    ) -> list[DataFrame]:
        assert self.memory is not None
        assert not self.later
        of = Rows(self.record, self.duplicates, replace(self.place, brings=True))
        own = of.of_feed(checked)
        stamp = AT if AT in own.columns else "cast(null as timestamp)"
        own = _replaced(own, {AT: f"coalesce({stamp}, {self.age})", BY: self.place.order})
        whole = {EFFECT: text(SET), WHOLE: "true", ORDER: "_held_since"}
        products = of.of_table(table, self.judge.of_table, overlay)
        return [own, extended(products, whole), self._known()]

    def _known(self) -> DataFrame:
        """The rows that are remembered."""
        assert self.memory is not None
        values = ", ".join(f"{text(one.name)}, {column(one.name)}" for one in self.record.fields)
        each = self.memory.selectExpr(
            *self.record.key,
            SAID_AT,
            f"named_struct({values}) as _waiting",
            f"array_position(transform({SAID_AT}, x -> x.does), '{MAKES}') as _first",
            f"posexplode({SAID_AT}) as (_place_in, _one)",
        )
        columns = {name: name for name in self.record.key}
        columns |= {
            "_key": self.record.id,
            "_rank": str(KNOWN),
            "_remembered": SAID_AT,
            "_waiting": "_waiting",
            "_made": "_first > 0 and _place_in >= _first - 1",
            "_made_first": "_place_in = _first - 1",
            "_held_so": "_first > 0",
            PLACE: "cast(_place_in as bigint)",
            AT: "_one.at",
            BY: "_one.by",
            EFFECT: f"if(_one.does = '{GONE}', '{GONE}', '{SET}')",
            WHOLE: f"_one.does = '{MAKES}'",
            NAMED: "_one.names",
        }
        return selected(each, columns)

    def _in_turn(self, seen: DataFrame) -> DataFrame:
        """By stamp, then by the order of the feeds; rows of the table come before what a person asks for."""
        newest = f"max(if(_rank = {KNOWN}, {AT}, null)) {OF_ID}"
        is_held = f"coalesce(max(_rank = {TABLE}) {OF_ID}, false)"
        seen = extended(
            seen,
            {
                "_is_held": is_held,
                "_is_known": f"{is_held} and coalesce(max(_held_so) {OF_ID}, false)",
                "_remembered_all": f"first(_remembered, true) {OF_ID}",
                "_waiting_all": f"first(_waiting, true) {OF_ID}",
                "_since_held": f"max(_held_since) {OF_ID}",
                "_own_held": f"first(if(_rank = {TABLE}, {OWN}, null), true) {OF_ID}",
                "_newest_known": newest,
            },
        )
        # A feed that is decided again finds its own rows; what is remembered may be of before products were loaded
        # without stamps, or taken away with their slice.
        void = f"coalesce({BY} = {self.place.order}, false) or _held_so <> _is_held"
        late = self.place.is_by_later("_held_since")
        counts = case(
            (f"_rank = {KNOWN} and ({void})", "null"),
            (f"_rank = {TABLE} and (_is_known or {late})", "null"),
            otherwise=EFFECT,
        )
        found = {
            EFFECT: counts,
            OWN: case((f"_rank = {KNOWN}", self._own_of_known()), otherwise=OWN),
            ORDER: f"if(_rank = {KNOWN}, _since_held, {ORDER})",
        }
        if not self.place.brings:  # it may change what the shop has, and is not to bring anything
            found[WHOLE] = f"if(_rank = {FEED}, {WHOLE} and _is_held, {WHOLE})"
        if self.by_person and self.mode == "full":
            found |= {name: f"if(_rank < {FEED}, null, {name})" for name in (AT, BY)}
        elif self.by_person:
            found[AT] = f"if(_rank = {FEED}, greatest({AT}, _newest_known), {AT})"
        seen = _replaced(seen, found)
        by = ", ".join(f"{name} asc nulls first" for name in (AT, BY, "_rank", NEWEST, PLACE))
        return extended(
            seen, {TURN: f"row_number() over (partition by _key, mall_id order by {by})"}
        )

    def _own_of_known(self) -> Sql:
        """Of the row that made the product all values, since a row has made also what it does not name (a default);
        of others what they name. A currency goes with its price."""
        beside = {self.record.id, *self.judge.only_with}
        fields = []
        for field in self.record.fields:
            value = f"if(_made, _own_held.{column(field.name)}, _waiting.{column(field.name)})"
            if field.kind == "map":
                named = f"array_contains({NAMED}, concat({text(attribute_name(''))}, k))"
                value = f"if({NAMED} is null, {value}, map_filter({value}, (k, v) -> {named}))"
            elif field.name not in beside:
                value = case(
                    (f"{NAMED} is null or array_contains({NAMED}, {text(field.name)})", value)
                )
            fields.append(f"{text(field.name)}, cast({value} as {field.sql_type})")
        return f"if(_made_first, _own_held, named_struct({', '.join(fields)}))"

    def _facts(self) -> dict[str, Sql]:
        return {**super()._facts(), "_overlaid": f"max(_rank) {OF_ID} >= {FEED}"}

    def _newer(self) -> Sql:
        """The fields that newer rows have said; one null among them stands for all."""
        takes_all = f"{EFFECT} = '{GONE}' or {NAMED} is null"
        said = f"if({takes_all}, array(cast(null as string)), {NAMED})"
        known = f"_rank < {FEED} and {EFFECT} is not null"
        return f"flatten(collect_list(if({known}, {said}, null)) {_NOT_YET})"

    def _that_count(self, seen: DataFrame) -> DataFrame:
        """What a full feed lacks, is gone, but for what feeds that come after it have said."""
        if self.mode != "full":
            return seen
        there = f"coalesce(_any, false) or {self._elsewhere_then()}"
        if self.on_reject == "keep":
            there += " or coalesce(_refused, false)"
        gone = f"_rank < {FEED} and not ({there}) and coalesce({BY} < {self.place.order}, true)"
        return _replaced(seen, {EFFECT: f"if({gone}, null, {EFFECT})"})

    def _was_there(self) -> Sql:
        return case((f"{EFFECT} is not null", "true"), ("not _is_known", "false"))

    def _before(self) -> dict[str, Sql]:
        made = f"_rank < {FEED} and {EFFECT} = '{SET}' and {WHOLE}"
        gone = f"_rank < {FEED} and {EFFECT} = '{GONE}'"
        return {
            **super()._before(),
            "_made_since": f"coalesce(max({made}) {_NOT_YET}, false)",
            "_known_since": f"coalesce(max({made} or {gone}) {_NOT_YET}, false)",
        }

    def _unknown(self) -> Sql:
        """A part of a product that has been made, or taken away, since is older than that, and no stranger."""
        return f"({super()._unknown()} and not _known_since)"

    def _is_older(self) -> Sql:
        return f"({super()._is_older()}) or ({super()._unknown()} and _known_since)"

    def _moves(self) -> Sql:
        return f"{super()._moves()} and not _made_since"

    def _values(self) -> dict[str, Sql]:
        goes, sets = f"coalesce({GOES}, false)", f"{EFFECT} = '{SET}'"
        row = (
            f"named_struct('goes', {goes}, 'at', {AT}, 'by', {BY}, "
            f"'does', if({WHOLE}, '{MAKES}', '{SETS}'), 'names', {self._names()})"
        )
        told = f"({goes} or coalesce({sets}, false))"
        if not self.place.brings:  # what a full feed has not named since is not to come back by it
            told += f" and (_rank < {FEED} or _is_held)"
        waits = f"coalesce({sets} and not _sets, false)"
        return {
            **super()._values(),
            "_rows_taken": f"collect_list(if({told}, {row}, null)) {ALL}",
            **{
                _waiting(one.name): self._newest_waiting(one, waits)
                for one in self._waiting_fields()
            },
        }

    def _waiting_fields(self) -> list[CanonicalField]:
        return [one for one in self.record.fields if one.name != self.record.id]

    def _newest_waiting(self, field: CanonicalField, waits: Sql) -> Sql:
        """What rows have said of a field that came before the product was there."""
        if field.kind == "map":
            row = f"named_struct('names', {NAMED}, 'said', coalesce({own_value(field.name)}, {NO_MAP}))"
            named = f"array_contains(one.names, concat({text(attribute_name(''))}, k))"
            after = (
                f"map_concat(map_filter(held, (k, v) -> not {named}), "
                f"map_filter(one.said, (k, v) -> {named}))"
            )
            rows = f"collect_list(if({waits}, {row}, null)) {ALL}"
            return f"aggregate({rows}, {NO_MAP}, (held, one) -> {after})"
        named = f"{waits} and (array_contains({NAMED}, {text(field.name)}) or {NAMED} is null)"
        said = f"if({named}, named_struct('v', {own_value(field.name)}), null)"
        return f"(last({said}, true) {ALL}).v"

    def _names(self) -> Sql:
        """What the row is remembered for; one that has made the product also for what it does not name."""
        said = [
            f"if({own_value(one.name)} is null, null, {text(one.name)})"
            for one in self.record.fields
            if one.kind != "map" and one.name != self.record.id
        ]
        maps = [
            f"transform(map_keys({own_value(one.name)}), k -> concat({text(attribute_name(''))}, k))"
            for one in self.record.fields
            if one.kind == "map"
        ]
        each = [f"filter(array({', '.join(said)}), i -> i is not null)", *maps]
        whole = reduce(
            lambda one, more: f"array_union({one}, coalesce({more}, array()))", each, NAMED
        )
        made = f"_rank = {FEED} and _makes and not _before"
        return case(
            (f"{NAMED} is null", "null"), otherwise=f"array_sort(if({made}, {whole}, {NAMED}))"
        )

    def _told(self, seen: DataFrame, columns: dict[str, Sql]) -> tuple[DataFrame, dict[str, Sql]]:
        seen = extended(seen, {"_taken": _taken("_rows_taken")})
        seen = extended(seen, {"_known_now": f"cast({_still_known('_taken')} as {SAID_AT_TYPE})"})
        first_made = f"array_position(transform(_known_now, x -> x.does), '{MAKES}')"
        before = f"slice(_known_now, 1, if({first_made} > 0, cast({first_made} - 1 as int), size(_known_now)))"
        names = f"filter({before}, x -> x.does = '{SETS}')"
        seen = extended(seen, {"_waiting_names": f"flatten(transform({names}, x -> x.names))"})
        waiting = []
        for field in self._waiting_fields():
            value = column(_waiting(field.name))
            if field.kind == "map":
                named = f"array_contains(_waiting_names, concat({text(attribute_name(''))}, k))"
                own = f"map_filter({value}, (k, v) -> {named})"
                value = f"if(size({own}) > 0, {own}, null)"
            else:
                value = case((f"array_contains(_waiting_names, {text(field.name)})", value))
            waiting.append(f"{text(field.name)}, cast({value} as {field.sql_type})")
        seen = extended(
            seen,
            {
                "_waiting_now": f"named_struct({', '.join(waiting)})",
                "_place_at": f"coalesce({PLACE}, 0)",
            },
        )
        first = "row_number() over (partition by _key, mall_id order by _rank, _place_at) = 1"
        was = f"coalesce(_remembered_all, {_NO_ROWS})"
        same = f"{_without_order('_known_now')} <=> {_without_order(was)}"
        waited = ", ".join(f"_waiting_all.{column(one.name)}" for one in self._waiting_fields())
        waits = ", ".join(f"_waiting_now.{column(one.name)}" for one in self._waiting_fields())
        same += f" and to_json(struct({waits})) <=> to_json(struct({waited}))"
        refused = f"coalesce(_carried and size({judged(LOST)}) > 0, false)"
        moves = (
            f"{self.record.id} is not null and (_overlaid or _remembered_all is not null) "
            f"and not _settled and not {refused} and not ({same})"
        )
        seen = extended(seen, {"_carries": f"{first} and {moves}"})
        op = "if(size(_known_now) > 0, 'U', 'D')"
        told = f"named_struct('op', {op}, '{SAID_AT}', _known_now, 'waiting', _waiting_now)"
        memory = f"if(_carries, {told}, null)"
        return seen.where(f"_rank > {KNOWN} or _carries"), columns | {MEMORY: memory}


def with_stamps(
    folding: Folding, memory: DataFrame, age: datetime, *, by_person: bool = False
) -> Stamped:
    """The same folding where rows have stamps; see `Stamped`."""
    known = {one.name: getattr(folding, one.name) for one in fields(folding)}
    return Stamped(**known, memory=memory, age=at(age), by_person=by_person)


def _waiting(field: str) -> str:
    """The column of what rows have said of a field that came before the product was there."""
    return f"w_{field}"


def _taken(rows: Sql) -> Sql:
    """Of rows in turn the last one that took the product away, and those behind it, each with what no later one
    names."""
    rest = "if(x.names is null, null, array_except(x.names, r.names))"
    left = f"if(r.names is null, cast(array() as array<string>), {rest})"
    before = f"transform(held, x -> named_struct('at', x.at, 'by', x.by, 'does', x.does, 'names', {left}))"
    own = "array(named_struct('at', r.at, 'by', r.by, 'does', r.does, 'names', r.names))"
    gone = f"array(named_struct('at', r.at, 'by', r.by, 'does', '{GONE}', 'names', array('{_ALL_OF_IT}')))"
    return (
        f"aggregate({rows}, {_NO_ROWS}, (held, r) -> "
        f"cast(if(r.goes, {gone}, concat({before}, {own})) as {SAID_AT_TYPE}))"
    )


def _still_known(rows: Sql) -> Sql:
    """The rows that still matter: those of which something is left, and those that would make the product anew if a
    delete came to light before them: the last one that makes it, and others behind which something is left before the
    next one that does."""
    has = "(x.names is null or size(x.names) > 0)"
    left = has.replace("x.", "one.")
    rest = f"slice({rows}, i + 2, size({rows}))"
    start = "named_struct('found', false, 'over', false)"
    step = (
        f"named_struct('found', so.found or (not so.over and one.does <> '{MAKES}' and {left}), "
        f"'over', so.over or one.does = '{MAKES}')"
    )
    behind = f"aggregate({rest}, {start}, (so, one) -> {step}, so -> so.found or not so.over)"
    return f"filter({rows}, (x, i) -> {has} or (x.does = '{MAKES}' and {behind}))"


def _without_order(rows: Sql) -> Sql:
    """A row that says the same with the same stamp in the next feed changes nothing."""
    return f"transform({rows}, x -> named_struct('at', x.at, 'does', x.does, 'names', x.names))"


def _replaced(frame: DataFrame, columns: dict[str, Sql]) -> DataFrame:
    return frame.withColumns({name: F.expr(sql) for name, sql in columns.items()})
