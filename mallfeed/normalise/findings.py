"""What is told of a row: its rejects and warnings, from the columns of the projection `values`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mallfeed.catalog.feed_spec import Operation
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.kind import FINDING_PROBLEMS
from mallfeed.kinds.reading import Problem, Reading
from mallfeed.kinds.sql.items import shown
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, case, text
from mallfeed.normalise.attributes import Attribute
from mallfeed.normalise.changes import Changes
from mallfeed.normalise.faults import NONE, Told, any_of, is_torn, listed, noted, torn
from mallfeed.normalise.rows import COSTLY, RULE
from mallfeed.normalise.rules import below_price, odd_availability, odd_expiry, odd_window
from mallfeed.normalise.stamps import stamp_told
from mallfeed.product.record import Record
from mallfeed.product.unit_price import other_dimension_sql


@dataclass(frozen=True)
class Findings:
    """What is told of the rows of one feed.

    Attributes
    ----------
    record : what the rows become
    readings : field → how its cell is read
    attributes : how the cells of attributes are read, by place
    stamp : how the row's own stamp is read, if it has one
    changes : of rows that change only what they name; None = each is a whole product
    operation : the column that says what a row does, if there is one
    moment : which dates are past; None = it is told of none
    """

    record: Record
    readings: Mapping[str, Reading]
    attributes: Sequence[Attribute]
    stamp: Reading | None
    changes: Changes | None
    operation: Operation | None
    moment: datetime | None

    def faults(self) -> tuple[Sql, Sql, Sql]:
        """SQL of whether anything is told, of `_rejects` and of `_warnings`."""
        refused = [told for name in self.readings for told in self._refusals(name)]
        refused += [
            Told(text(f"{field.name}_missing"), field.name, "null")
            for field in self.record.fields
            if field.required and field.name not in self.readings and self._must_name(field.name)
        ]
        warned = [told for name in self.readings for told in self._warnings(name)]
        stamped = [] if self.stamp is None else stamp_told(self.stamp, self.moment)
        warned += [*stamped, *self._attribute_warnings(), noted()]
        told = f"({is_torn()} or {any_of([*refused, *warned])})"
        if not self.operation:
            rejected = case((is_torn(), torn()), otherwise=listed(refused))
            return told, rejected, case((f"not {is_torn()}", listed(warned)), otherwise=NONE)
        unknown = Told(case(("p_op is null", "'op_unknown'")), self.operation.source, "c_op")
        of_deletes = self._refusals(self.record.id)
        rejected = case(
            (is_torn(), torn()),
            ("p_op = 'D'", listed(of_deletes)),
            otherwise=listed([unknown, *refused]),
        )
        told = case(
            (f"{is_torn()} or p_op is null", "true"),
            ("p_op = 'D'", any_of([*of_deletes, *stamped])),
            otherwise=told,
        )
        whole = f"not {is_torn()}"
        warnings = case(
            (f"{whole} and p_op = 'U'", listed(warned)),
            *([(f"{whole} and p_op = 'D'", listed(stamped))] if stamped else []),
            otherwise=NONE,
        )
        return told, rejected, warnings

    def _refusals(self, name: str) -> list[Told]:
        if name not in self.readings or not self.record.by_name[name].required:
            return []
        lacking = f"v_{name} is null"
        if not self._must_name(name):
            assert self.changes is not None
            lacking = f"{self.changes.names(name)} and {lacking}"
        return [Told(case((lacking, f"x_{name}")), name, self._shown(name))]

    def _must_name(self, name: str) -> bool:
        """Whether each row must have a value for the field, required as it is."""
        return self.changes is None or name == self.record.id

    def _warnings(self, name: str) -> list[Told]:
        codes = [f"x_{name}", *(f"z_{name}_{i}" for i in range(len(self.readings[name].also)))]
        if self.record.by_name[name].required:
            codes = [case((f"v_{name} is not null", code)) for code in codes]
        told = [Told(code, name, self._shown(name)) for code in codes]
        if name == "list_price" and "price" in self.readings:
            below = case((below_price(), "'list_price_below_price'"))
            told.append(Told(below, name, self._shown(name)))
        if name == "base_measure" and "measure" in self.readings and self.changes is None:
            other = other_dimension_sql("v_measure", "v_base_measure")
            told.append(
                Told(case((other, "'base_measure_other_dimension'")), name, self._shown(name))
            )
        if name == "available_at" and self.changes is None:
            told += self._odd_availability()
        if self.changes is None:
            told += self._odd_times(name)
        return told

    def _odd_times(self, name: str) -> list[Told]:
        """A window that ends before it begins, a product that has ended; of rows that change what they name only the
        folded product shows them."""
        found: list[tuple[Sql, str]] = []
        if name == "sale_ends_at" and "sale_starts_at" in self.readings:
            found = odd_window("v_sale_starts_at", "v_sale_ends_at")
        elif name == "expires_at":
            found = odd_expiry("v_expires_at", self.moment)
        return [
            Told(case((held, text(f"{name}_{problem}"))), name, self._shown(name))
            for held, problem in found
        ]

    def _odd_availability(self) -> list[Told]:
        """A product that can be ordered before it is there, and when it is; of rows that change what they name only
        the folded product shows it (`mallfeed.normalise.judge`)."""
        if "availability" not in self.readings:
            return []
        found = odd_availability("v_availability", "v_available_at", self.moment)
        value = f"coalesce({self._shown('available_at')}, {self._shown('availability')})"
        return [
            Told(
                case((f"x_available_at is null and {held}", text(f"available_at_{problem}"))),
                "available_at",
                value,
            )
            for held, problem in found
        ]

    def _shown(self, name: str) -> Sql:
        written = self.readings[name].written(f"c_{name}")
        return shown(written) if name == "category_path" else written

    def _attribute_warnings(self) -> list[Told]:
        told = [
            Told(f"y_{i}", f"attributes.{attribute.name}", self._shown_attribute(i, attribute))
            for i, attribute in enumerate(self.attributes)
        ]
        if self.attributes:
            many = case(("d_attributes is not null", "'attributes_too_many'"))
            told.append(Told(many, "attributes", "d_attributes"))
        return told

    @staticmethod
    def _shown_attribute(place: int, attribute: Attribute) -> Sql:
        return attribute.reading.written(f"a_{place}")


def of_chosen(told: Sql, refused: Sql, warned: Sql) -> tuple[Sql, Sql, Sql]:
    """`Findings.faults` where rows are chosen: what is left out has none, what took too long to choose this one."""
    costly = listed([Told(text("row_rule_too_costly"), "rows", "null")])
    out, late = f"{RULE} is not null", f"{COSTLY} is not null"
    return (
        case((out, "false"), (late, "true"), otherwise=told),
        case((out, NONE), (late, costly), otherwise=refused),
        case((f"{out} or {late}", NONE), otherwise=warned),
    )


def code_of(field: CanonicalField, reading: Reading, cell: Sql, parsed: Sql) -> Sql:
    """The code of the first thing that is wrong with a field's cell, or null."""
    problems = reading.problems
    if field.required:
        missing = Problem("missing", reading.blank)
        unread = Problem("missing", lambda _, parsed: f"({parsed} is null)")
        # Nothing was missing where nothing could be looked at.
        looked_at = (*FINDING_PROBLEMS, "blank_word")
        broken = tuple(one for one in problems if one.kind in looked_at)
        rest = tuple(one for one in problems if one not in broken)
        problems = (*broken, missing, *rest, unread)
    branches = [
        (problem.condition(cell, parsed), text(f"{field.name}_{problem.kind}"))
        for problem in problems
    ]
    others = case(*branches) if branches else NO_TEXT
    return f"coalesce(concat({text(f'{field.name}_')}, {reading.unread}), {others})"


_TOLD_APART = ("blank_word", "not_calculated", "undecodable")
"""What may be wrong with an attribute's cell that its format does not mend; all else is `attribute_invalid`."""


def attribute_code_of(reading: Reading, cell: Sql, parsed: Sql) -> Sql:
    """The code of what is wrong with an attribute's cell, or null."""
    wrong: dict[str, list[Sql]] = {
        kind: [f"{reading.unread} = {text(kind)}"] for kind in _TOLD_APART
    }
    wrong["invalid"] = [f"{reading.unread} is not null"]
    for one in (*reading.problems, *reading.also):
        wrong.get(one.kind, wrong["invalid"]).append(one.condition(cell, parsed))
    return case(*((" or ".join(where), text(f"attribute_{kind}")) for kind, where in wrong.items()))
