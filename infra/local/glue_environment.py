"""The job's Python environment on this machine: the archive of `--python-virtual-env`, unpacked.

As in Glue it replaces every other package; Spark's own Python packages come from outside it.
"""

from __future__ import annotations

import importlib.util
import sys
import tarfile
import uuid
from pathlib import Path

_SPARK_PACKAGES = ("pyspark", "py4j")


def unpack(archive: Path, folder: Path) -> Path:
    """Create the environment in that folder, which must not exist yet; it appears there complete."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{uuid.uuid4().hex}"
    with tarfile.open(archive) as opened:
        opened.extractall(draft)  # noqa: S202 - our own archive; no `filter` before Python 3.11.4
    _use_this_python(draft)
    draft.rename(folder)
    return folder


def python(environment: Path) -> Path:
    """The environment's interpreter."""
    return environment / "bin" / "python3.11"


def spark_path(into: Path) -> Path:
    """A folder with only pyspark and py4j, for PYTHONPATH (Glue puts Spark's there as well)."""
    into.mkdir(parents=True, exist_ok=True)
    for package in _SPARK_PACKAGES:
        link, target = into / package, spark_home().parent / package
        if not link.is_symlink() or link.readlink() != target:
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return into


def spark_home() -> Path:
    """SPARK_HOME: the folder of the installed pyspark."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pyspark is not installed in this environment: make setup")
    return Path(found.origin).parent


def _use_this_python(folder: Path) -> None:
    """Point the environment at the Python that runs this, as Glue's is at Amazon Linux's."""
    base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    link = folder / "bin" / "python3.11"
    link.unlink(missing_ok=True)
    link.symlink_to(base)
    version = ".".join(map(str, sys.version_info[:3]))
    (folder / "pyvenv.cfg").write_text(
        f"home = {base.parent}\ninclude-system-site-packages = false\nversion = {version}\n"
    )
