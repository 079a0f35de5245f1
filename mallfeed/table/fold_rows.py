"""The rows that are folded: of the feed, of the table, and of loaded deltas that come after the feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame

from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, case, column, text
from mallfeed.product.record import (
    PRESENT_SINCE,
    SLICE,
    SLICE_MOVES,
    SUPPLEMENTED,
    Record,
    said_column,
)
from mallfeed.product.silence import CONTAINED_AT
from mallfeed.table.fold_columns import (
    AT,
    EFFECT,
    FEED,
    GONE,
    IN_SLICE,
    IS_NEWER,
    LATER,
    NAMED,
    NEWEST,
    ORDER,
    OWN,
    PLACE,
    SET,
    STAGED,
    TABLE,
    WHOLE,
    among,
    faults,
)
from mallfeed.table.outcomes import (
    CHANGED,
    DROPPED,
    OUTCOME,
    RULE,
    SAME,
    TAKEN_DOWN,
    Duplicates,
)
from mallfeed.table.overlay import Overlay
from mallfeed.table.place import Place


@dataclass(frozen=True)
class Later:
    """A loaded delta that says something newer than the feed.

    Attributes
    ----------
    outcome : as staged
    uploaded_before : whether it comes before the feed in the mall's order all the same
    brings : whether it brings products that are not there; not if a full feed has come since
    """

    outcome: DataFrame
    uploaded_before: bool = False
    brings: bool = True


@dataclass(frozen=True)
class Rows:
    """Brings the rows of one feed, or of several of different malls, into the columns of the fold."""

    record: Record
    duplicates: Duplicates
    place: Place

    def of_feed(self, checked: DataFrame) -> DataFrame:
        """Those of the feed, as `mallfeed.normalise.normalise.normalise` gives them."""
        leaves, checked = f"(op = 'D' or {RULE} is not null)", self._with_all(checked)
        newest = self.record.newest_by if self.duplicates == "newest" else None
        alone = "concat('\\0', cast(_pos as string))"
        columns = {name: name for name in (*self.record.key, "_pos", "_row", "_raw", "op")}
        columns |= {RULE: RULE, "_rejects": faults("_rejects"), "_warnings": faults("_warnings")}
        columns |= {
            EFFECT: case(("size(_rejects) = 0", f"if({leaves}, '{GONE}', '{SET}')")),
            NEWEST: f"unix_micros({newest})" if newest else "cast(null as bigint)",
            PLACE: "-_pos" if self.duplicates == "first" else "_pos",
            NAMED: NAMED if NAMED in checked.columns else "cast(null as array<string>)",
            WHOLE: self._whole(checked),
            OWN: self._own(),
            ORDER: self.place.order,
            IN_SLICE: self.place.slice,
            "_is_late": self.place.is_late,
            "_rank": str(FEED),
            "_key": f"coalesce({self.record.id}, {alone})",
        }
        if AT in checked.columns:
            columns[AT] = AT
        return selected(checked, columns)

    def _whole(self, checked: DataFrame) -> Sql:
        if not self.place.brings:
            return "false"
        return WHOLE if WHOLE in checked.columns else "true"

    def _own(self, besides: Mapping[str, Sql] | None = None) -> Sql:
        """All that a row says; of a field in which a rule shows something else, what was said of it."""
        shown = {**self.record.own, **(besides or {})}
        fields = [
            f"{text(field.name)}, cast({shown.get(field.name, column(field.name))} as {field.sql_type})"
            for field in self.record.fields
        ]
        return f"named_struct({', '.join(fields)})"

    def _with_all(self, frame: DataFrame) -> DataFrame:
        """The frame with all columns of the record that `_own` reads: an earlier release has staged some without."""
        kinds = {field.name: field.sql_type for field in self.record.fields}
        kinds |= {said_column(name): kinds[name] for name in self.record.said}
        missing = {name: kind for name, kind in kinds.items() if name not in frame.columns}
        if not missing:
            return frame
        added = [f"cast(null as {kind}) as {column(name)}" for name, kind in missing.items()]
        return frame.selectExpr("*", *added)

    def of_table(
        self, table: DataFrame, shown: Mapping[str, Sql], overlay: Overlay | None = None
    ) -> DataFrame:
        """Products of the table, with all their columns where rows touch them; `shown` as `Judge.of_table`. Without what
        supplements say, if the mall has any."""
        if overlay is not None:
            table, shown = overlay.uncovered(table), overlay.own({**self.record.own, **shown})
        said = ", ".join(f"'{said_column(n)}', {said_column(n)}" for n in self.record.said)
        columns = {name: name for name in self.record.key}
        columns |= {
            OWN: self._own(shown),
            "_held": "content_hash",
            "_held_since": PRESENT_SINCE,
            "_held_contained": CONTAINED_AT,
            "_held_said": f"named_struct({said})",
            "_held_supplemented": SUPPLEMENTED,
            "_held_slice": self.place.of_table,
            "_held_moves": SLICE_MOVES,
            "_held_settled": self.place.is_settled,
            "_rank": str(TABLE),
            "_key": self.record.id,
        }
        return selected(table, columns)

    def of_later(self, place: int, later: Later) -> DataFrame:
        """The rows of a loaded delta: as staged, or of one whose rows are whole products from its outcome."""
        outcome = later.outcome
        columns = {name: name for name in self.record.key}
        columns |= {"_key": self.record.id, "_rank": str(LATER + place)}
        columns |= {IS_NEWER: str(later.uploaded_before).lower()}
        frame = outcome.where(f"{self.record.id} is not null")
        if is_folded(outcome):
            staged = {name: name for name in STAGED}
            if IN_SLICE not in outcome.columns:  # of a release before slices
                staged[IN_SLICE] = NO_TEXT
            staged[WHOLE] = WHOLE if later.brings else "false"
            return selected(frame.where(f"{EFFECT} is not null"), columns | staged)
        frame = self._with_all(frame)
        leaves = f"op = 'D' or {among(OUTCOME, DROPPED, TAKEN_DOWN)}"
        since = PRESENT_SINCE if PRESENT_SINCE in outcome.columns else "cast(null as string)"
        columns |= {
            OWN: self._own(),
            EFFECT: f"if({leaves}, '{GONE}', '{SET}')",
            NEWEST: "cast(null as bigint)",
            PLACE: "0L",
            NAMED: "cast(null as array<string>)",
            WHOLE: str(later.brings).lower(),
            ORDER: since,
            IN_SLICE: SLICE if SLICE in outcome.columns else NO_TEXT,
        }
        return selected(frame.where(among(OUTCOME, CHANGED, SAME, DROPPED, TAKEN_DOWN)), columns)


def is_folded(outcome: DataFrame) -> bool:
    """Whether a staged outcome keeps what its rows said."""
    return OWN in outcome.columns


def selected(frame: DataFrame, columns: Mapping[str, Sql]) -> DataFrame:
    """These columns of the frame."""
    return frame.selectExpr(*_listed(columns))


def extended(frame: DataFrame, columns: Mapping[str, Sql]) -> DataFrame:
    """The frame with these columns behind its own."""
    return frame.selectExpr("*", *_listed(columns))


def _listed(columns: Mapping[str, Sql]) -> list[Sql]:
    return [f"({sql}) as {column(name)}" for name, sql in columns.items()]
