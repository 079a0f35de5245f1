"""Which code of ours reads, normalises and loads feeds: a name that changes when it does.

Libraries do not count: an upgrade that reads feeds otherwise needs a new `mallfeed.__version__`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from mallfeed import __version__

_PACKAGE = Path(__file__).parent
DECIDING = (
    "catalog", "feed", "formats", "kinds", "load", "normalise", "product", "reading", "sinks", "table", "yaml_files",
)  # fmt: skip
"""Folders whose code, tables of words and JVM functions decide what becomes of a feed's bytes. What
starts runs, tells of them or searches does not: a mall's unchanged file is not loaded again for it."""
SUFFIXES = frozenset({".py", ".jar"})


@cache
def code_version() -> str:
    """The version and a hash of that code: the same in Lambdas and jobs of one release.

    A full feed of unchanged bytes is passed over only when the same code has loaded it.
    """
    digest = hashlib.sha256()
    for folder in DECIDING:
        for path in sorted((_PACKAGE / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                digest.update(f"\0{path.relative_to(_PACKAGE).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
