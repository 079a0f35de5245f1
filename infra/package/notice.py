"""NOTICE: what a release holds that others have written, and the notices that come along with it.

`python -m infra.package.notice > NOTICE`, after a lock file has changed. The packages' licences
themselves lie in the archives, in each package's `.dist-info`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from infra.package.dependencies import GLUE, LAMBDA, Target, runs_here, unpacked

HEAD = """mallfeed
Copyright the authors of mallfeed

Licensed under the Apache License, Version 2.0 (see LICENSE).

A release holds packages of others. Each one's licence lies beside it, in its .dist-info folder: in the
functions' zips, and in lib/python3.11/site-packages of the Glue environment. "functions" and "Glue" say
which of the two hold it. Those under the Mozilla Public License are unchanged; their source is the
package of that name and version on PyPI.

"""
_WORDS = {
    "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "Apache-2": "Apache-2.0",
    "Apache Software License": "Apache-2.0", "MIT License": "MIT", "BSD License": "BSD",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Apache License": "Apache-2.0",
}  # fmt: skip


@dataclass(frozen=True)
class Package:
    """A package as its wheel describes it; `notice` is the text of its NOTICE file, if it has one."""

    name: str
    version: str
    licence: str
    notice: str


def packages(site: Path) -> Iterator[Package]:
    """Those that are unpacked in a folder."""
    for folder in sorted(site.glob("*.dist-info")):
        metadata = HeaderParser().parsestr((folder / "METADATA").read_text("utf-8"))
        notices = sorted(path for path in folder.rglob("NOTICE*") if path.is_file())
        texts = dict.fromkeys(path.read_text("utf-8").strip() for path in notices)
        yield Package(metadata["Name"], metadata["Version"], _licence(metadata), "\n\n".join(texts))


def _licence(metadata: Message) -> str:
    """By its SPDX expression, else by its name, else by what it is classified as."""
    for field in ("License-Expression", "License"):
        given = next(iter(str(metadata.get(field) or "").strip().splitlines()), "")
        if 0 < len(given) < 60 and given != "Dual License":
            return _WORDS.get(given, given)
    classified = [
        str(one).rsplit(" :: ", 1)[-1]
        for one in metadata.get_all("Classifier") or []
        if str(one).startswith("License ::")
    ]
    named = [_WORDS.get(one, one) for one in classified if one != "OSI Approved"]
    return " OR ".join(dict.fromkeys(named)) or "see its .dist-info"


def text(sites: dict[str, Path]) -> str:
    """The whole file; `sites` are the folders of unpacked packages by what holds them."""
    holders: dict[Package, list[str]] = {}
    for holder, site in sites.items():
        for package in packages(site):
            holders.setdefault(package, []).append(holder)
    known = sorted(holders, key=lambda one: (one.name.lower(), one.version))
    lines = [
        f"  {one.name} {one.version}: {one.licence} ({', '.join(holders[one])})" for one in known
    ]
    parts = [HEAD + "\n".join(lines)]
    for one in known:
        if one.notice:
            parts.append(f"{'-' * 78}\nNOTICE of {one.name} {one.version}\n\n{one.notice}")
    return "\n\n".join(parts) + "\n"


def current() -> str:
    """NOTICE as the lock files have it now."""
    targets: dict[str, Target] = {"functions": LAMBDA, "Glue": GLUE}
    return text({holder: unpacked(runs_here(target)) for holder, target in targets.items()})


if __name__ == "__main__":
    sys.stdout.write(current())
