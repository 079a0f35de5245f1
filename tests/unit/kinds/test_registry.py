"""Kinds: what each says of itself is what it does."""

from __future__ import annotations

from typing import Any

import pytest

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.read import reading_of
from mallfeed.kinds.reading import Context
from mallfeed.kinds.registry import KINDS, OWN
from mallfeed.kinds.sources import Sources
from mallfeed.product.code_texts import RULES
from mallfeed.product.fields import PRODUCT_FIELDS

_MAPPED = [field for field in PRODUCT_FIELDS if field.is_mapped]


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.name)
def test_what_a_kind_holds_are_types_that_can_be_read(kind: Kind[Any]) -> None:
    assert all(KINDS[name].read and KINDS[name].options for name in kind.holds)
    assert (kind.default is None) == (not kind.holds)
    assert kind.default is None or kind.default.type in kind.holds
    if kind.options is not None:
        assert kind.options.model_fields["type"].default == kind.name
        assert bool(kind.read) != bool(kind.finds)


def test_every_canonical_field_is_of_a_kind() -> None:
    assert [field.name for field in PRODUCT_FIELDS if not field.is_mapped] == ["attributes"]
    assert {field.kind for field in PRODUCT_FIELDS} <= {kind.name for kind in OWN}


def _types(field: CanonicalField) -> list[FieldType]:
    """The types that it holds, with the options that hold by default."""
    kind = KINDS[field.kind]
    assert kind.default is not None
    others = [KINDS[name].options for name in kind.holds if name != kind.default.type]
    return [kind.default, *(one() for one in others if one is not None)]


@pytest.mark.parametrize("field", _MAPPED, ids=lambda field: field.name)
def test_the_problems_that_a_kind_names_are_those_of_its_readings(field: CanonicalField) -> None:
    sources, context = Sources({"cell": "string"}), Context("KRW", "Asia/Seoul", None)
    found = set()
    for type_ in _types(field):
        read = type_.model_copy(update={"source": "cell"})
        reading = reading_of(read, KINDS[field.kind], field, sources, context)
        found |= {problem.kind for problem in (*reading.problems, *reading.also)}
    named = set(KINDS[field.kind].problems)
    assert named <= found <= named | set(RULES.get(field.name, ()))
