"""Each of our own kinds that a catalog may name keeps the contract of all kinds."""

from __future__ import annotations

from typing import Any

import pytest

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.registry import OWN
from tests.contract.kinds import KindContract

_OPTIONS = {"enum": {"values": {"Y": "Y", "N": "N"}}}  # without words it reads none
_VALUES = [kind for kind in OWN if kind.read and kind.options]


@pytest.fixture(scope="module", params=_VALUES, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind[Any]:
    return request.param


class TestOwnKinds(KindContract):
    @pytest.fixture(autouse=True)
    def _is_of(self, kind: Kind[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(self), "kind", kind, raising=False)
        monkeypatch.setattr(type(self), "options", _OPTIONS.get(kind.name, {}))
