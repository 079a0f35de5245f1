"""What comes out of the fold: what becomes of each row and each product, and what is reported of it."""

from __future__ import annotations

from dataclasses import dataclass

from mallfeed.kinds.sql.pieces import Sql, case
from mallfeed.product.record import (
    EXPIRED,
    PRESENT_SINCE,
    SAID_AT,
    SAID_AT_TYPE,
    SLICE,
    SLICE_MOVES,
    SUPPLEMENTED,
    Record,
    said_column,
)
from mallfeed.product.silence import CONTAINED_AT, Silence
from mallfeed.table.fold_columns import (
    BEFORE,
    CONTAINED,
    EFFECT,
    FEED,
    GOES,
    GONE,
    IN_SLICE,
    KNOWN,
    LOST,
    MORE,
    OLDER_THAN_KNOWN,
    PRODUCT_UNKNOWN,
    REFRESHED,
    STAGED,
    TABLE,
    among,
    fault,
    faults,
    judged,
    own_value,
)
from mallfeed.table.outcomes import (
    CHANGED,
    DROPPED,
    DUPLICATE,
    ELSEWHERE,
    KEPT,
    OUTCOME,
    REFOLDED,
    REJECTED,
    REMEMBERED,
    RULE,
    SAME,
    STAYS,
    TAKEN_DOWN,
    VANISHED,
    VANISHED_BY_REJECT,
    Mode,
)
from mallfeed.table.place import Place, moved_warning, other_warning


