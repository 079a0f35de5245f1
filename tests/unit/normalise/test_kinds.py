"""Each of our own kinds that a catalog may name keeps the contract of all kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.registry import OWN
from tests.contract.kinds import KindContract

_OPTIONS = {"enum": {"values": {"Y": "Y", "N": "N"}}}  # without words it reads none
_VALUES = [kind for kind in OWN if kind.read and kind.options]
_TABLES = Path(__file__).parent / "tables"


def _samples(kind: str) -> tuple[str, ...]:
    """Cells of the kind's table that are read as attributes."""
    groups = yaml.safe_load((_TABLES / f"{kind}.yaml").read_text("utf-8"))
    cells = [
        case[0]
        for group in groups
        if group["field"].startswith("attributes.")
        for case in group["cases"]
    ]
    return tuple(cell for cell in cells if cell is not None)


@pytest.fixture(scope="module", params=_VALUES, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind[Any]:
    return request.param


class TestOwnKinds(KindContract):
    @pytest.fixture(autouse=True)
    def _is_of(self, kind: Kind[Any], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(self), "kind", kind, raising=False)
        monkeypatch.setattr(type(self), "options", _OPTIONS.get(kind.name, {}))
        monkeypatch.setattr(type(self), "samples", _samples(kind.name))
