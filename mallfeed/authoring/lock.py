"""`catalogs.lock`: the hash of every version that was ever published, of the tables that it looks values up in, and of
every version of a platform with its sample, so that no change goes unnoticed.

One line per file, `<sha256>  <mall>/v<N>.yaml`, `<sha256>  <mall>/<table>.csv`, `<sha256>  _platforms/<platform>/v<N>.yaml`,
a format that `sha256sum --check` reads as well. Comments behind a version say by which rules it is read, `# <mall>/v<N>.yaml: rules 2`,
unless they are the first; and, where it extends a platform, the hash of what is published, all of it written out,
`# <mall>/v<N>.yaml: published as <sha256>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from mallfeed.catalog.place import FILE_NAME, PLATFORM_FILE, SAMPLE_FILE, TABLE_FILE
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.rules_of_versions import FIRST_RULES, NEWEST_RULES

LOCK_NAME = "catalogs.lock"
_LINE = re.compile(rf"([0-9a-f]{{64}})  ({FILE_NAME}|{TABLE_FILE}|{PLATFORM_FILE}|{SAMPLE_FILE})")
_BEHIND_VERSIONS = 10**9
_RULES = re.compile(rf"# ({FILE_NAME}): rules (\d{{1,4}})")
_PUBLISHED = re.compile(rf"# ({FILE_NAME}): published as ([0-9a-f]{{64}})")

_NONE: Mapping[str, str] = MappingProxyType({})


def read_lock(folder: Path) -> dict[str, str]:
    """`<mall>/v<N>.yaml`, `<mall>/<table>.csv` → hash; empty without a lock. Raises CatalogInvalid for broken lines."""
    path = folder / LOCK_NAME
    locked: dict[str, str] = {}
    faults = []
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if _RULES.fullmatch(line) or _PUBLISHED.fullmatch(line):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            faults.append(
                f"{path}:{number}:1: not a line of a lock; expected `<sha256>  mall/v1.yaml`"
            )
        elif locked.setdefault(found[2], found[1]) != found[1]:
            faults.append(f"{path}:{number}:1: {found[2]} is here twice, with different hashes")
    if faults:
        raise CatalogInvalid(faults)
    return locked


def read_rules(folder: Path) -> dict[str, int]:
    """`<mall>/v<N>.yaml` → by which rules it is read, of all locked versions."""
    rules = dict.fromkeys(read_lock(folder), FIRST_RULES)
    return rules | {name: int(number) for name, number in _comments(folder, _RULES)}


def read_published(folder: Path) -> dict[str, str]:
    """`<mall>/v<N>.yaml` → hash of what is published, of all locked versions that extend a platform."""
    return dict(_comments(folder, _PUBLISHED))


def _comments(folder: Path, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    path = folder / LOCK_NAME
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        if found := pattern.fullmatch(line):
            yield found[1], found[2]


def lock_faults(
    folder: Path, hashes: Mapping[str, str], published: Mapping[str, str] = _NONE
) -> list[str]:
    """Locked files that changed or are gone, one line each; then versions that would be published as something else.

    `hashes` are the current ones, of each file by its name; `published`, of each version that extends a platform,
    the hash of what is published.
    """
    faults = []
    for name, locked in read_lock(folder).items():
        if name not in hashes:
            faults.append(f"{folder / name}:1:1: locked but missing; put it back")
        elif hashes[name] != locked:
            faults.append(
                f"{folder / name}:1:1: changed since it was locked; a published version never "
                f"changes. Undo the change and write {_instead(name)} instead"
            )
    return faults or [
        f"{folder / name}:1:1: written out it is no longer what was locked, though it and its platform are; a published "
        "version never changes. Go on with the release of mallfeed that locked it, and report this as a fault of this one"
        for name, locked in read_published(folder).items()
        if published.get(name, locked) != locked
    ]


def _instead(name: str) -> str:
    if re.fullmatch(TABLE_FILE, name):
        return "a table of another name, for the next version to look up,"
    if re.fullmatch(SAMPLE_FILE, name):
        return "the next version with its own sample"
    return "the next version"


def write_lock(
    folder: Path, hashes: Mapping[str, str], published: Mapping[str, str] = _NONE
) -> list[str]:
    """Add what is not locked yet; returns the names. Raises CatalogInvalid, without writing anything, if something
    that is locked changed."""
    if faults := lock_faults(folder, hashes, published):
        raise CatalogInvalid(faults)
    new = sorted(set(hashes) - set(read_lock(folder)))
    if new:
        versions = [name for name in new if re.fullmatch(FILE_NAME, name)]
        rules = dict.fromkeys(versions, NEWEST_RULES) | read_rules(folder)
        lines = [_lines(name, hashes, published, rules) for name in sorted(hashes, key=_by_version)]
        (folder / LOCK_NAME).write_text("".join(lines), "utf-8")
    return new


def _lines(
    name: str, hashes: Mapping[str, str], published: Mapping[str, str], rules: Mapping[str, int]
) -> str:
    lines = f"{hashes[name]}  {name}\n"
    if rules.get(name, FIRST_RULES) != FIRST_RULES:
        lines += f"# {name}: rules {rules[name]}\n"
    if name in published:
        lines += f"# {name}: published as {published[name]}\n"
    return lines


def _by_version(name: str) -> tuple[str, int, str]:
    """By mall or platform: its versions, each before its sample, then the tables."""
    folder, _, file = name.rpartition("/")
    version = re.match(r"v([1-9][0-9]*)\.(yaml|sample)", file)
    number = int(version[1]) if version and not re.fullmatch(TABLE_FILE, name) else _BEHIND_VERSIONS
    return folder, number, "" if file.endswith(".yaml") else file
