"""Values under a path of a JSON document are those that ijson's own walk gives."""

from __future__ import annotations

import io
import json
from typing import Any

import ijson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.formats.json.values import members_under, values_under

KEYS = st.sampled_from(["a", "b", "item", "a.b", "it"])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("xy", max_size=2),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
STEPS = st.lists(KEYS, min_size=1, max_size=4)


def found(document: Any, path: str) -> tuple[list[Any], int]:
    counts: list[int] = []
    values = list(values_under(io.BytesIO(json.dumps(document).encode()), path, counts.append))
    assert len(counts) == len(values)
    return values, sum(counts)


@given(DOCUMENTS, STEPS)
def test_every_document_gives_what_ijson_gives(document: Any, steps: list[str]) -> None:
    path = ".".join(steps)
    values, _ = found(document, path)
    assert values == list(ijson.items(io.BytesIO(json.dumps(document).encode()), path))


@given(DOCUMENTS)
def test_the_values_in_each_are_counted(document: Any) -> None:
    _, count = found([document], "item")
    assert count == _values_in(document)


def _values_in(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_values_in, inner))


def test_a_document_that_is_cut_off_gives_what_stands_before() -> None:
    values = values_under(io.BytesIO(b'[{"a":1},{"a":'), "item", lambda count: None)
    assert next(values) == {"a": 1}
    with pytest.raises(ijson.IncompleteJSONError):
        next(values)


@pytest.mark.parametrize(
    ("document", "path", "found"),
    [
        ({"a": {"n": 1}, "b": 2, "c.d": [3], "a.": None}, "", [("a", {"n": 1}), ("b", 2), ("c.d", [3]), ("a.", None)]),
        ({"d": {"p": {"a": 1, "b": {"p": 2}}}, "p": {"z": 1}}, "d.p", [("a", 1), ("b", {"p": 2})]),
        ({"d": [{"a": 1}], "e": {"d": {"b": 2}}}, "d", []),
        ([{"a": 1}], "", []),
        ({}, "", []),
        ({"d": 1, "item": {"a": 1}}, "item", [("a", 1)]),
    ],
)  # fmt: skip
def test_members_of_the_object_at_a_path(document: Any, path: str, found: list[Any]) -> None:
    data = io.BytesIO(json.dumps(document).encode())
    assert list(members_under(data, path, lambda count: None)) == found


def test_a_member_that_stands_twice_comes_twice_and_each_is_counted() -> None:
    counts: list[int] = []
    data = io.BytesIO(b'{"a":{"n":[1,2]},"a":{"n":3}}')
    assert [key for key, _ in members_under(data, "", counts.append)] == ["a", "a"]
    assert counts == [4, 2]


def test_a_key_that_stands_again_is_told_with_its_value() -> None:
    document = b'[{"a":1,"b":{"c":[],"c":[]}},{"a":1},{"a":1,"a":1}]'
    told: list[str] = []
    found = [
        (one, told[:])
        for one in values_under(io.BytesIO(document), "item", lambda _: None, told.append)
    ]
    assert [keys for _, keys in found] == [["c"], ["c"], ["c", "a"]]
