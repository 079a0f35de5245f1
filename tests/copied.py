"""A copy of this checkout's own files: those that git would list, also without git."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from infra.paths import CHECKOUT


def copy_to(target: Path) -> Path:
    """Copy them, uncommitted changes included; returns the target."""
    for name in own_files():
        source = CHECKOUT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


def own_files() -> list[str]:
    """Their names, relative to the checkout."""
    listed = _git_lists()
    return listed if listed else sorted(walked(CHECKOUT))


def _git_lists() -> list[str]:
    """Nothing where git is not installed, or the checkout was unpacked from an archive."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return sorted(filter(None, os.fsdecode(done.stdout).split("\0")))


def walked(root: Path) -> Iterator[str]:
    """Every file under the folder that its .gitignore does not name."""
    ignored = [line for line in (root / ".gitignore").read_text("utf-8").splitlines() if line]
    for folder, folders, files in os.walk(root):
        place = Path(folder).relative_to(root)
        folders[:] = [one for one in folders if not _named(f"{place / one}/", ignored)]
        yield from (str(place / one) for one in files if not _named(str(place / one), ignored))


def _named(path: str, patterns: list[str]) -> bool:
    """The few forms that our .gitignore has: a name anywhere, a path from the root, with `*`."""
    if path in (".git", ".git/"):
        return True
    last = f"{Path(path).name}{'/' if path.endswith('/') else ''}"
    return any(fnmatch(path if "/" in one.rstrip("/") else last, one) for one in patterns)