@dataclass(frozen=True)
class Outcomes:
    """The outcome of a feed, over the judged columns of the fold."""

    record: Record
    mode: Mode
    place: Place
    silence: Silence | None = None

    def outcome(self) -> Sql:
        """What becomes of the row, or of the product of the table."""
        full, held = self.mode == "full", "_hash is not null"
        spoilt = f"(_carried and size({judged(LOST)}) > 0)"
        differs = f"if(_stands, {self._differs()}, {held})"
        taken = "false" if full else f"{held} and not _stands and not _settled"
        stays = self.stays("_slice_now")
        of_slice = f"not {self.place.is_outside('_slice_then')}" if full else "false"
        refused = "not _any and _refused"
        gone = case((refused, f"'{VANISHED_BY_REJECT}'"), otherwise=f"'{VANISHED}'")
        of_table = case(
            ("_settled or _carried", stays),
            (f"{of_slice} and not _stands", gone),
            ("not _stands", stays),
            # Of others nothing was said: what time alone makes of a product is no feed's to write.
            (f"_overlaid and {differs}", f"'{REFOLDED}'"),
            (f"{of_slice} and {refused}", f"'{KEPT}'"),
            otherwise=stays,
        )
        return case(
            (f"_rank = {KNOWN}", f"'{REMEMBERED}'"),
            (f"_rank = {TABLE}", of_table),
            (f"not _accepted or (_wins and {spoilt})", f"'{REJECTED}'"),
            (f"not _tells and {RULE} is not null", f"'{DROPPED}'"),
            ("not _wins", f"'{DUPLICATE}'"),
            (f"{RULE} is not null", f"if({taken}, '{TAKEN_DOWN}', '{DROPPED}')"),
            ("_settled", f"'{SAME}'"),
            (differs, f"'{CHANGED}'"),
            otherwise=f"'{SAME}'",
        )

    def stays(self, of_slice: Sql) -> Sql:
        """What becomes of a product of that slice which stays as it is."""
        return f"if({self.place.is_outside(of_slice)}, '{ELSEWHERE}', '{STAYS}')"

    def _differs(self) -> Sql:
        """Whether the product is another one than the table's, or what is kept beside it is."""
        same = [f"_hash <=> {judged('content_hash')}", "_since <=> _came"]
        same += ["_slice_now <=> _in", "_moves_now <=> _in_by"]
        same += [f"_was_supplemented <=> {SUPPLEMENTED}"]
        same += [
            f"_was_said.{beside} <=> {judged(beside)}"
            for beside in map(said_column, self.record.said)
        ]
        return f"not ({' and '.join(same)})"

    def columns(self) -> dict[str, Sql]:
        """The columns of `compared`."""
        is_table, decides = f"_rank = {TABLE}", among(OUTCOME, CHANGED, SAME, REFOLDED)
        shows = f"({decides} and _stands and not ({OUTCOME} = '{SAME}' and op = 'D'))"
        rejects, warnings = self._all_faults()
        changes = among(OUTCOME, CHANGED, REFOLDED)
        out = {
            "_pos": "_pos",
            "_row": "_row",
            "_raw": f"if(size({rejects}) > 0 or size({warnings}) > 0, _raw, null)",
            "op": case(
                (changes, "if(_stands, 'U', 'D')"),
                (f"{is_table} or {OUTCOME} = '{TAKEN_DOWN}'", "'D'"),
                otherwise="op",
            ),
            "mall_id": "mall_id",
        }
        for field in self.record.fields:
            # A delete has its id only; a row that decides nothing is told of as it is.
            own = f"if(not {decides} and not {is_table}, {own_value(field.name)}, null)"
            out[field.name] = f"if({shows}, {judged(field.name)}, {own})"
        out[self.record.id] = self.record.id
        out["content_hash"] = f"if({shows}, {judged('content_hash')}, null)"
        out[PRESENT_SINCE] = f"if({shows}, _came, null)"
        out |= {SLICE: f"if({shows}, _in, null)", SLICE_MOVES: f"if({shows}, _in_by, null)"}
        for name in map(said_column, self.record.said):
            out[name] = f"if({shows}, {judged(name)}, null)"
        out[EXPIRED] = f"if({shows}, {judged(EXPIRED)}, null)"
        out[SUPPLEMENTED] = f"if({shows}, {SUPPLEMENTED}, null)"
        out[CONTAINED_AT] = f"if({shows}, {CONTAINED}, null)"
        out |= {RULE: RULE, "_rejects": rejects, "_warnings": warnings}
        out[SAID_AT] = f"cast(null as {SAID_AT_TYPE})"
        out |= {name: f"if(_rank < {FEED}, null, {name})" for name in STAGED}
        out |= {} if self.silence is None else {REFRESHED: self._refreshed(self.silence)}
        return out | {OUTCOME: OUTCOME}

    def _refreshed(self, silence: Silence) -> Sql:
        """Whether the product is as it was, and longer there than the table knows."""
        known = silence.last("_was_contained", "_slice_now")
        newer = f"coalesce({CONTAINED} > {known}, {CONTAINED} is not null)"
        return (
            f"coalesce({OUTCOME} = '{SAME}' and op = 'U' and _wins and _stands and {newer}, false)"
        )

    def _all_faults(self) -> tuple[Sql, Sql]:
        """The row's rejects and warnings, with what only the folded product showed."""
        none, id_ = faults("array()"), self.record.id
        rejects = case(
            ("_unknown", fault(PRODUCT_UNKNOWN, id_, id_)),
            (f"_wins and {OUTCOME} = '{REJECTED}'", judged(LOST)),
            otherwise=f"coalesce(_rejects, {none})",
        )
        decides = f"_wins and _stands and {among(OUTCOME, CHANGED, SAME)}"
        moved, other = moved_warning(id_, "_slice_then", IN_SLICE), other_warning(id_, BEFORE)
        moves = (
            f"{OUTCOME} = '{CHANGED}' and _hash is not null and coalesce(_slice_then <> {IN_SLICE}, false) "
            f"and _in = {IN_SLICE}"
        )
        idle = f"_rank = {FEED} and {EFFECT} = '{GONE}' and not {GOES} and _hash is not null"
        move = f"if({moves}, {moved}, {none})"
        warnings = case(
            (f"_unknown or (_wins and {OUTCOME} = '{REJECTED}')", none),
            (idle, f"concat(_warnings, {other})"),
            (decides, f"concat(_warnings, {judged(MORE)}, {move})"),
            otherwise=f"coalesce(_warnings, {none})",
        )
        older = f"if(_is_older, {fault(OLDER_THAN_KNOWN, id_, id_)}, {none})"
        warnings = f"concat({warnings}, {older})"
        return rejects, warnings
