"""What every step uses: say, lock, remember, run."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class SetupFailed(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(line: str) -> None:
    """A line of progress."""
    print(f"[setup] {line}", flush=True)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """One set-up at a time: a second one waits and then finds the work done.

    Where this user may only read, as in another user's cache, there is nothing to take turns at.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        yield
        return
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another set-up is at work ({path}); waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(files: Iterable[Path]) -> str:
    """One hash over the contents of the files."""
    total = hashlib.sha256()
    for file in files:
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def sha256(file: Path) -> str:
    """The file's SHA-256 as hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_done(stamp: Path, key: str) -> bool:
    """Whether the step was finished for exactly this key."""
    try:
        return json.loads(stamp.read_text("utf-8")) == key
    except (FileNotFoundError, json.JSONDecodeError):
        return False


def mark_done(stamp: Path, key: str) -> None:
    """Remember it; written last, so that a step that was cut off is done again."""
    draft = stamp.with_suffix(".new")
    draft.write_text(json.dumps(key), "utf-8")
    draft.replace(stamp)


def run(
    command: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> None:
    """Run it in sight; raises CalledProcessError."""
    subprocess.run([str(part) for part in command], check=True, env=env, cwd=cwd)
