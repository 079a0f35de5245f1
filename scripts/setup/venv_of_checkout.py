"""The checkout's .venv: uv installed by pip, everything else by uv, all of it checked by hash."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from places import CHECKOUT, REQUIREMENTS, VENV
from steps import SetupFailed, digest, is_done, mark_done, run, say

PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
_BOOTSTRAP = REQUIREMENTS / "bootstrap.lock"
_DEV = REQUIREMENTS / "dev.lock"


def ensure() -> int:
    """Make or complete .venv; the number of steps that had something to do."""
    return sum((_ensure_venv(), _ensure_uv(), _ensure_packages(), _ensure_mallfeed()))


def _ensure_venv() -> bool:
    if sys.version_info[:2] != (3, 11):
        raise SetupFailed(
            f"Python 3.11 is needed (Glue 5.1 runs it); this is {sys.version.split()[0]}"
        )
    if PYTHON.exists() and _version(PYTHON) == "3.11":
        return False
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupFailed(
            "this Python 3.11 cannot make a .venv (no ensurepip); on Debian and Ubuntu: "
            "apt install python3.11-venv"
        )
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV])
    return True


def _version(python: Path) -> str:
    asked = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def _ensure_uv() -> bool:
    stamp, key = VENV / "setup-uv.json", digest([_BOOTSTRAP])
    if UV.exists() and is_done(stamp, key):
        return False
    say("installing uv (18 MB)")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "--no-deps", "-r", _BOOTSTRAP])
    mark_done(stamp, key)
    return True


def _ensure_packages() -> bool:
    stamp, key = VENV / "setup-packages.json", digest([_DEV])
    if is_done(stamp, key):
        return False
    say("installing requirements/dev.lock (about 900 MB the first time, pyspark most of it)")
    uv_install("--python", PYTHON, "--require-hashes", "--no-deps", "-r", _DEV)
    mark_done(stamp, key)
    return True


def _ensure_mallfeed() -> bool:
    stamp = VENV / "setup-mallfeed.json"
    key = f"{CHECKOUT} {digest([CHECKOUT / 'pyproject.toml', CHECKOUT / 'mallfeed/__init__.py'])}"
    if is_done(stamp, key):
        return False
    say("installing mallfeed itself, editable")
    # `.`, not its name: uv would read `[1]` at its end as extras and `#` as the begin of a comment.
    options = ("--quiet", "--no-deps", "--no-build-isolation")
    uv_install("--python", PYTHON, *options, "--editable", ".", cwd=CHECKOUT)
    # infra/ (the local stack) is no part of the wheel, but the command of a checkout finds it.
    folders = list((VENV / "lib").glob("python3*/site-packages"))
    (folders[0] / "mallfeed_checkout.pth").write_text(path_line(CHECKOUT), "ascii")
    mark_done(stamp, key)
    return True


def path_line(folder: Path) -> str:
    """A line of a .pth file that puts the folder on the search path, in ASCII.

    Python reads the file in the locale's encoding and does not start in `C` where it holds more.
    """
    return f"import sys; sys.path.append({str(folder)!a})\n"


def uv_install(*arguments: str | Path, cwd: Path | None = None) -> None:
    """`uv pip install`, from where pip would install and trusting what pip trusts."""
    run([UV, "pip", "install", *arguments], env={**os.environ, **_as_pip_is_told()}, cwd=cwd)


def _as_pip_is_told() -> dict[str, str]:
    """uv does not read pip's configuration: hand it the index, the wheels' folder, certificates."""
    asked = [str(PYTHON), "-m", "pip", "config", "list"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    told = {}
    for line in lines:
        name, _, value = line.partition("=")
        told[name.rpartition(".")[2].strip(":")] = value.strip().strip("'\"")
    wanted = {
        "UV_DEFAULT_INDEX": told.get("index-url"),
        "UV_INDEX": told.get("extra-index-url"),
        "UV_FIND_LINKS": told.get("find-links"),
        "SSL_CERT_FILE": told.get("cert"),
    }
    return {name: value for name, value in wanted.items() if value and not os.environ.get(name)}
