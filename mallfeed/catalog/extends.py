"""`extends: cafe24@3`: a catalog that says only what differs from a platform's version.

It is merged where catalogs are written and published, and unknown afterwards: a published version is written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from mallfeed.catalog.merge import merge_faults, merged
from mallfeed.catalog.place import REFERENCE
from mallfeed.wording import listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path, Tree

EXTENDS = "extends"
_HERE: Path = (EXTENDS,)


class Reference(NamedTuple):
    """A version of a platform; as text `cafe24@3`."""

    platform: str
    version: int

    def __str__(self) -> str:
        return f"{self.platform}@{self.version}"


def reference(text: object) -> Reference | None:
    """The reference that this text is; None if it is none."""
    found = re.fullmatch(REFERENCE, text) if isinstance(text, str) else None
    return Reference(found[1], int(found[2])) if found else None


@dataclass(frozen=True)
class Base:
    """A platform's version, with what it extends itself merged.

    Attributes
    ----------
    reference : its name and version
    data : its catalog as plain data, without what is said of the platform only
    left_to_malls : required fields that each mall maps itself
    """

    reference: Reference
    data: Mapping[str, Any]
    left_to_malls: tuple[str, ...]


class Bases(Protocol):
    """Where platforms are read from."""

    def base(self, wanted: Reference) -> Base:
        """The version. Raises KeyError for an unknown one, and CatalogInvalid with the faults of its file."""

    def known(self) -> Iterable[Reference]:
        """All versions of all platforms."""


@dataclass(frozen=True)
class Extended:
    """A catalog as written, on its base.

    Attributes
    ----------
    data : the whole catalog as plain data
    base : what it extends; None = it stands on its own
    faults : what is wrong between the two
    """

    data: dict[str, Any]
    base: Base | None = None
    faults: tuple[Fault, ...] = ()


def extended(data: dict[str, Any], bases: Bases | None) -> Extended:
    """The catalog on its base. Raises CatalogInvalid where the base itself is faulty."""
    if EXTENDS not in data:
        return Extended(data)
    if bases is None:
        what = "`extends` stands in a catalog that is read without its platforms"
        fault = Fault(_HERE, what, "a published catalog, which is written out", at_key=True)
        return Extended(data, faults=(fault,))
    wanted = reference(data[EXTENDS])
    if wanted is None:
        what = f"`extends` is {shown(data[EXTENDS])}"
        return Extended(data, faults=(Fault(_HERE, what, "a platform's version as cafe24@3"),))
    try:
        base = bases.base(wanted)
    except KeyError:
        return Extended(data, faults=(unknown_base(wanted, bases.known()),))
    own = {key: value for key, value in data.items() if key != EXTENDS}
    faults = tuple(merge_faults(base.data, own, str(wanted)))
    return Extended({**merged(base.data, own), EXTENDS: str(wanted)}, base, faults)


def unknown_base(wanted: Reference, known: Iterable[Reference]) -> Fault:
    """`extends` names a version that is not there."""
    versions = sorted(known)
    same = [str(one) for one in versions if one.platform == wanted.platform]
    names = same or [str(one) for one in versions]
    meant = _meant(wanted, versions)
    expected = listed(names) if names else "one below catalogs/_platforms, where there is none"
    what = f"`extends` is `{wanted}`, which does not exist"
    return Fault(_HERE, what, "" if meant and not same else expected, None if same else meant)


def _meant(wanted: Reference, versions: Sequence[Reference]) -> str | None:
    """The version of the platform with the nearest name: of that number, else its newest."""
    platform = nearest(wanted.platform, {one.platform for one in versions})
    numbers = [one.version for one in versions if one.platform == platform]
    if platform is None or not numbers:
        return None
    number = wanted.version if wanted.version in numbers else max(numbers)
    return str(Reference(platform, number))


def placed(faults: Iterable[Fault], tree: Tree, one: Extended) -> list[Fault]:
    """The faults of a merged catalog where its own file can mend them: at what it says itself, else at `extends`."""
    if one.base is None:
        return list(faults)
    return [_placed(fault, tree, one.data, one.base) for fault in faults]


def _placed(fault: Fault, tree: Tree, data: Any, base: Base) -> Fault:
    if _is_own(fault.path, tree, base.data):
        return fault
    field = fault.path[-1]
    if field in base.left_to_malls and not has(data, fault.path):
        what = f"{base.reference} leaves `{field}` to its malls"
        return Fault(_HERE, what, f"`{field}:` under `fields`")
    return Fault(_HERE, f"with {base.reference}: {fault.what}", fault.expected, fault.meant)


def _is_own(path: Path, tree: Tree, base: Any) -> bool:
    """Whether the own file says what stands at the path, or the whole of which that is a part."""
    for end in range(len(path), 0, -1):
        here = path[:end]
        if here in tree.values:
            return end == len(path) or not has(base, here)
    return False


def has(data: Any, path: Path) -> bool:
    """Whether plain data has something at the path."""
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True
