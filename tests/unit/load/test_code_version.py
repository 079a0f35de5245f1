"""The version of the code is its release's stamp, or without one a hash of all its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mallfeed import __version__
from mallfeed import code_version as module
from mallfeed.code_version import STAMP, code_version


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "load").mkdir()
    (tmp_path / "load" / "rule.py").write_text("ONE = 1\n")
    monkeypatch.setattr(module, "_PACKAGE", tmp_path)
    yield tmp_path
    code_version.cache_clear()


def version() -> str:
    code_version.cache_clear()
    return code_version()


def test_a_release_is_named_by_its_stamp_alone(package: Path) -> None:
    (package / STAMP).write_text('{"hash": "0123456789ab", "files": {}}', "utf-8")
    assert version() == f"{__version__}+0123456789ab"
    (package / "load" / "rule.py").write_text("ONE = 2\n")
    assert version() == f"{__version__}+0123456789ab"


def test_without_a_stamp_each_change_counts(package: Path) -> None:
    before = version()
    assert before.startswith(f"{__version__}+checkout.")
    (package / "load" / "rule.pyc").write_bytes(b"compiled")
    assert version() == before
    (package / "load" / "rule.py").write_text("ONE = 1  # why\n")
    assert version() != before
    (package / "load" / "rule.py").write_text("ONE = 1\n")
    (package / "load" / "functions.jar").write_bytes(b"PK")
    assert version() != before
