"""The name of the code that loads feeds changes with it, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallfeed import code_version as module
from mallfeed.code_version import DECIDING, code_version


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in (*DECIDING, "cli"):
        (tmp_path / folder / "deep").mkdir(parents=True)
        (tmp_path / folder / "deep" / "rule.py").write_text("ONE = 1\n")
    monkeypatch.setattr(module, "_PACKAGE", tmp_path)
    return tmp_path


def test_the_folders_that_decide_are_named() -> None:
    assert set(DECIDING) == {
        "catalog",
        "feed",
        "formats",
        "kinds",
        "load",
        "normalise",
        "product",
        "reading",
        "sinks",
        "table",
        "yaml_files",
    }


def version() -> str:
    code_version.cache_clear()
    return code_version()


@pytest.fixture(autouse=True)
def forget() -> None:
    code_version.cache_clear()


@pytest.mark.parametrize("folder", DECIDING)
def test_a_rule_that_changes_is_another_version(package: Path, folder: str) -> None:
    before = version()
    rule = package / folder / "deep" / "rule.py"
    rule.write_text("ONE = 2\n")
    assert version() != before
    rule.write_text("ONE = 1\n")
    assert version() == before
    rule.rename(rule.with_name("other.py"))
    assert version() != before


def test_what_decides_nothing_of_a_feed_does_not_count(package: Path) -> None:
    before = version()
    (package / "cli" / "deep" / "rule.py").write_text("ONE = 2\n")
    (package / "product" / "deep" / "rule.pyc").write_bytes(b"compiled")
    assert version() == before
    (package / "product" / "functions.jar").write_bytes(b"PK")
    assert version() != before
