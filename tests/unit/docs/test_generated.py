"""The generated documents are what the code says now."""

from __future__ import annotations

import pytest

from infra.paths import CHECKOUT
from scripts.docs.documents import DOCUMENTS


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_generated_document_is_not_behind_the_code(name: str) -> None:
    committed = (CHECKOUT / name).read_text("utf-8")
    assert committed == DOCUMENTS[name](), f"{name} is behind: run python -m scripts.docs"
