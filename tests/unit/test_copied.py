"""What is the checkout's own is known without git too."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from infra.paths import CHECKOUT
from tests.copied import walked

OWN = (
    "Makefile",
    "infra/local/demo.py",
    "mallfeed/normalise/jvm/__init__.py",
    "한글 1.md",
    ".ci/run",
)
BUILT = (
    ".git", ".venv/bin/python", ".venv-glue6/bin/python", ".local/demo/state.json", "build/x.zip",
    "mallfeed/normalise/jvm/mallfeed-functions.jar", "mallfeed.egg-info/PKG-INFO", "derby.log",
    "mallfeed/__pycache__/errors.pyc", "tests/metastore_db/log",
)  # fmt: skip


def test_what_gitignore_names_is_not_the_checkouts_own(tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / ".gitignore", tmp_path)
    for name in (*OWN, *BUILT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = set(walked(tmp_path))
    assert found == {".gitignore", *OWN}
    if shutil.which("git") is None:
        return
    (tmp_path / ".git").unlink()
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    told = subprocess.check_output(
        ["git", "ls-files", "-z", "--others", "--exclude-standard"], cwd=tmp_path, text=True
    )
    assert found == set(told.split("\0")) - {""}
