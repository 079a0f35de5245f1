"""The version of the code that loads feeds: it changes if code changes that decides about feeds.

The wheel of a release contains a stamp of the files that decide what becomes of a feed's bytes
(`infra.package.code_stamp`); comments do not count, nor does code that only displays or reports. Libraries
and plug-ins do not count either: an upgrade of one that reads feeds differently needs a new
`mallfeed.__version__`.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from mallfeed import __version__

_PACKAGE = Path(__file__).parent
STAMP = "code_version.json"
"""The stamp's file, beside this one in a wheel."""


@cache
def code_version() -> str:
    """The version and the stamp's hash, the same in the Lambdas and jobs of one release.

    A full feed of unchanged bytes is only skipped if the same code has loaded it.
    """
    try:
        stamp = json.loads((_PACKAGE / STAMP).read_text("utf-8"))
    except FileNotFoundError:
        return f"{__version__}+checkout.{_of_all_files()}"
    return f"{__version__}+{stamp['hash']}"


def _of_all_files() -> str:
    """The hash of all files: a checkout has no stamp, nor does a wheel that was not built by `make package`."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in (".py", ".jar"):
            digest.update(f"\0{path.relative_to(_PACKAGE).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
