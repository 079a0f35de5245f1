"""The jars of jars.lock, fetched by the Ivy that comes with pyspark; each is checked by its SHA-256."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import java
from places import CHECKOUT, VENV, cache
from steps import SetupFailed, digest, is_done, mark_done, say, sha256

LOCK = CHECKOUT / "jars.lock"
SETS = ("build", "spark", "opensearch")
_JAVA_TRUST = Path("/etc/ssl/certs/java/cacerts")
_PATTERN = "[organisation]__[artifact]-[revision].[ext]"


@dataclass(frozen=True)
class Jar:
    """A line of jars.lock."""

    set: str
    group: str
    artifact: str
    version: str
    size_bytes: int
    sha256: str

    @property
    def file(self) -> str:
        """Its name in the cache."""
        return f"{self.group}__{self.artifact}-{self.version}.jar"


def read_lock(path: Path = LOCK) -> list[Jar]:
    """Every jar of the lock file."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, coordinates, size, checksum = line.split()
        group, artifact, version = coordinates.split(":")
        hexdigits = checksum.removeprefix("sha256:")
        found.append(Jar(name, group, artifact, version, int(size), hexdigits))
    return found


def ensure() -> int:
    """Fetch what is missing in any set; the number of sets that changed."""
    locked = read_lock()
    changed = sum(_ensure(name, [jar for jar in locked if jar.set == name]) for name in SETS)
    shutil.rmtree(_ivy_cache(), ignore_errors=True)  # only useful to continue after an interruption
    return changed


def _ensure(name: str, wanted: Sequence[Jar]) -> bool:
    folder, stamp = cache() / "jars" / name, cache() / "jars" / f"{name}.json"
    folder.mkdir(parents=True, exist_ok=True)
    if is_done(stamp, _key(folder, wanted)):
        return False
    missing = [jar for jar in wanted if not _is_right(folder / jar.file, jar)]
    if missing:
        megabytes = sum(jar.size_bytes for jar in missing) / 1e6
        say(f"fetching {len(missing)} jars for {name} ({megabytes:.0f} MB)")
        _fetch(missing, folder)
    names = {jar.file for jar in wanted}
    for file in folder.iterdir():
        if file.name not in names:
            file.unlink()  # everything in this folder is on a class path, so files that are not locked must go
    mark_done(stamp, _key(folder, wanted))
    return bool(missing)


def _key(folder: Path, wanted: Sequence[Jar]) -> str:
    """The lock and the files as they are: a changed file is checked again."""
    there = sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in folder.iterdir())
    return f"{digest([LOCK])} {len(wanted)} {there}"


def _is_right(file: Path, jar: Jar) -> bool:
    return file.is_file() and file.stat().st_size == jar.size_bytes and sha256(file) == jar.sha256


def _fetch(jars: Sequence[Jar], folder: Path) -> None:
    with TemporaryDirectory(dir=folder.parent, prefix="fetch-") as scratch:
        module, fresh = Path(scratch, "ivy.xml"), Path(scratch, "jars")
        module.write_text(ivy_module(jars), "utf-8")
        _run_ivy(module, fresh, len(jars))
        wrong = []
        for jar in jars:
            file = fresh / jar.file
            if not file.exists():
                wrong.append(f"{jar.file}: not there")
            elif (found := sha256(file)) != jar.sha256:
                wrong.append(f"{jar.file}: SHA-256 is {found}, jars.lock says {jar.sha256}")
                shutil.rmtree(_ivy_cache() / jar.group / jar.artifact, ignore_errors=True)
            else:
                file.replace(folder / jar.file)
        if wrong:
            raise SetupFailed(
                "jars that are not what jars.lock names (removed):\n  " + "\n  ".join(wrong)
            )


def ivy_module(jars: Sequence[Jar]) -> str:
    """An ivy.xml that asks for exactly these jars and nothing that they depend on."""
    lines = [
        f'  <dependency org="{jar.group}" name="{jar.artifact}" rev="{jar.version}" '
        'force="true" transitive="false" conf="default->master"/>'
        for jar in jars
    ]
    head = '<ivy-module version="2.0"><info organisation="mallfeed" module="jars"/>'
    confs = '<configurations><conf name="default"/></configurations><dependencies>'
    return "\n".join([head, confs, *lines, "</dependencies></ivy-module>", ""])


def _ivy_cache() -> Path:
    return cache() / "ivy"


def _run_ivy(module: Path, target: Path, count: int) -> None:
    ivy = next((VENV / "lib").glob("python3*/site-packages/pyspark/jars/ivy-*.jar"), None)
    if ivy is None:
        raise SetupFailed("pyspark's Ivy is not in .venv; remove .venv and run make setup again")
    trust = [f"-Djavax.net.ssl.trustStore={_JAVA_TRUST}"] if _JAVA_TRUST.exists() else []
    command = [str(java.program(17)), *trust, "-jar", str(ivy), "-ivy", str(module)]
    command += ["-cache", str(_ivy_cache()), "-confs", "default", "-types", "jar", "bundle"]
    # Relative: Ivy would read `(1)` or `[a]` in the cache's name as a part of its pattern.
    command += ["-retrieve", f"{target.relative_to(module.parent)}/{_PATTERN}"]
    done, found, words = 0, 0, []
    with subprocess.Popen(
        command, cwd=module.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as ivy_run:
        for line in ivy_run.stdout or ():
            words.append(line.rstrip())
            if line.startswith("\tfound "):
                found += 1
                if found % 25 == 0:
                    print(f"[setup]   found {found}/{count}", flush=True)
            if fetched := re.search(r"\[SUCCESSFUL \] \S+!(\S+) \((\d+ms)\)", line):
                done += 1
                print(f"[setup]   {done}/{count} {fetched[1]} {fetched[2]}", flush=True)
    if ivy_run.returncode != 0:
        raise SetupFailed("Ivy could not fetch the jars:\n  " + "\n  ".join(_telling(words)))


def _telling(words: Sequence[str]) -> Iterator[str]:
    """The lines that say what went wrong, without Ivy's tables and dots."""
    for line in words:
        if re.search(r"WARN|ERROR|FAILED|UNRESOLVED|Exception", line):
            yield line.strip()
