"""Which code of ours loads feeds: a name that changes when something in it does that decides.

A release's wheel holds a stamp of the files that decide what becomes of a feed's bytes
(`infra.package.code_stamp`); comments, and what only shows or tells, do not count. Libraries and plug-ins
do not count either: an upgrade that reads feeds otherwise needs a new `mallfeed.__version__`.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from mallfeed import __version__

_PACKAGE = Path(__file__).parent
STAMP = "code_version.json"
"""Beside this file, in a wheel."""


@cache
def code_version() -> str:
    """The version and the stamp's hash: the same in Lambdas and jobs of one release.

    A full feed of unchanged bytes is passed over only when the same code has loaded it.
    """
    try:
        stamp = json.loads((_PACKAGE / STAMP).read_text("utf-8"))
    except FileNotFoundError:
        return f"{__version__}+checkout.{_of_all_files()}"
    return f"{__version__}+{stamp['hash']}"


def _of_all_files() -> str:
    """A checkout, and a wheel that was built without us, has no stamp: whatever changes counts."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in (".py", ".jar"):
            digest.update(f"\0{path.relative_to(_PACKAGE).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
