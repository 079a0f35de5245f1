"""An expression that could take for ever or fill the memory is refused by what it says, not by trying it."""

from __future__ import annotations

import sys

import pytest

from mallfeed.catalog.bound_rules import MOST_FORMATS, MOST_NAMED, MOST_PARTS, MOST_SOURCES
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.sql.expression import check_expression, columns_of, safe_sql, size_of
from mallfeed.kinds.sql.expression_functions import FUNCTIONS, NAMES, SIZE_RULES
from mallfeed.kinds.sql.expression_pattern import LONGEST
from mallfeed.kinds.sql.expression_size import MOST_CHARACTERS, MOST_COPIES
from mallfeed.kinds.sql.expression_tree import DEEPEST

HEAD = """mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@shop.example
fields: {product_id: id, title: title, price: price, url: url, category_path: category}
feeds:
  full:
    format: csv
"""


def nested(around: str, times: int, inner: str = "a") -> str:
    """`f(f(f(a)))`: the text around `@`, so many times."""
    before, after = around.split("@")
    return before * times + inner + after * times


DEEP = {
    "not": "not @", "parentheses": "(@)", "call": "trim(@)", "or": "a = 'b' or (@)",
    "case": "case when @ then a end", "subject": "case @ when 'x' then a end", "cast": "cast(@ as int)",
    "plus": "a + @", "minus": "@ - a", "joined": "a || (@ + 1)", "in": "a in (@)", "like": "(@) like 'a'",
    "if": "if(@, a, a)", "minus sign": "-(@)",
}  # fmt: skip


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("times", [DEEPEST + 1, 1_900, 9_000, 30_000])
def test_what_is_nested_too_deep_is_refused_whatever_it_is(kind: str, times: int) -> None:
    sql = nested(DEEP[kind], times)
    (told,) = check_expression(sql)
    assert told.endswith((f"nested deeper than {DEEPEST}", "at most 2,000 are read"))
    assert columns_of(sql) == ()


@pytest.mark.parametrize("room", [400])
def test_the_deepest_that_is_taken_needs_little_of_python_s_stack(room: int) -> None:
    used = len(__import__("inspect").stack())
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(used + room + 250)
    try:
        for around in DEEP.values():
            check_expression(nested(around, DEEPEST // 2))
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize("word", ["or", "and"])
def test_a_long_list_of_conditions_is_not_deep(word: str) -> None:
    conditions = f" {word} ".join(f"a = '{n}'" for n in range(300))
    assert check_expression(f"case when {conditions} then a end") == []
    assert check_expression(" || ".join(["a"] * MOST_COPIES)) == []


@pytest.mark.parametrize(
    "sql",
    [
        "a in (" + ", ".join(["'x'"] * 3_000) + ")",
        " or ".join(["a = 'x'"] * 30_000),
        "concat(" + ", ".join(["a"] * 60_000) + ")",
        nested("1 % (@)", 20),
        nested("nullif(@, 'x')", 20),
        nested("right(@, 3)", 20),
        nested("(@) between 1 and 2", 12, "1").replace("(1)", "1"),
        nested("case @ when 'x' then 'a' when 'y' then 'b' end", 20),
    ],
)
def test_what_has_too_many_parts_is_refused(sql: str) -> None:
    (told,) = check_expression(sql)
    assert told.endswith("parts, at most 2,000 are read")
    assert size_of(sql) == 0


GROWING = {
    "concat": "concat(@, @)", "joined": "(@) || (@)", "separated": "concat_ws(@, @, @)",
    "replace": "replace(@, 'x', 'xxxx')", "pattern": "regexp_replace(@, '', 'xxxxxxxx')",
    "groups": "regexp_replace(@, '(.*)', '$1$1$1$1')", "in a case": "case when true then concat(@, @) end",
    "as a default": "coalesce(null, concat(@, @))", "cut to itself": "left(concat(@, @), length(@))",
}  # fmt: skip


@pytest.mark.parametrize("kind", GROWING)
@pytest.mark.parametrize("inner", ["a", "'xxxxxxxxxx'"])
def test_what_grows_by_nesting_is_refused(kind: str, inner: str) -> None:
    """Doubled four times a cell is there sixteen times, which is the most."""
    sql, refused = inner, None
    for _ in range(25):
        sql = GROWING[kind].replace("@", sql)
        if len(sql) > 200_000 or (refused := check_expression(sql)):
            break
    assert refused, "it was never refused"
    assert any(
        words in refused[0]
        for words in (
            "copies of 'a', at most 16",
            f"at most {MOST_CHARACTERS:,}; cut",
            "parts, at most",
        )
    )


def test_a_cell_for_each_character_of_another_is_refused() -> None:
    (told,) = check_expression("replace(a, 'x', b)")
    assert told == (
        "expression: replace: puts a cell's text in for each place of another one's; cut the third "
        "argument, as left(…, 100)"
    )
    assert check_expression("replace(a, 'brand', left(b, 10))") == []
    assert check_expression("replace('{brand} {title}', '{brand}', b)") == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("lpad(a, 1001, 'x')", "lpad: a whole number up to 1000 is needed here"),
        ("rpad(a, length(b), 'x')", "rpad: a whole number up to 1000 is needed here"),
        ("repeat(a, 2)", "function 'repeat' is not allowed"),
        ("space(1000)", "function 'space' is not allowed"),
        (
            f"a rlike '{'x' * (LONGEST + 1)}'",
            "a pattern of 1,001 characters, at most 1,000 are read",
        ),
        (f"a rlike '{'(' * 51}{')' * 51}'", "groups nested deeper than 50"),
        ("a rlike 'a{99999999999}'", "counts too far"),
    ],
)
def test_counts_and_patterns_are_bounded(sql: str, told: str) -> None:
    assert told in "\n".join(check_expression(sql))


