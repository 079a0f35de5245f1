"""A headless Chromium for the page's tests: Debian's package, unpacked into the cache.

No root is needed: apt works on a state of its own, what the machine lacks is downloaded and unpacked,
never installed. Where that cannot be (no apt, no network), a browser that is installed serves.
"""

from __future__ import annotations

import fcntl
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from infra.paths import cache_dir

PACKAGES = ("chromium-headless-shell", "chromium-common", "fonts-nanum")
_PROGRAM = "usr/lib/chromium/chromium-headless-shell"
_INSTALLED = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class NoBrowser(Exception):
    """No Chromium can be had on this machine; the message says why and what would help."""


@dataclass(frozen=True)
class Browser:
    """A program and the variables it is started with."""

    program: Path
    environment: dict[str, str] = field(default_factory=dict)


def browser() -> Browser:
    """The cached one, fetched at the first call, else an installed one; raises NoBrowser."""
    root = cache_dir() / "browser"
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            return _unpacked(root)
        except (OSError, subprocess.SubprocessError) as error:
            why = getattr(error, "stderr", None) or str(error)
    for name in _INSTALLED:
        if program := shutil.which(name):
            return Browser(Path(program))
    raise NoBrowser(
        f"no Chromium: Debian's package cannot be fetched ({why.strip()[-500:]}) and none is "
        f"installed. Where apt can reach Debian's packages it comes by itself; else install one of "
        f"{', '.join(_INSTALLED)}."
    )


def _unpacked(root: Path) -> Browser:
    files = root / "files"
    done, key = root / "done", " ".join(PACKAGES)
    if not done.exists() or done.read_text() != key:
        shutil.rmtree(files, ignore_errors=True)
        for package in _downloaded(root):
            _run("dpkg-deb", "-x", package, files)
        shutil.rmtree(root / "debs")
        done.write_text(key)
    program = files / _PROGRAM
    machine = f"{platform.machine()}-linux-gnu"
    folders = (f"usr/lib/{machine}", f"lib/{machine}", f"usr/lib/{machine}/pulseaudio")
    fonts = root / "fonts.conf"
    fonts.write_text(_FONTS.format(fonts=files / "usr/share/fonts", cache=root / "font-cache"))
    made = Browser(
        program,
        {
            "LD_LIBRARY_PATH": ":".join(str(files / folder) for folder in folders),
            "FONTCONFIG_FILE": str(fonts),
        },
    )
    _run(program, "--version", environment=made.environment)
    return made


def _downloaded(root: Path) -> list[Path]:
    """The packages and whatever of their dependencies this machine lacks, each checked by apt."""
    own = _own_apt(root)
    _run("apt-get", *own, "update")
    plan = _run("apt-get", *own, "--simulate", "--no-install-recommends", "install", *PACKAGES)
    wanted = set(re.findall(r"^Inst (\S+)", plan, re.MULTILINE)) | set(PACKAGES)
    debs = root / "debs"
    shutil.rmtree(debs, ignore_errors=True)
    debs.mkdir()
    _run("apt-get", *own, "download", *sorted(wanted), folder=debs)
    return sorted(debs.glob("*.deb"))


def _own_apt(root: Path) -> list[str]:
    state, cache = root / "apt" / "state", root / "apt" / "cache"
    for folder in (state / "lists" / "partial", cache / "archives" / "partial"):
        folder.mkdir(parents=True, exist_ok=True)
    return [
        *("-o", f"Dir::State={state}", "-o", f"Dir::Cache={cache}"),
        *("-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "Debug::NoLocking=1"),
        *("-o", "APT::Sandbox::User=", "-o", "Acquire::Languages=none", "-qq"),
    ]


def _run(
    *command: object, folder: Path | None = None, environment: dict[str, str] | None = None
) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    return done.stdout
