"""What a catalog says of its own over its base: key by key, or as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mallfeed.catalog.merge import merge_faults, merged
from mallfeed.yaml_files.write import block
from mallfeed.yaml_files.yaml_tree import read_tree

BASE: dict[str, Any] = {
    "currency": "KRW",
    "fields": {"price": {"from": "판매가", "decimal_mark": "."}, "brand": "브랜드"},
    "attributes": {"guards": "a"},
    "rows": {"keep": "price > 0", "drop": {"hidden": "a = 'N'", "gift": "b = 'Y'"}},
    "feeds": {
        "full": {
            "format": "csv",
            "csv": {"encoding": "cp949", "separator": "\t"},
            "inherit": {"key": "Handle", "variant": ["Option1"]},
            "guards": {"vanished": {"ratio": 0.3, "count": 100}, "fewest_rows": 5},
        },
        "guards": {"format": "json", "json": {"layout": "object"}},
        "variations": {
            "format": "csv",
            "inherit": {
                "parent": {"from": "Parent", "to": "SKU", "takes_along": ["hidden", "gift"]}
            },
        },
    },
}

LAID_OVER = {
    "head": ({"currency": "USD"}, ("currency",), "USD"),
    "field, whole": (
        {"fields": {"price": {"from": "가격"}}}, ("fields", "price"), {"from": "가격"},
    ),
    "other fields stay": ({"fields": {"price": "가격"}}, ("fields", "brand"), "브랜드"),
    "field left out": ({"fields": {"brand": None}}, ("fields",), {"price": BASE["fields"]["price"]}),
    "attribute, whatever its name": (
        {"attributes": {"guards": {"from": "b"}}}, ("attributes", "guards"), {"from": "b"},
    ),
    "rule": ({"rows": {"drop": {"gift": "c = 1"}}}, ("rows", "drop"), {"hidden": "a = 'N'", "gift": "c = 1"}),
    "rule left out": ({"rows": {"drop": {"gift": None}}}, ("rows", "drop"), {"hidden": "a = 'N'"}),
    "keep": ({"rows": {"keep": None}}, ("rows", "keep"), None),
    "option": (
        {"feeds": {"full": {"csv": {"encoding": "utf-8"}}}},
        ("feeds", "full", "csv"), {"encoding": "utf-8", "separator": "\t"},
    ),
    "option without a value": (
        {"feeds": {"full": {"csv": {"encoding": None}}}},
        ("feeds", "full", "csv"), {"encoding": None, "separator": "\t"},
    ),
    "inherit, whole": (
        {"feeds": {"full": {"inherit": {"key": "Id"}}}}, ("feeds", "full", "inherit"), {"key": "Id"},
    ),
    "a rule left out takes nothing along": (
        {"rows": {"drop": {"hidden": None}}}, ("feeds", "variations", "inherit", "parent"),
        {"from": "Parent", "to": "SKU", "takes_along": ["gift"]},
    ),
    "a rule left out of a feed": (
        {"feeds": {"variations": {"rows": {"drop": {"gift": None}}}}},
        ("feeds", "variations", "inherit", "parent", "takes_along"), ["hidden"],
    ),
    "guard": (
        {"feeds": {"full": {"guards": {"fewest_rows": 0}}}},
        ("feeds", "full", "guards", "vanished"), {"ratio": 0.3, "count": 100},
    ),
    "another format drops the options of the first": (
        {"feeds": {"full": {"format": "xlsx"}}}, ("feeds", "full"),
        {"format": "xlsx", "inherit": BASE["feeds"]["full"]["inherit"], "guards": BASE["feeds"]["full"]["guards"]},
    ),
    "a feed called as a key is called": (
        {"feeds": {"guards": {"json": {"encoding": "cp949"}}}},
        ("feeds", "guards", "json"), {"layout": "object", "encoding": "cp949"},
    ),
    "a feed more": ({"feeds": {"new": {"format": "json"}}}, ("feeds", "new"), {"format": "json"}),
    "a feed left out": ({"feeds": {"full": None}}, ("feeds",),
        {name: BASE["feeds"][name] for name in ("guards", "variations")}),
    "a list, whole": (
        {"feeds": {"full": {"csv": {"columns": ["a"]}}}}, ("feeds", "full", "csv", "columns"), ["a"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LAID_OVER)
def test_own_words_lie_over_the_base(case: str) -> None:
    own, path, expected = LAID_OVER[case]
    found: Any = merged(BASE, own)
    for key in path:
        found = found[key]
    assert found == expected


def test_the_base_stays_as_it_is() -> None:
    before = block(BASE)
    merged(BASE, {"fields": {"brand": None}, "feeds": {"full": {"csv": {"encoding": "utf-8"}}}})
    assert block(BASE) == before


IN_VAIN = {
    "a field that is not there": (
        {"fields": {"bland": None}},
        "`fields.bland: null` leaves out what cafe24@3 does not have; did you mean `brand`?",
    ),
    "a feed that is not there": (
        {"feeds": {"daily": None}},
        "`feeds.daily: null` leaves out what cafe24@3 does not have; expected no such line, or `full`, `guards` or `variations`",
    ),
    "an attribute of a feed": (
        {"feeds": {"full": {"attributes": {"size": None}}}},
        "`feeds.full.attributes.size: null` leaves out what cafe24@3 does not have; expected no such line",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", IN_VAIN)
def test_what_is_left_out_must_be_there(case: str) -> None:
    own, told = IN_VAIN[case]
    assert [fault.text() for fault in merge_faults(BASE, own, "cafe24@3")] == [told]


def test_a_word_for_all_feeds_that_the_base_says_of_one_is_refused() -> None:
    base = {"feeds": {"full": {"fields": {"price": "a"}, "rows": {"drop": {"hidden": "x = 1"}}}}}
    own = {"fields": {"price": "b"}, "rows": {"drop": {"hidden": "y = 1"}}}
    assert [fault.text() for fault in merge_faults(base, own, "cafe24@3")] == [
        "`fields.price` has no effect on `full`, of which cafe24@3 says it itself; expected it at "
        "`feeds.full.fields.price`",
        "`rows.drop.hidden` has no effect on `full`, of which cafe24@3 says it itself; expected it at "
        "`feeds.full.rows.drop.hidden`",
    ]
    own["feeds"] = {"full": {"fields": {"price": "c"}, "rows": {"drop": {"hidden": None}}}}  # type: ignore[dict-item]
    assert list(merge_faults(base, own, "cafe24@3")) == []


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0"), max_size=20
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | TEXTS
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(st.dictionaries(TEXTS, DATA, max_size=4))
def test_written_data_is_read_as_it_was(data: dict[str, Any]) -> None:
    tree = read_tree(block(data))
    assert tree.faults == []
    assert (tree.data or {}) == data


@pytest.mark.parametrize(
    "text", ["<<", "null", "1", "1e5", "- a", "a: b", "#x", "", " a", "…", "\x85"]
)
def test_keys_and_values_that_look_like_something_else_are_quoted(text: str) -> None:
    data = {text: text, "in": {text: [text]}, "deep": {"er": {text: {text: text}}}}
    tree = read_tree(block(data))
    assert tree.faults == []
    assert tree.data == data
