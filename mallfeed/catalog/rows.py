"""Which rows of a feed become products: `rows: {keep: EXPR, drop: {name: EXPR}}` of a catalog.

A condition reads source columns, as an expression of a field does, and values of the product. Pure; how a row
is judged stands in `mallfeed.normalise.rows`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pydantic import Field

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.condition import Names
from mallfeed.product.fields import BY_NAME
from mallfeed.yaml_files.part import YamlPart

KEEP = "keep"
"""Under this name rows are counted that `keep` does not keep, so that no rule of `drop` may have it."""
_COMPARED_AS = {
    "money": "number",
    "integer": "number",
    "rating": "number",
    "bool": "bool",
}
"""Kind of a canonical field → what its value is in a condition; any other is text."""


class Rows(YamlPart):
    """Which rows become products. A row that does not is counted under the rule's name, and is no reject."""

    keep: str | None = Field(
        default=None,
        description="A condition: rows for which it is not true (false, or null) are "
        "left out, counted as `keep`.",
    )
    drop: dict[str, str] = Field(
        default_factory=dict,
        description="Name → a condition: rows for which it is true are left out; null is not true. The first "
        "that holds counts; `keep` is asked last.",
    )


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    name : under which rows are counted
    sql : the condition, as the catalog writes it
    keeps : rows are left out where it is not true, else where it is
    """

    name: str
    sql: str
    keeps: bool = False


def rules_of(*written: Rows) -> tuple[Rule, ...]:
    """The rules in the order in which they are asked; of one name (or `keep`) the last that is written."""
    drop = {name: sql for rows in written for name, sql in rows.drop.items()}
    keep = [rows.keep for rows in written if rows.keep is not None]
    rules = [Rule(name, sql) for name, sql in drop.items()]
    return (*rules, *(Rule(KEEP, sql, keeps=True) for sql in keep[-1:]))


def names_for_rules(columns: Collection[str], fields: Collection[str]) -> Names:
    """What a bare name in a condition means.

    `columns` are the source columns that the feed's fields, attributes and operation read, `fields` the
    canonical fields that it maps: of the same name the column is meant, and `product.NAME` is the field.
    """
    known = {name: compared_as(BY_NAME[name]) for name in (*fields, "currency") if name in BY_NAME}
    return Names(frozenset(columns), known)


def compared_as(field: CanonicalField) -> str:
    """What its value is in a condition: `number`, `bool` or `text`."""
    return _COMPARED_AS.get(field.kind, "text")