def test_every_function_says_how_large_its_result_can_be() -> None:
    assert set(SIZE_RULES) == set(NAMES) >= set(FUNCTIONS)


def test_what_is_refused_is_never_written() -> None:
    for sql in (nested("not @", 5_000), nested("1 % (@)", 25)):
        with pytest.raises(Exception, match=r"nested deeper|parts, at most"):
            safe_sql(sql, str)


def fault_of(text: str) -> str:
    with pytest.raises(CatalogInvalid) as refused:
        read_catalog(HEAD + text, "v1.yaml")
    return "\n".join(refused.value.faults)


def test_catalogs_that_ask_for_too_much_are_refused() -> None:
    many = ", ".join(f"c{n}" for n in range(MOST_SOURCES + 1))
    sources = f"    attributes:\n      a: [{many}]\n      b: {{from: [{many}]}}\n"
    assert fault_of(sources) == (
        "v1.yaml:11:10: `feeds.full.attributes.a` reads 201 columns; expected 200 at most\n"
        "v1.yaml:12:11: `feeds.full.attributes.b` reads 201 columns; expected 200 at most"
    )
    formats = ", ".join(["yyyy"] * (MOST_FORMATS + 1))
    inner = f"{{from: x, type: json_path, path: $.a, then: {{type: date, formats: [{formats}]}}}}"
    assert "`feeds.full.attributes.a.then` reads 21 formats; expected 20 at most" in fault_of(
        f"    attributes: {{a: {inner}}}\n"
    )
    named = "".join(f"      a{n}: x\n" for n in range(MOST_NAMED + 1))
    assert "`feeds.full.attributes` has 2,001 entries; expected 2,000 at most" in fault_of(
        f"    attributes:\n{named}"
    )
    sql = nested("1 % (@)", 9, "1")
    each = size_of(sql)
    count = MOST_PARTS // each + 1
    expressions = "".join(f'      a{n}: {{type: expression, sql: "{sql}"}}\n' for n in range(count))
    assert (
        f"the expressions of this catalog have {count * each:,} parts; expected 20,000 at most"
        in (fault_of(f"    attributes:\n{expressions}"))
    )
