"""The JVM functions of jvm/, compiled into the jar that mallfeed.normalise.jvm names.

By Eclipse's compiler, because the Java of the cache has none; against pyspark's own jars.
"""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import java
from places import CHECKOUT, VENV, cache
from steps import SetupFailed, digest, is_done, mark_done, say

SOURCE = CHECKOUT / "jvm"
JAR = CHECKOUT / "mallfeed" / "normalise" / "jvm" / "mallfeed-functions.jar"
_NEEDS = ("spark-catalyst", "spark-sql-api", "spark-unsafe", "spark-common-utils", "scala-library",
          "commons-text", "jackson-core", "jackson-databind", "jackson-annotations")  # fmt: skip
_JAVA_RELEASE = "17"  # what Glue 5.1 and 6.0 run


def ensure() -> int:
    """Compile them if a source or the compiler has changed; whether it had to."""
    sources = sorted(SOURCE.rglob("*.java"))
    stamp = CHECKOUT / ".local" / "functions.json"
    key = (
        f"{digest([*sources, CHECKOUT / 'jars.lock', Path(__file__)])} {[s.name for s in sources]}"
    )
    if JAR.exists() and is_done(stamp, key):
        return 0
    say("compiling the JVM functions (jvm/)")
    with TemporaryDirectory() as scratch:
        _compile(sources, Path(scratch))
        _pack(Path(scratch), JAR)
    mark_done(stamp, key)
    return 1


def _compile(sources: list[Path], into: Path) -> None:
    compiler = next((cache() / "jars" / "build").glob("org.eclipse.jdt__ecj-*.jar"))
    command = [java.program(17), "-jar", compiler, "--release", _JAVA_RELEASE, "-proc:none"]
    command += ["-encoding", "UTF-8", "-failOnWarning", "-cp", ":".join(_class_path()), "-d", into]
    command += [source.relative_to(CHECKOUT) for source in sources]
    done = subprocess.run(
        [str(part) for part in command], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupFailed(f"jvm/ does not compile:\n{done.stdout}{done.stderr}")


def _class_path() -> list[str]:
    """Relative to the checkout: the compiler reads `[1]` in a name as rules of its own."""
    folder = next((VENV / "lib").glob("python3*/site-packages/pyspark/jars"), None)
    if folder is None:
        raise SetupFailed("pyspark is not in .venv; remove .venv and run make setup again")
    found = [path for name in _NEEDS for path in folder.glob(f"{name}*.jar")]
    return [str(path.relative_to(CHECKOUT)) for path in found]


def _pack(classes: Path, jar: Path) -> None:
    """The same bytes for the same classes: a release is named after the hash of its content."""
    jar.parent.mkdir(parents=True, exist_ok=True)
    draft = jar.with_suffix(".new")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(classes.rglob("*.class")):
            entry = zipfile.ZipInfo(path.relative_to(classes).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    draft.replace(jar)
