"""What two processes need at the same time is built by one of them."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from infra.package.alone import alone_in
from infra.package.fixture import kept
from infra.paths import CHECKOUT

_HOLD = "import sys; from pathlib import Path; from infra.package.alone import alone_in\n"
_HOLD += "with alone_in(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
_UNPACK = "import sys; from pathlib import Path; from infra.package.fixture import unpacked\n"
_UNPACK += "print(unpacked(sys.argv[1], under=Path(sys.argv[2])).root)"


def _python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_folder_is_one_process_s_own_until_that_ends(tmp_path: Path) -> None:
    place = tmp_path / "made" / "here"
    with _python(_HOLD, place) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with (place / ".lock").open("w") as lock, pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        other.kill()
    with alone_in(place):
        assert place.is_dir()


def test_processes_that_need_a_kept_release_at_once_all_get_it(tmp_path: Path) -> None:
    """Each had made a draft in the same place, and the last one found its own gone."""
    version = kept()[-1]
    processes = [_python(_UNPACK, version, tmp_path) for _ in range(4)]
    told = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    (root,) = {Path(out.strip()) for out, _ in told}
    assert (root / "template.yaml").exists()
    assert not (root.parent / "draft").exists()
