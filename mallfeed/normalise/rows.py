"""Which rows become products: the conditions of a catalog's `rows`, judged where fields have their values.

A record that could not be taken apart is judged by no rule, nor is a delete, which has an id only. A row that a
rule leaves out is no reject, whatever else is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mallfeed.catalog.inherit import LEFT_OUT, MERGED, MERGED_RULE
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.rows import Rule
from mallfeed.kinds.sources import Sources
from mallfeed.kinds.sql.condition import Condition, condition
from mallfeed.kinds.sql.pieces import Sql, case, text
from mallfeed.normalise.changes import Changes
from mallfeed.normalise.faults import is_torn
from mallfeed.product.fields import BY_NAME

RULE, COSTLY = "k_rule", "k_costly"
"""Columns: the name of the rule that leaves the row out, else null; `true` where that took too long to know."""
DROPPED = "_dropped"
"""The same name in the normalised frame."""
_LEVELS_BETWEEN, _ITEMS_BETWEEN = " > ", "|"


@dataclass(frozen=True)
class RowRules:
    """The rules of one feed, each with its condition; `merged` is SQL of whether the row only adds to another's
    product (`mallfeed.normalise.inherit`), `asked` rule → SQL of whether the row names all that it reads: a
    rule is asked of no other row; `with_parent` is SQL of the rule that leaves the row's parent out."""

    rules: tuple[tuple[Rule, Condition], ...]
    amount_fields: tuple[str, ...]
    merged: Sql | None = None
    asked: Mapping[str, Sql] = field(default_factory=dict)
    with_parent: Sql | None = None

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        feed_name: str,
        sources: Sources,
        fields: tuple[str, ...],
        changes: Changes | None = None,
    ) -> RowRules:
        """The catalog's rules for the feed; `fields` are those that have a value behind `values`, `changes` says
        what rows name that change it only."""
        names = catalog.names_for_rules(feed_name)
        judged = [
            (rule, condition(rule.sql, names, sources.cell, _value))
            for rule in catalog.row_rules(feed_name)
        ]
        amounts = tuple(name for name in fields if _is_amount(name)) if judged else ()
        asked = {}
        if changes is not None:
            for rule, _ in judged:
                read = [sources.carried(one) for one in names.columns_of(rule.sql)]
                read += [changes.names(one) for one in names.fields_of(rule.sql)]
                asked[rule.name] = " and ".join(f"({one})" for one in read) or "true"
        places = sources.places
        return cls(tuple(judged), amounts, places.get(MERGED), asked, places.get(LEFT_OUT))

    @property
    def choose(self) -> bool:
        """Whether any row may be left out."""
        return bool(self.rules) or self.merged is not None

    def amounts(self) -> dict[str, Sql]:
        """Columns that hold what amounts were read as, whether or not a product may have them: a price of 0."""
        return {f"k_{name}": f"p_{name}" for name in self.amount_fields}

    def judged(self, is_judged: Sql | None) -> dict[str, Sql]:
        """The columns RULE and COSTLY; `is_judged` is SQL of whether rules look at the row, None = at each."""
        looked_at = f"not {is_torn()}" + (f" and {is_judged}" if is_judged else "")
        branches: list[tuple[Sql, Sql]] = [(f"not coalesce({looked_at}, false)", "null")]
        if self.merged is not None:
            branches.append((self.merged, text(MERGED_RULE)))
        if self.with_parent is not None:
            branches.append((f"{self.with_parent} is not null", self.with_parent))
        for rule, one in self.rules:
            if rule.keeps and self._gave_up:
                branches.append((self._gave_up, "null"))
            holds = f"not coalesce({one.holds}, false)" if rule.keeps else one.holds
            if rule.name in self.asked:
                holds = f"({self.asked[rule.name]}) and ({holds})"
            branches.append((holds, text(rule.name)))
        rule_of_row = case(*branches)
        costly = f"{looked_at} and ({self._gave_up})" if self._gave_up else "false"
        return {RULE: rule_of_row, COSTLY: case((f"{costly} and ({rule_of_row}) is null", "true"))}

    @property
    def _gave_up(self) -> Sql | None:
        """SQL of whether the pattern of any rule took too long; None = there is no pattern."""
        told = [one.gave_up for _, one in self.rules if one.gave_up]
        return " or ".join(told) or None


def _is_amount(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].kind == "money"


def _value(name: str) -> Sql:
    """The field's value as a condition compares it."""
    if _is_amount(name):
        return f"k_{name}"
    sql_type = BY_NAME[name].sql_type
    if sql_type.startswith("array"):
        between = _LEVELS_BETWEEN if name == "category_path" else _ITEMS_BETWEEN
        return f"array_join(v_{name}, {text(between)})"
    return f"v_{name}" if sql_type == "boolean" else f"cast(v_{name} as string)"
