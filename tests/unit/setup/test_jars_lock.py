"""jars.lock names every jar exactly, and set-up asks Ivy for these and nothing else."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from infra.paths import CHECKOUT


@pytest.fixture(scope="module")
def jars() -> Iterator[ModuleType]:
    """scripts/setup/jars.py, which runs as a script before anything is installed."""
    folder = str(CHECKOUT / "scripts" / "setup")
    sys.path.insert(0, folder)
    import jars

    yield jars
    sys.path.remove(folder)


def test_every_jar_is_named_once_with_a_checksum(jars: ModuleType) -> None:
    locked = jars.read_lock()
    assert {jar.set for jar in locked} == {"build", "spark", "opensearch"}
    assert len({(jar.set, jar.group, jar.artifact) for jar in locked}) == len(locked)
    assert all(len(jar.sha256) == 64 and jar.size_bytes > 0 for jar in locked)


def test_no_lock_file_names_a_host() -> None:
    locks = [CHECKOUT / "jars.lock", *(CHECKOUT / "requirements").glob("*.lock")]
    assert [lock.name for lock in locks if "://" in lock.read_text("utf-8")] == []


def test_ivy_is_asked_for_the_locked_jars_without_what_they_depend_on(jars: ModuleType) -> None:
    locked = jars.read_lock()[:3]
    asked = ET.fromstring(jars.ivy_module(locked)).findall("dependencies/dependency")  # noqa: S314
    assert [one.get("name") for one in asked] == [jar.artifact for jar in locked]
    assert {one.get("transitive") for one in asked} == {"false"}


def test_a_jar_that_is_not_what_the_lock_says_is_reported_and_not_kept(
    jars: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = jars.Jar("spark", "org.example", "thing", "1.0", 5, "0" * 64)

    def deliver(module: Path, target: Path, count: int) -> None:
        target.mkdir()
        (target / jar.file).write_bytes(b"wrong")

    monkeypatch.setenv("MALLFEED_CACHE", str(tmp_path))
    monkeypatch.setattr(jars, "_run_ivy", deliver)
    folder = tmp_path / "jars" / "spark"
    folder.mkdir(parents=True)
    with pytest.raises(jars.SetupFailed, match=r"org.example__thing-1.0.jar: SHA-256 is"):
        jars._fetch([jar], folder)
    assert list(folder.iterdir()) == []


def test_what_is_not_locked_leaves_the_classpath(
    jars: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MALLFEED_CACHE", str(tmp_path))
    old = tmp_path / "jars" / "spark" / "org.example__thing-0.9.jar"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    assert not jars._ensure("spark", [])
    assert not old.exists()
