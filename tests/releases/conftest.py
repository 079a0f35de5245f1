"""The previous release, from its fixture."""

from __future__ import annotations

import pytest

from infra.package import fixture
from infra.package.sources import Sources
from mallfeed import __version__


@pytest.fixture(scope="session")
def previous_version() -> str:
    """The newest release that is older than this checkout."""
    return [version for version in fixture.kept() if version != __version__][-1]


@pytest.fixture(scope="session")
def previous(previous_version: str) -> Sources:
    """Everything of its own that a deployment needs."""
    return fixture.unpacked(previous_version)
