"""The fold of rows that change what they name: one state of each product out of its rows in order.

Pure: frames in, frame out. The rows of one product are, in order: what the table holds of it, the rows of the feed,
and those of loaded deltas that come after the feed in the mall's order. A row *sets* what it names (`NAMED`), a row
that is `WHOLE` makes a product that is not there, with all that it says; a delete, and a row that a rule leaves
out, take it away (`GONE`). A row that sets something of a product which is not there at its place is refused
(`product_unknown`). What comes out is, per product and field, what the newest row said that named the field since
the product was made; rules between fields are judged on that (`Judge`). docs/feeds-and-time.md has pictures.

Windows by product id see all of that in the one shuffle that comparing needs anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import reduce

from pyspark.sql import DataFrame

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, case, text
from mallfeed.product.record import SLICE_MOVES_TYPE, SUPPLEMENTED, Record
from mallfeed.product.silence import NO_MOMENT, Silence
from mallfeed.table.fold_columns import (
    ALL,
    AT,
    BEFORE,
    CONTAINED,
    EFFECT,
    FEED,
    GOES,
    GONE,
    IN,
    IN_ORDER,
    IN_SLICE,
    IS_NEWER,
    LATER,
    NAMED,
    NO_MAP,
    OF_ID,
    ORDER,
    SET,
    TABLE,
    TOUCHED,
    TURN,
    WHOLE,
    attribute_name,
    faults,
    folded,
    folded_beside,
    judged,
    own_value,
)
from mallfeed.table.fold_outcome import Outcomes
from mallfeed.table.fold_rows import Later, Rows, extended, selected
from mallfeed.table.outcomes import OUTCOME, RULE, Duplicates, Mode, OnReject
from mallfeed.table.overlay import Overlay
from mallfeed.table.place import Place


@dataclass(frozen=True)
class Judge:
    """What is judged on the folded product.

    Attributes
    ----------
    beside : amount → the field that says what it is an amount of: what that was in the same row goes along,
        in the column `folded_beside(amount)`; null = the row said nothing of it
    only_with : field → the one that a row must set, too, for the field to be set: a currency alone is no price's
    columns : field → SQL of it judged; beside the fields `said_column(field)` of what is kept out, EXPIRED, and LOST
        and MORE: faults (array) that refuse the row, and warnings that come to its own. Over the columns
        `folded(field)` and those of `first`
    of_table : field → SQL over the table's columns of what a product of it has said, beside `Record.own`
    first : columns that `columns` reads, in projections one behind the other: what is written out wherever it is read
        makes a plan that Spark takes seconds to go over
    then : as `columns`, over the columns `judged(field)`
    """

    beside: Mapping[str, str]
    only_with: Mapping[str, str]
    columns: Mapping[str, Sql]
    of_table: Mapping[str, Sql] = dataclass_field(default_factory=dict)
    first: Sequence[Mapping[str, Sql]] = ()
    then: Mapping[str, Sql] = dataclass_field(default_factory=dict)

    def over(self, frame: DataFrame, told: Callable[[str], bool] = lambda _: True) -> DataFrame:
        """The frame with the columns `judged(name)` of what is judged behind its own; `told`: of which names."""
        seen = reduce(extended, self.first, frame)
        for columns in (self.columns, self.then):
            seen = extended(
                seen, {judged(name): sql for name, sql in columns.items() if told(name)}
            )
        return seen.drop(*(name for columns in self.first for name in columns))


@dataclass(frozen=True)
class Folding:
    """How one feed, or several of different malls, is folded into the table; see `mallfeed.table.compare`.

    `supplements` are the rows of `mallfeed.table.overlay.Overlay`, which lie over what comes out; None where the mall
    has none. All is written as SQL: hundreds of columns made one by one would be as many ways to Java and back.
    """

    record: Record
    mode: Mode
    on_reject: OnReject
    duplicates: Duplicates
    place: Place
    judge: Judge
    later: Sequence[Later] = ()
    silence: Silence | None = None
    supplements: Sequence[DataFrame] | None = None

    def compared(self, checked: DataFrame, table: DataFrame) -> DataFrame:
        """As `mallfeed.table.compare.compare`; `table` has all columns of the record, and TOUCHED, unless any row may
        touch any product.

        The columns of `checked`, of which those of the record are the folded product's in rows that change or
        confirm one, and the row's own in all others; OUTCOME, `record.fold_columns`, and what later feeds
        need (OWN …).
        """
        overlay = self._overlay()
        spoken_of = table.where(TOUCHED) if TOUCHED in table.columns else table
        rows = self._rows(checked, spoken_of, overlay)
        seen = self._in_turn(reduce(lambda one, other: one.unionByName(other, True), rows))
        for added in (self._slices(), self._facts()):
            seen = extended(seen, added)
        seen = self._that_count(seen)
        for added in (self._presence(), self._before(), self._effects(), self._values()):
            seen = extended(seen, added)
        seen = seen.where(f"_rank < {LATER}")
        if overlay is None:
            seen = extended(seen, {SUPPLEMENTED: NO_TEXT})
        else:
            seen = overlay.over(seen, "_key")
        seen = self.judge.over(seen)
        comes = Outcomes(self.record, self.mode, self.place, self.silence)
        seen = extended(seen, {OUTCOME: comes.outcome()})
        seen, told = self._told(seen, comes.columns())
        unknown = set(checked.columns) - {*told, AT}
        assert not unknown, sorted(unknown)
        seen = selected(seen, told)
        if TOUCHED not in table.columns:
            return seen
        past = self._past(table.where(f"not {TOUCHED}"), comes)
        return seen.unionByName(past, allowMissingColumns=True)

    def _past(self, untouched: DataFrame, comes: Outcomes) -> DataFrame:
        """Products that no row speaks of, each once: they are only counted, and folding one takes 0.2 ms."""
        none = faults("array()")
        columns = {name: name for name in self.record.key} | {"op": "'D'"}
        columns |= {OUTCOME: comes.stays(self.place.of_table)}
        return selected(untouched, columns | {"_rejects": none, "_warnings": none})

    # What `mallfeed.table.stamps` does otherwise

    def _rows(
        self, checked: DataFrame, table: DataFrame, overlay: Overlay | None
    ) -> list[DataFrame]:
        of = Rows(self.record, self.duplicates, self.place)
        rows = [of.of_feed(checked), of.of_table(table, self.judge.of_table, overlay)]
        return rows + [of.of_later(place, one) for place, one in enumerate(self.later)]

    def _in_turn(self, seen: DataFrame) -> DataFrame:
        """The rows with their TURN."""
        return extended(seen, {TURN: "_rank"})

    def _that_count(self, seen: DataFrame) -> DataFrame:
        """The rows, once the facts of each product are known."""
        return seen

    def _told(self, seen: DataFrame, columns: dict[str, Sql]) -> tuple[DataFrame, dict[str, Sql]]:
        """The rows that come out, and the columns of what is told of them."""
        return seen, columns

    def _overlay(self) -> Overlay | None:
        if self.supplements is None:
            return None
        return Overlay(self.record, self.supplements, self.judge.beside)

    # What is known of the product

    def _slices(self) -> dict[str, Sql]:
        """Of what slice the product is, where the feed comes in and before each row; whether it is settled."""
        before = f"{IN_ORDER} rows between unbounded preceding and 1 preceding)"
        makes, now = f"{EFFECT} = '{SET}' and {WHOLE}", f"max(_held_slice) {OF_ID}"
        moves = f"first(_held_moves, true) {OF_ID}"
        return {
            "_slice_now": now,
            "_moves_now": moves,
            "_slice_then": self.place.slice_then(now, moves),
            "_slice_made": f"last(if({makes}, {IN_SLICE}, null), true) {before}",
            "_settled": f"coalesce(max(_held_settled) {OF_ID}, false) or coalesce(max(_is_late) {OF_ID}, false)",
        }

    def _facts(self) -> dict[str, Sql]:
        """What the table holds, whether the feed has accepted and refused rows, whether a later one takes it away."""
        is_feed, does = f"_rank = {FEED}", f"{EFFECT} is not null"
        leaves = f"_rank >= {LATER} and coalesce({GOES}, false)"
        return {
            "_hash": f"max(_held) {OF_ID}",
            "_since": f"max(_held_since) {OF_ID}",
            "_was_contained": f"max(_held_contained) {OF_ID}",
            "_was_said": f"first(_held_said, true) {OF_ID}",
            "_was_supplemented": f"first(_held_supplemented, true) {OF_ID}",
            "_any": f"max({is_feed} and {does}) {OF_ID}",
            "_refused": f"max({is_feed} and not ({does})) {OF_ID}",
            "_leaves": f"max({leaves}) {OF_ID}",
            "_overlaid": f"max(_rank) {OF_ID} >= {LATER}",
            "_newer": self._newer(),
        }

    def _newer(self) -> Sql:
        """The fields that newer rows, uploaded before, have said of the product; one null among them stands for all."""
        if not any(one.uploaded_before for one in self.later):
            return "cast(null as array<string>)"
        takes_all = f"{EFFECT} = '{GONE}' or {NAMED} is null"
        said = f"if({takes_all}, array(cast(null as string)), {NAMED})"
        return (
            f"flatten(collect_list(if({IS_NEWER} and {EFFECT} is not null, {said}, null)) {OF_ID})"
        )

    def _presence(self) -> dict[str, Sql]:
        """What each row makes of the product's presence; null = nothing."""
        there = case(
            (f"_rank = {TABLE}", self._was_there()),
            (GOES, "false"),
            (f"{EFFECT} = '{SET}' and {WHOLE}", "true"),
        )
        return {"_there": there}

    def _was_there(self) -> Sql:
        """Whether the table's product was there before the feed's place in the order.

        If a later delta brought it, it was not, unless another one took it away in between: then nothing of what
        it was counts.
        """
        there = f"(_since is null or not {self.place.is_by_later('_since')} or _leaves)"
        if self.mode == "full":  # what it does not name is gone
            kept = "(not _any and _refused)" if self.on_reject == "keep" else "false"
            return f"if({self._elsewhere_then()}, {there}, {kept})"
        return there

    def _elsewhere_then(self) -> Sql:
        """Whether the product was in another slice where the feed comes in."""
        return self.place.is_outside("_slice_then")

    def _before(self) -> dict[str, Sql]:
        """Whether the product was there before the row, and whether it is there after all rows."""
        before = f"{IN_ORDER} rows between unbounded preceding and 1 preceding)"
        return {
            "_before": f"coalesce(last(_there, true) {before}, _leaves)",
            "_stands": f"coalesce(last(_there, true) {ALL}, false)",
        }

    def _effects(self) -> dict[str, Sql]:
        """Whether the row clears, makes, sets all or what it names; whether the feed's row is accepted."""
        sets = f"({EFFECT} = '{SET}' and ({WHOLE} or _before))"
        by_full = self._by_full()
        makes = f"({EFFECT} = '{SET}' and {WHOLE} and (not _before or {by_full}))"
        unknown = self._unknown()
        held, is_table = f"(_rank = {TABLE} and _there)", f"_rank = {TABLE}"
        accepted = f"(_rank = {FEED} and {EFFECT} is not null and not coalesce({unknown}, false))"
        known = {
            "_clears": f"({is_table} and not _there) or {GOES}",
            "_moves": self._moves(),
            "_sets_all": f"{held} or {makes} or ({sets} and {NAMED} is null)",
            "_sets": sets,
            "_makes": makes,
            "_unknown": unknown,
            "_accepted": accepted,
            # A row that a rule leaves out says nothing of a product of another slice.
            "_is_older": self._is_older(),
            "_tells": f"{accepted} and ({RULE} is null or {GOES})",
        }
        return {name: f"coalesce({sql}, false)" for name, sql in known.items()}

    def _unknown(self) -> Sql:
        """Whether a row of the feed sets something of a product that is not there."""
        return f"(_rank = {FEED} and {EFFECT} = '{SET}' and not {WHOLE} and not _before)"

    def _moves(self) -> Sql:
        """Whether the row takes the product over from another slice."""
        is_other = f"{IN_SLICE} is not null and not ({IN_SLICE} <=> {BEFORE})"
        return f"{EFFECT} = '{SET}' and {WHOLE} and {is_other}"

    def _is_older(self) -> Sql:
        """Whether newer rows, uploaded before, have said something of what a row of the feed says."""
        beside = ", ".join(text(one) for one in self.judge.only_with)  # says nothing by itself
        own = f"array_except({NAMED}, array({beside}))" if beside else NAMED
        says_all = f"{EFFECT} = '{GONE}' or {NAMED} is null or exists(_newer, one -> one is null)"
        return (
            f"_rank = {FEED} and size(_newer) > 0 and ({says_all} or arrays_overlap({own}, _newer))"
        )

    def _by_full(self) -> Sql:
        """Whether it is a row of a full feed, which makes its product anew."""
        return f"_rank = {FEED}" if self.mode == "full" else "false"

    # What the product is

    def _values(self) -> dict[str, Sql]:
        """The columns `folded(field)` and `folded_beside(amount)`; `_came`: since when it is there; whether the row
        is the feed's last accepted one (`_wins`), and whether such a one carries what becomes of the product."""
        after = f"{IN_ORDER} rows between 1 following and unbounded following)"
        by_full = self._by_full()
        since = f"if({by_full}, null, {ORDER})"
        made_by = f"named_struct('v', {since})"
        held = f"_rank = {TABLE} and _sets_all"
        came = case((held, "named_struct('v', _held_since)"), ("_makes", made_by))
        in_slice = case((f"_rank = {TABLE}", "_slice_then"), ("_moves", IN_SLICE))
        out = {
            IN: f"last({in_slice}, true) {ALL}",
            CONTAINED: self._contained(),
            "_in_by": self._moved_by(),
            "_wins": f"_tells and last(if(_tells, true, null), true) {after} is null",
            "_carried": f"coalesce(last(if(_tells, {RULE} is null, null), true) {ALL}, false)",
            "_came": f"(last({came}, true) {ALL}).v",
        }
        for field in self.record.fields:
            if field.kind == "map":
                out[folded(field.name)] = self._folded_map(field.name)
            else:
                out |= self._folded_value(field)
        return out

    def _contained(self) -> Sql:
        """What the table knows of it, or the newest delta that names the product. A full feed contains its slice."""
        if self.silence is None:
            return NO_MOMENT
        uploaded = f"try_cast(concat(substring({ORDER}, 1, 19), 'Z') as timestamp)"
        names = f"{EFFECT} = '{SET}' and not ({self._by_full()})"
        each = case(
            (f"_rank = {TABLE}", "_held_contained"), (names, self.silence.rounded(uploaded))
        )
        return f"max({each}) {OF_ID}"

    def _moved_by(self) -> Sql:
        """SLICE_MOVES of the product: a full feed begins anew, a delta that moves it adds its own."""
        move = f"named_struct('since', {ORDER}, 'before', {BEFORE})"
        before = self.place.moves_before("_moves_now")
        if self.mode == "full":
            move = f"if(_rank = {FEED}, null, {move})"
            before = f"if(max(_makes and _rank = {FEED}) {OF_ID}, cast(array() as {SLICE_MOVES_TYPE}), {before})"
        added = f"collect_list(if(_moves, {move}, null)) {ALL}"
        moves = f"concat({before}, {added})"
        return f"if(size({moves}) > 0, {moves}, null)"

    def _folded_value(self, field: CanonicalField) -> dict[str, Sql]:
        """The newest that was said of the field since the product is there."""
        beside = self.judge.beside.get(field.name)
        nothing, said = f"'v', cast(null as {field.sql_type})", f"'v', {own_value(field.name)}"
        if beside is not None:
            nothing += f", 'b', cast(null as {self.record.by_name[beside].sql_type})"
            said += f", 'b', {case((_sets(beside), own_value(beside)))}"
        sets, needed = _sets(field.name), self.judge.only_with.get(field.name)
        if needed is not None:
            sets = f"({sets} and {_sets(needed)})"
        each = case(("_clears", f"named_struct({nothing})"), (sets, f"named_struct({said})"))
        newest = f"(last({each}, true) {ALL})"
        out = {folded(field.name): f"{newest}.v"}
        return out | ({folded_beside(field.name): f"{newest}.b"} if beside is not None else {})

    def _folded_map(self, name: str) -> Sql:
        """A map is folded key by key."""
        row = (
            f"named_struct('resets', _clears or _sets_all, 'names', {NAMED}, "
            f"'said', if(_clears, null, {own_value(name)}))"
        )
        rows = f"collect_list(if(_clears or _sets_all or _sets, {row}, null)) {ALL}"
        named = f"array_contains(one.names, concat({text(attribute_name(''))}, k))"
        own = f"coalesce(one.said, {NO_MAP})"
        after = (
            f"if(one.resets, {own}, map_concat(map_filter(held, (k, v) -> not {named}), "
            f"map_filter({own}, (k, v) -> {named})))"
        )
        return f"aggregate({rows}, {NO_MAP}, (held, one) -> {after})"


def _sets(field: str) -> Sql:
    """Whether the row sets the field."""
    named = f"coalesce(array_contains({NAMED}, {text(field)}), false)"
    return f"(_sets_all or (_sets and {named}))"
