"""Conditions of `rows` that come out alike for every row are refused, and no other one is."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from mallfeed.catalog.read import read_catalog
from mallfeed.catalog.satisfiable import can_be, may_be_null
from mallfeed.catalog.settled_conditions import settled_conditions
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.sql.condition import Names
from mallfeed.kinds.sql.expression_tree import Node
from mallfeed.product.fields import AVAILABILITY
from tests.unit.catalog.conftest import text_of

NAMES = Names(
    frozenset(("a", "b")),
    {"title": "text", "price": "number", "review_count": "number", "rating": "number",
     "availability": "text", "adult": "bool"},
)  # fmt: skip


def told(sql: str) -> list[str]:
    return [what for what, _ in settled_conditions(NAMES.tree(sql), NAMES)]


NEVER = [
    "review_count < 0",
    "review_count between -5 and -1",
    "review_count = 1.5 and review_count > 1 and review_count < 2",
    "review_count > 3 and review_count < 4",
    "rating > 5",
    "product.rating < 0 and a = 'x'",
    "a = 1 and a = 2",
    "a = '1' and a = '2'",
    "price > 10 and price < 5",
    "price >= 10 and price < 10",
    "price > 10 and not price > 5",
    "a in ('x', 'y') and a = 'z'",
    "a in ('x', 'y') and a <> 'x' and a not in ('y')",
    "a is null and a = 'x'",
    "a is null and a > 3",
    "a is null and lower(a) <> 'x' and a <> 'y'",
    "title like 'x' and title = 'y'",
    "title like 'x%' and title = 'yx'",
    "title = 'ab' and not title like '_b'",
    "contains(title, 'x') and not contains(title, 'x')",
    "a rlike 'x' and not (a rlike 'x')",
    "not (availability = 'in_stock' or availability <> 'in_stock')",
    "availability <> 'in_stock' and availability not in ('out_of_stock', 'preorder', 'backorder', 'discontinued')",
    "adult and not adult",
    "adult = true and adult = false",
    "a < b and a > b",
    "a < b and b < a",
    "a <> a",
    "1 = 2",
    "'x' in ('y', 'z')",
    "1 = null or a = 'x' and a = 'y'",
    "a <=> null and a = 'x'",
    "a not in ('x', null)",
    "a between 1 and 3 and a > 7",
    "(a = 'x' and b = 'y') and (a = 'z' or b = 'w')",
]  # fmt: skip
SOME = [
    "review_count <= 0",
    "review_count < 1",
    "price < 0",  # what was read, before it is refused
    "price = 0",
    "a = 1 or a = 2",
    "a = '1' and a = 1",
    "a = 'x' and b = 'y'",
    "a <> 'x' or a is null",
    "a = a",
    "a = 'x' or a <> 'x'",  # not of a row without it
    "not (a = 'x' and b = 'x')",
    "availability is null",
    "not adult",
    "a >= 10 and a <= 10",
    "a > 1 and a < 1.5",
    "a > '1' and a < '2'",
    "a > 10 and b < 5",
    "trim(a) = 'x' and a = ' x'",
    "lower(a) = 'x' and a = 'X'",
    "length(a) = 2 and a = 'ab'",
    "title like 'x%' and title <> 'x'",
    "title like '%x' and title like 'y%'",
    "a < b or a > b",
    "a <=> 'x' and b <=> a",
    "a > 1e",
    "case when 1 = 1 then a = 'x' else false end",
    "coalesce(a, 'x') = 'x' and a is null",
    "a = '10' and a > 5",
    "a > 2 and a < '3'",
    "a = 'x' or false",
    "a = 'x' and true",
    "a = 'x' or null",
    "false",
    "null",
]
ALWAYS = [
    "a = 'x' or true",
    "a > b or b is null or 1 = 1 or a <> 'y'",
    "1 = 1",
    "2 > 1.5",
    "'a' <> 'b'",
    "a is null or a is not null",
    "1 in (1, 2)",
    "not (1 = 2)",
    "a <=> a",
]


@pytest.mark.parametrize("sql", NEVER)
def test_what_can_never_be_true_is_said(sql: str) -> None:
    found = told(sql)
    assert found
    assert all("can never be true" in what for what in found)


@pytest.mark.parametrize("sql", [one for one in SOME if one != "a > 1e"])
def test_what_some_row_makes_true_is_left_alone(sql: str) -> None:
    assert told(sql) == []


@pytest.mark.parametrize("sql", ALWAYS)
def test_what_is_true_of_every_row_is_said(sql: str) -> None:
    assert told(sql) in (
        ["it is true of every row"],
        ["`1 = 2` can never be true: no value is that"],
        ["`1 = 1` is true of every row"],
    )


@pytest.mark.parametrize(("keeps", "leaves_all_out"), [(True, "false"), (False, "true")])
def test_a_constant_is_a_slip_where_it_leaves_out_every_row(
    keeps: bool, leaves_all_out: str
) -> None:
    for sql in ("true", "false"):
        found = [what for what, _ in settled_conditions(NAMES.tree(sql), NAMES, keeps=keeps)]
        assert found == ([f"`{sql}` leaves out every row"] if sql == leaves_all_out else [])
    null = list(settled_conditions(NAMES.tree("null"), NAMES, keeps=keeps))
    assert bool(null) is keeps


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("a = 'x' or b = 1 and b = 2", "`b = 1 and b = 2` can never be true: no row is all of it at once"),
        ("not (1 = 1)", "`1 = 1` is true of every row"),
        ("a = 'x' and 1 = 1", "`1 = 1` is true of every row"),
        ("not (review_count < 0)", "`product.review_count < 0` can never be true: no value is that"),
        ("a = 'x' or b in ('y') and b is null", "`b in ('y') and b is null` can never be true: no row is all of it at once"),
        ("a = 'it''s' and a = 'x' or b = 'y'", "`a = 'it''s' and a = 'x'` can never be true: no row is all of it at once"),
    ],
)  # fmt: skip
def test_the_part_that_is_a_slip_is_named(sql: str, what: str) -> None:
    assert told(sql) == [what]


def test_a_condition_of_very_many_ways_is_not_judged() -> None:
    sql = " and ".join(f"(a = '{n}' or b = '{n}')" for n in range(40))
    assert told(sql) == []


VALUES: Mapping[str, tuple[Any, ...]] = {
    "a": (None, "1", "2", "x"), "review_count": (None, 0, 1, 3),
    "availability": (None, *AVAILABILITY[:3]), "adult": (None, True, False),
}  # fmt: skip
PARTS = (
    "a = '1'", "a <> '2'", "a > '1'", "a in ('x', '1')", "a is null", "a like '%'", "a like 'x'", "a > 1", "a <= 2", "a = 1",
    "review_count < 1", "review_count >= 1", "review_count between 0 and 1", "review_count is null", "review_count = 3",
    "review_count not in (0, 1, 3)", "availability = 'in_stock'", "availability <> 'in_stock'", "availability > 'k'",
    "adult", "adult = false", "adult <=> true", "a <=> null", "a = null", "1 = 1", "a <> a", "a not in ('1', null)",
)  # fmt: skip


def number(value: Any) -> Decimal | None:
    text = str(value)
    return Decimal(text) if value is not None and text.lstrip("-").isdigit() else None


def outcome(node: Node, row: Mapping[str, Any]) -> Any:
    """What SQL makes of a condition: true, false or None."""
    name, parts = node.name, node.parts
    match node.kind:
        case "column" | "field":
            return row[name]
        case "string":
            return name
        case "number":
            return Decimal(name)
        case "constant":
            return {"true": True, "false": False, "null": None}[name]
    if name == "not":
        inner = outcome(parts[0], row)
        return None if inner is None else not inner
    if name in ("and", "or"):
        found = [outcome(part, row) for part in parts]
        decides = name == "or"
        return decides if decides in found else None if None in found else not decides
    values = [outcome(part, row) for part in parts]
    if name == "is null":
        return values[0] is None
    if any(isinstance(value, Decimal | int) and not isinstance(value, bool) for value in values):
        values = [number(value) for value in values]
    if name == "<=>":
        return values[0] == values[1]
    if name == "in":
        if values[0] is None:
            return None
        return True if values[0] in values[1:] else None if None in values[1:] else False
    if None in values:
        return None
    if name == "between":
        return values[1] <= values[0] <= values[2]
    if name == "like":
        return values[1] == "%" or values[0] == values[1]
    return {"=": values[0] == values[1], "<>": values[0] != values[1], "<": values[0] < values[1],
            "<=": values[0] <= values[1], ">": values[0] > values[1], ">=": values[0] >= values[1]}[name]  # fmt: skip


def test_no_row_makes_true_or_false_what_is_called_impossible() -> None:
    chance = random.Random(7)
    rows = [dict(zip(VALUES, one, strict=True)) for one in itertools.product(*VALUES.values())]
    impossible = 0
    for _ in range(600):
        sql = chance.choice(PARTS)
        for _ in range(chance.randint(1, 4)):
            sql = f"{chance.choice(('', 'not '))}({sql} {chance.choice(('and', 'or'))} {chance.choice(PARTS)})"
        tree = NAMES.tree(sql)
        seen = {outcome(tree, row) for row in rows}
        for wanted in (True, False):
            if not can_be(tree, wanted, NAMES):
                impossible += 1
                assert wanted not in seen, sql
        assert may_be_null(tree, NAMES) or None not in seen, sql
    assert impossible > 50


def test_rules_and_tables_of_a_catalog_are_told_at_once(tmp_path: Any) -> None:
    text = text_of("shop").replace(
        "format: csv",
        "format: csv, rows: {keep: \"1 = 1\", drop: {none: \"name = 'a' and name = 'b'\"}}",
    )
    text = text.replace(
        "{product_id", "{brand: {type: lookup, from: b, table: gone, key: k, value: v}, product_id"
    )

    def table(name: str) -> Any:
        raise FileNotFoundError(f"{name}.csv")

    with pytest.raises(CatalogInvalid) as refused:
        read_catalog(text, "v1.yaml", table)
    faults = "\n".join(refused.value.faults)
    assert (
        "rows.keep`: it is true of every row; expected a condition that is true of some rows"
        in faults
    )
    assert "rows.drop.none`: it can never be true: no row is all of it at once" in faults
    assert "`fields.brand.table` is `gone`, and gone.csv does not exist" in faults
    with pytest.raises(CatalogInvalid) as refused:  # also where the shape of the catalog is wrong
        read_catalog(text.replace("product_id:", "product:"), "v1.yaml", table)
    faults = "\n".join(refused.value.faults)
    assert "gone.csv does not exist" in faults
    assert "product_id" in faults
