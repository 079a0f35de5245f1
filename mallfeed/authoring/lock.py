"""`catalogs.lock`: the hash of every version that was ever published, and of the tables that it looks values up in, so
that no change goes unnoticed.

One line per version, `<sha256>  <mall>/v<N>.yaml`, and per table, `<sha256>  <mall>/<table>.csv`, a format that `sha256sum --check` reads as well; a comment
behind it says by which rules the version is read, `# <mall>/v<N>.yaml: rules 2`, unless they are the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from mallfeed.catalog.place import FILE_NAME, TABLE_FILE
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.rules_of_versions import FIRST_RULES, NEWEST_RULES

LOCK_NAME = "catalogs.lock"
_LINE = re.compile(rf"([0-9a-f]{{64}})  ({FILE_NAME}|{TABLE_FILE})")
_BEHIND_VERSIONS = 10**9
_RULES = re.compile(rf"# ({FILE_NAME}): rules (\d{{1,4}})")


def read_lock(folder: Path) -> dict[str, str]:
    """`<mall>/v<N>.yaml`, `<mall>/<table>.csv` → hash; empty without a lock. Raises CatalogInvalid for broken lines."""
    path = folder / LOCK_NAME
    locked: dict[str, str] = {}
    faults = []
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if _RULES.fullmatch(line):
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
    if rules:
        for line in (folder / LOCK_NAME).read_text("utf-8").splitlines():
            if found := _RULES.fullmatch(line):
                rules[found[1]] = int(found[2])
    return rules


def lock_faults(folder: Path, hashes: Mapping[str, str]) -> list[str]:
    """Locked versions that changed or are gone, one line each; `hashes` are the current ones."""
    faults = []
    for name, locked in read_lock(folder).items():
        if name not in hashes:
            faults.append(f"{folder / name}:1:1: locked but missing; put it back")
        elif hashes[name] != locked:
            faults.append(
                f"{folder / name}:1:1: changed since it was locked; a published version never "
                f"changes. Undo the change and write {_instead(name)} instead"
            )
    return faults


def _instead(name: str) -> str:
    if re.fullmatch(FILE_NAME, name):
        return "the next version"
    return "a table of another name, for the next version to look up,"


def write_lock(folder: Path, hashes: Mapping[str, str]) -> list[str]:
    """Add the versions and tables that are not locked yet; returns their names. Raises CatalogInvalid, without
    writing anything, if a locked version changed."""
    if faults := lock_faults(folder, hashes):
        raise CatalogInvalid(faults)
    locked = read_lock(folder)
    new = sorted(set(hashes) - set(locked))
    if new:
        versions = [name for name in new if re.fullmatch(FILE_NAME, name)]
        rules = dict.fromkeys(versions, NEWEST_RULES) | read_rules(folder)
        lines = [
            _line(hashes[name], name, rules.get(name, FIRST_RULES))
            for name in sorted(hashes, key=_by_version)
        ]
        (folder / LOCK_NAME).write_text("".join(lines), "utf-8")
    return new


def _line(hash_: str, name: str, rules: int) -> str:
    told = f"# {name}: rules {rules}\n" if rules != FIRST_RULES else ""
    return f"{hash_}  {name}\n{told}"


def _by_version(name: str) -> tuple[str, int, str]:
    """By mall: its versions, then its tables."""
    mall, of_mall = name.split("/")
    if not re.fullmatch(FILE_NAME, name):
        return mall, _BEHIND_VERSIONS, of_mall
    return mall, int(of_mall.removeprefix("v").removesuffix(".yaml")), of_mall
