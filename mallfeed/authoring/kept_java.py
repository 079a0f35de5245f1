"""A Java that stays up between commands: the second preview does not wait for a start, nor for a cold Java.

A folder per set of Java's settings, which only its owner can enter, holds `gateway.json` (port, secret and process
of Java) and `lock`, which the command that uses Java holds as long as it runs. Java ends when nobody has used it for
MALLFEED_KEEP_JAVA minutes (`java_keeper.py`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyspark
from pyspark import SparkConf
from pyspark.java_gateway import launch_gateway

from mallfeed.authoring import java_keeper
from mallfeed.errors import Terminal

VARIABLE = "MALLFEED_KEEP_JAVA"
MINUTES = 10.0
"""How long Java stays up unless MALLFEED_KEEP_JAVA says otherwise."""
_CONNECTS_WITHIN_S = 10.0
"""A Java that is idle answers at once, on a busy machine within a second or two."""
_OBJECT = re.compile("o[0-9]+")
"""What Java calls an object that a process has; what else it holds is its own (the gateway itself)."""
_OF_JAVA = ("JAVA_HOME", "SPARK_DIST_CLASSPATH", "SPARK_LOCAL_IP", "LANG", "LC_ALL", "TZ")
"""Variables that Java reads once, at its start."""


def minutes() -> float:
    """How long an unused Java stays up; 0 = each command has its own. Raises Terminal for what is no number."""
    given = os.environ.get(VARIABLE, str(MINUTES))
    try:
        return max(float(given), 0.0)
    except ValueError:
        raise Terminal(f"{VARIABLE} is {given!r}; expected minutes, such as 10, or 0") from None


@dataclass(frozen=True)
class Place:
    """Where a kept Java is found."""

    folder: Path

    @property
    def gateway(self) -> Path:
        """Port, secret and process."""
        return self.folder / java_keeper.GATEWAY

    @property
    def lock(self) -> Path:
        """Held by who uses Java."""
        return self.folder / java_keeper.LOCK


@dataclass(frozen=True)
class Borrowed:
    """A Java's gateway, and whether another command has used it before."""

    gateway: Any
    used_before: bool


def place_for(settings: Mapping[str, str]) -> Place | None:
    """The folder for a Java with these settings, in this environment; None where it would not be ours alone."""
    root = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    told = {name: os.environ.get(name) for name in _OF_JAVA}
    jars = [(jar, _stamp(jar)) for jar in (told["SPARK_DIST_CLASSPATH"] or "").split(":")]
    known = [pyspark.__version__, sys.prefix, told, jars, sorted(settings.items())]
    key = hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]
    folder = root / f"mallfeed-java-{os.geteuid()}"
    try:
        for path in (folder, folder / key):
            path.mkdir(mode=0o700, exist_ok=True)
            found = path.lstat()
            if found.st_uid != os.geteuid() or found.st_mode & 0o170077 != 0o040000:
                return None
    except OSError:
        return None
    return Place(folder / key)


def _stamp(path: str) -> list[int]:
    with suppress(OSError):
        found = Path(path).stat()
        return [found.st_size, found.st_mtime_ns]
    return []


def borrowed(place: Place, settings: Mapping[str, str]) -> Borrowed | None:
    """The kept Java, started if there is none, for as long as this process runs.

    None where another command uses it, or Java did not start: then a Java of one's own is the way.
    """
    lock = place.lock.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    _HELD.append(lock)
    with suppress(OSError, ValueError, KeyError):
        if gateway := _connected(place):
            return Borrowed(gateway, used_before=True)
    place.gateway.unlink(missing_ok=True)
    gateway = _started(place, settings)
    return gateway and Borrowed(gateway, used_before=False)


_HELD: list[Any] = []
"""Locks, which end with the process."""


def _connected(place: Place) -> Any | None:
    """The gateway of the Java that stands there, its last session ended; None where that cannot be done in time.

    Such a Java still works at what a killed command asked of it, or hangs: it is of no use to anybody, and is ended.
    """
    known = json.loads(place.gateway.read_text("utf-8"))
    os.kill(known["process"], 0)
    os.utime(place.gateway)
    found: list[Any] = []

    def connect() -> None:
        with suppress(Exception):  # whatever py4j raises where something else listens there
            gateway = launch_gateway()  # type: ignore[no-untyped-call]
            _end_left_over(gateway)
            _forget_left_over(gateway)
            found.append(gateway)

    connecting = threading.Thread(target=connect, daemon=True)
    with _environment(
        PYSPARK_GATEWAY_PORT=str(known["port"]), PYSPARK_GATEWAY_SECRET=known["secret"]
    ):
        connecting.start()
        connecting.join(_CONNECTS_WITHIN_S)
    if not found and connecting.is_alive() and _stands_in(place, known["process"]):
        os.kill(known["process"], signal.SIGKILL)
    return found[0] if found else None


def _stands_in(place: Place, process: int) -> bool:
    """Whether the process is still the Java that was started there, and not another one of the same number."""
    try:
        return Path(f"/proc/{process}/cwd").resolve() == place.folder.resolve()
    except OSError:
        return False


def _end_left_over(gateway: Any) -> None:
    """Stop the session of a command that was killed."""
    sessions = gateway.jvm.org.apache.spark.sql.SparkSession
    left = sessions.getDefaultSession()
    if left.isDefined():
        left.get().stop()


def _forget_left_over(gateway: Any) -> None:
    """Let go of what earlier commands have asked for: Java holds each object until the process that got it gives it back.

    A process that has ended never does, and among them is its session, with each plan and each block of it.
    """
    held = gateway.java_gateway_server.getGateway().getBindings().keySet()
    own = gateway.jvm.java.util.ArrayList()
    for name in held.toString().strip("[]").split(", "):
        if not _OBJECT.fullmatch(name):
            own.add(name)
    held.retainAll(own)


def _started(place: Place, settings: Mapping[str, str]) -> Any | None:
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    # Neither a terminal nor a pipe may be kept open by what stays behind.
    apart = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "start_new_session": True,
        "cwd": place.folder,
    }
    try:
        gateway = launch_gateway(conf, popen_kwargs=apart)  # type: ignore[no-untyped-call]
    except Exception:  # without its words; a Java of one's own says them
        return None
    java = gateway.proc
    known = {
        "process": java.pid,
        "port": gateway.gateway_parameters.port,
        "secret": gateway.gateway_parameters.auth_token,
    }
    draft = place.gateway.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(known), "utf-8")
    draft.replace(place.gateway)
    held = java.stdin.fileno()
    command = [
        sys.executable,
        "-I",
        java_keeper.__file__,
        str(place.folder),
        str(held),
        str(minutes() * 60),
    ]
    quiet = subprocess.DEVNULL
    subprocess.Popen(command, pass_fds=[held], cwd=place.folder, start_new_session=True,
                     stdin=quiet, stdout=quiet, stderr=quiet)  # fmt: skip
    return gateway


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    os.environ |= variables
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]
