"""The wheel of mallfeed, built away from the checkout so that nothing stale gets into it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.package import code_stamp
from mallfeed.code_version import STAMP

_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
_YEAR_1980 = "315532800"


def build(checkout: Path, into: Path) -> Path:
    """Build the wheel of that checkout into the folder `into`; returns its path."""
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        out = Path(scratch) / "out"
        out.mkdir()
        _copy(checkout, source)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": _YEAR_1980}
        done = subprocess.run(
            [sys.executable, "-c", _BUILD, str(out)],
            cwd=source,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"mallfeed's wheel cannot be built:\n{done.stdout}{done.stderr}")
        (built,) = out.glob("*.whl")
        for old in into.glob("mallfeed-*.whl"):
            old.unlink()
        return Path(shutil.copy(built, into / built.name))


def unpack(wheel: Path, into: Path) -> Path:
    """The wheel's files in an empty folder; returns it."""
    shutil.rmtree(into, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(into)
    return into


def _copy(checkout: Path, source: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", ".mypy_cache")
    shutil.copytree(checkout / "mallfeed", source / "mallfeed", ignore=ignored)
    (source / "mallfeed" / STAMP).write_text(code_stamp.stamp(checkout), "utf-8")
    shutil.copy(checkout / "pyproject.toml", source)
    readme = checkout / "README.md"
    (source / "README.md").write_text(readme.read_text("utf-8") if readme.exists() else "", "utf-8")
    for name in ("LICENSE", "NOTICE"):
        if (checkout / name).exists():
            shutil.copy(checkout / name, source)
