"""A version of a platform (a shop builder, a marketplace): the catalog of its export, which malls' catalogs extend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError

from mallfeed.catalog.extends import (
    EXTENDS,
    Base,
    Extended,
    Reference,
    extended,
    has,
    placed,
    reference,
)
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import REFERENCE
from mallfeed.catalog.read import judged, tree_of
from mallfeed.catalog.shape import shape_faults
from mallfeed.catalog.tables import lookups_of
from mallfeed.errors import CatalogInvalid
from mallfeed.product.fields import MALL_ID, PRODUCT_FIELDS
from mallfeed.wording import listed, nearest, shown
from mallfeed.yaml_files.fault import Fault, lines_of
from mallfeed.yaml_files.part import YamlPart
from mallfeed.yaml_files.yaml_tree import read_tree

OF_A_MALL = ("mall", "effective_from", "name", "owner", "contact")
"""Keys of a catalog that no platform can say."""
_STAND_IN = {
    "mall": "platform", "effective_from": "2026-01-01T00:00:00+09:00", "owner": "-", "contact": "-",
}  # fmt: skip
_REQUIRED = tuple(field.name for field in PRODUCT_FIELDS if field.required)


class PlatformHead(YamlPart):
    """What a platform's version says beside its catalog's `timezone`, `currency`, `base_url`, `fields`, `attributes`, `rows` and `feeds`."""

    platform: str = Field(pattern=f"^{MALL_ID}$", description="Its name, as in its folder.")
    version: int = Field(ge=1, description="As in the file's name, v<N>.yaml.")
    extends: str | None = Field(
        default=None,
        pattern=f"^{REFERENCE}$",
        description="Another version, of this platform or another: only what differs is said.",
    )
    source: tuple[str, ...] = Field(
        min_length=1, description="Where its export is documented, or an example of it is public."
    )
    recognised_by: tuple[str, ...] = Field(
        min_length=1,
        description="Columns of its export that no other has together: a file with all of them is taken for "
        "one of the platform.",
    )
    left_to_malls: tuple[str, ...] = Field(
        default=(),
        description="Required fields that its export does not have: each mall maps them itself.",
    )


INHERITED = ("recognised_by", "left_to_malls")
"""Of the head, what a version that extends another one has of it."""


@dataclass(frozen=True)
class Platform:
    """A version of a platform.

    Attributes
    ----------
    reference : its name and version
    head : what is said of the platform
    data : its catalog as plain data, what it extends merged
    catalog : the same as a catalog, of a stand-in mall; without the fields that are left to malls
    """

    reference: Reference
    head: PlatformHead
    data: Mapping[str, Any]
    catalog: Catalog


class Platforms:
    """The platforms of a folder of catalogs; implements `mallfeed.catalog.extends.Bases`."""

    def __init__(self, texts: Mapping[Reference, tuple[str, str]]) -> None:
        """`texts` has each version's file name, as faults name it, and its text."""
        self._texts = texts
        self._read: dict[Reference, Platform | CatalogInvalid] = {}

    def known(self) -> Iterable[Reference]:
        """See the port."""
        return self._texts.keys()

    def base(self, wanted: Reference) -> Base:
        """See the port."""
        one = self.platform(wanted)
        return Base(wanted, one.data, one.head.left_to_malls)

    def platform(self, wanted: Reference) -> Platform:
        """One version. Raises KeyError for an unknown one, and CatalogInvalid with the faults of its file."""
        if wanted not in self._read:
            name, text = self._texts[wanted]
            try:
                self._read[wanted] = self._platform(wanted, text, name)
            except CatalogInvalid as invalid:
                self._read[wanted] = invalid
        found = self._read[wanted]
        if isinstance(found, CatalogInvalid):
            raise CatalogInvalid(found.faults)
        return found

    def _platform(self, wanted: Reference, text: str, name: str) -> Platform:
        tree = tree_of(text, name, "a platform: `platform:`, `version:`, `source:`, … `feeds:`")
        faults = [*self._circle(wanted)] or [*_misplaced(wanted, tree.data)]
        if faults:
            raise CatalogInvalid(lines_of(faults, tree, name))
        written = {key: value for key, value in tree.data.items() if key in _HEAD_KEYS}
        body = {key: value for key, value in tree.data.items() if key not in _HEAD_KEYS}
        if EXTENDS in written:
            body[EXTENDS] = written[EXTENDS]
        whole = extended(body, self)
        if whole.faults:
            raise CatalogInvalid(lines_of(whole.faults, tree, name))
        said = self._inherited(whole) | written
        head, faults = _head(said)
        data = {key: value for key, value in whole.data.items() if key != EXTENDS}
        catalog, found = _judged(data, wanted.version, said.get("left_to_malls"))
        faults += placed(found, tree, whole)
        if head is None or catalog is None or faults or tree.faults:
            raise CatalogInvalid(lines_of(faults, tree, name))
        return Platform(wanted, head, data, catalog)

    def _inherited(self, whole: Extended) -> dict[str, Any]:
        if whole.base is None:
            return {}
        said = self.platform(whole.base.reference).head.model_dump(include=set(INHERITED))
        return {key: list(value) for key, value in said.items() if value}

    def _circle(self, start: Reference) -> Iterator[Fault]:
        """Whether it extends itself in the end."""
        passed = [start]
        while passed[-1] in self._texts:
            data = read_tree(self._texts[passed[-1]][1]).data
            following = reference(data.get(EXTENDS)) if isinstance(data, dict) else None
            if following is None:
                return
            passed.append(following)
            if following in passed[:-1]:
                circle = " → ".join(map(str, passed))
                what = f"`extends` leads in a circle: {circle}"
                yield Fault((EXTENDS,), what, "a version that stands on its own in the end")
                return


_HEAD_KEYS = frozenset(PlatformHead.model_fields)


def _misplaced(wanted: Reference, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Keys that say whose it is, and are another's."""
    for key, here in (("platform", wanted.platform), ("version", wanted.version)):
        if key in data and data[key] != here:
            what = f"`{key}` is {shown(data[key])}"
            yield Fault((key,), what, f"`{here}`, as its path says")
    for key in OF_A_MALL:
        if key in data:
            what = f"`{key}` is no key of a platform"
            yield Fault((key,), what, "it in the catalogs of malls", at_key=True)


def _head(written: dict[str, Any]) -> tuple[PlatformHead | None, list[Fault]]:
    try:
        head = PlatformHead.model_validate(written)
    except ValidationError as error:
        return None, shape_faults(error.errors(), written)
    faults = []
    for place, field in enumerate(head.left_to_malls):
        if field not in _REQUIRED:
            what = f"`left_to_malls` names {shown(field)}"
            meant = nearest(field, _REQUIRED)
            expected = f"a required field: {listed(_REQUIRED)}"
            faults.append(Fault(("left_to_malls", place), what, expected, meant))
    return head, faults


def _judged(
    data: Mapping[str, Any], version: int, left_to_malls: Any
) -> tuple[Catalog | None, list[Fault]]:
    catalog, found = judged({**_STAND_IN, "version": version, **data})
    left = left_to_malls if isinstance(left_to_malls, list) else []
    found = [
        one
        for one in found
        if has(data, one.path) or one.path[-2:-1] != ("fields",) or one.path[-1] not in left
    ]
    for path, _ in lookups_of(catalog) if catalog is not None else ():
        what = "a platform looks nothing up: tables belong to malls"
        found.append(Fault(path, what, "the field read from a column, or `left_to_malls`"))
    return catalog, found
