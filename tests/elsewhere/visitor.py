"""Another person on this machine: another user if we are root, with a new home, in the locale `C`."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.paths import cache_dir

_PATH = f"/usr/local/bin:{os.defpath}"
_BIG_BYTES = 64 * 1024
USER = "nobody"
"""Who runs it where we are root; else it is the user who runs this."""
_OURS = (
    "LC_",
    "LANG",
    "MALLFEED_",
    "PYTHON",
    "UV_",
    "VIRTUAL_ENV",
    "XDG_",
    "TMPDIR",
    "HOME",
    "PATH",
)


@dataclass(frozen=True)
class Visitor:
    """Runs commands in a folder as that user, in the locale `C`, with nothing of ours in reach.

    `room` holds the home, the folder for temporary files and the caches; all of it is the visitor's.
    """

    room: Path
    uid: int
    gid: int

    @classmethod
    def in_room(cls, room: Path) -> Visitor:
        """Furnish the room with the download caches: the same files, in folders of their own.

        Ours is the visitor's to read only, until it is `given`.
        """
        entry = pwd.getpwnam(USER) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        visitor = cls(room, entry.pw_uid, entry.pw_gid)
        for folder in (visitor.home, visitor.scratch):
            folder.mkdir(parents=True)
        _settings_of_pip(visitor.home)
        uv = subprocess.check_output([f"{sys.prefix}/bin/uv", "cache", "dir"], text=True).strip()
        _link(Path(uv), visitor.uv_cache)
        visitor.given(room)
        _link(cache_dir(), visitor.cache)
        return visitor

    @property
    def home(self) -> Path:
        """HOME."""
        return self.room / "집 (1)"

    @property
    def scratch(self) -> Path:
        """TMPDIR."""
        return self.room / "tmp 한글 (1)"

    @property
    def cache(self) -> Path:
        """MALLFEED_CACHE."""
        return self.room / "cache 한글 [1]"

    @property
    def uv_cache(self) -> Path:
        """UV_CACHE_DIR."""
        return self.room / "uv 한글"

    def given(self, folder: Path) -> None:
        """The folder and all folders and own files in it become the visitor's; linked files do not."""
        for path in (folder, *folder.rglob("*")):
            if path.is_dir() or path.lstat().st_nlink == 1:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def environment(self) -> dict[str, str]:
        """The variables of the visitor's shell; of ours, only those for downloads."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        return {
            **kept,
            "PATH": _PATH,
            "HOME": str(self.home),
            "TMPDIR": str(self.scratch),
            "MALLFEED_CACHE": str(self.cache),
            "UV_CACHE_DIR": str(self.uv_cache),
            "UV_LINK_MODE": "copy",  # Linux lets nobody link what is another user's
            "LC_ALL": "C",
            "COLUMNS": "80",
        }

    def run(self, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        """Run it with its output shown, and keep the output too."""
        process = subprocess.Popen(
            command, cwd=folder, env=self.environment(), **self._identity(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8",
        )  # fmt: skip
        said = []
        with process:
            for line in process.stdout or ():
                said.append(line)
                print("    " + line, end="", flush=True)
        return subprocess.CompletedProcess(command, process.returncode, "".join(said))

    def python(self) -> str:
        """A Python 3.11 that the visitor may run and that can make a .venv."""
        ours: str = getattr(sys, "_base_executable", sys.executable)
        known = [ours, *filter(None, [shutil.which("python3.11", path=_PATH)])]
        for program in known:
            if self._may_run(program):
                return program
        raise SystemExit(
            f"{USER} may not run {' or '.join(known)}, or it makes no .venv: install Python 3.11 and "
            "its venv for all users"
        )

    def _may_run(self, program: str) -> bool:
        asked = [program, "-c", "import ensurepip, sys; sys.exit(sys.version_info[:2] != (3, 11))"]
        try:
            done = subprocess.run(
                asked, cwd="/", capture_output=True, check=False, **self._identity()
            )
        except PermissionError:
            return False
        return done.returncode == 0

    def _identity(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _link(source: Path, target: Path) -> None:
    """The same big files in new folders, and copies of the small ones, since some of these are opened for writing."""
    shutil.copytree(source, target, copy_function=_linked, symlinks=True)


def _linked(source: str, target: str) -> None:
    if Path(source).stat().st_size >= _BIG_BYTES:
        with suppress(OSError):  # another file system
            os.link(source, target)
            return
    shutil.copy2(source, target)


def _settings_of_pip(home: Path) -> None:
    for name in (".config/pip/pip.conf", ".pip/pip.conf"):
        if (ours := Path.home() / name).is_file():
            (home / name).parent.mkdir(parents=True)
            shutil.copy(ours, home / name)
