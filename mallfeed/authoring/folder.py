"""A folder of catalogs: `<mall_id>/v<N>.yaml`, the tables beside them, the platforms that they extend, the lock and the
schema; nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mallfeed.authoring.lock import LOCK_NAME, lock_faults, read_rules
from mallfeed.authoring.platform_files import bytes_of, platforms_of, utf8_of
from mallfeed.catalog.extends import Bases
from mallfeed.catalog.lookup_table import MOST_BYTES, LookupTable, read_table
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import (
    FILE_NAME,
    PLATFORM_FILE,
    PLATFORMS,
    SAMPLE_FILE,
    TABLE_FILE,
    file_name,
    table_file,
)
from mallfeed.catalog.read import catalog_hash, read_written
from mallfeed.catalog.tables import TableOf
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.lookup import TABLE_NAME
from mallfeed.kinds.rules_of_versions import NEWEST_RULES
from mallfeed.product.fields import MALL_ID

SCHEMA_NAME = "catalog.schema.json"


@dataclass(frozen=True)
class CatalogFile:
    """One version in a folder.

    Attributes
    ----------
    path : where it lies
    catalog : its content, with that of the platform that it extends
    text : its exact text
    published : the text that is published, which is another one if it extends a platform
    tables : the bytes of its tables, by name
    """

    path: Path
    catalog: Catalog
    text: str
    published: str
    tables: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`<mall>/v<N>.yaml`."""
        return file_name(self.catalog.mall, self.catalog.version)

    @property
    def hash(self) -> str:
        """sha256 of the text that is published."""
        return catalog_hash(self.published)

    @property
    def hashes(self) -> dict[str, str]:
        """What is locked of it: its name and those of its tables → hash of the file."""
        tables = self.catalog.tables
        named = {table_file(self.catalog.mall, name): table.hash for name, table in tables.items()}
        return {self.name: catalog_hash(self.text), **named}


def read_folder(folder: Path) -> list[CatalogFile]:
    """All versions below the folder, by mall and version.

    Raises CatalogInvalid with all faults of all files: errors in them, files that are not
    catalogs, locked versions that changed.
    """
    return _Folder(folder).read()


def lock_of(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What the lock has to say of the folder, as `write_lock` takes it: of its versions, their tables and the platforms.

    Raises CatalogInvalid as `read_folder` does.
    """
    read = _Folder(folder)
    found = read.read()
    return read.hashes, _published(found)


def _published(found: Iterable[CatalogFile]) -> dict[str, str]:
    return {one.name: one.hash for one in found if one.catalog.extends is not None}


class _Folder:
    """One reading of a folder, which gathers faults."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faults: list[str] = []
        self._found: list[CatalogFile] = []
        self._platforms = platforms_of(folder)
        self.hashes: dict[str, str] = {}

    def read(self) -> list[CatalogFile]:
        for path in _files(self._folder):
            self._take(path)
        for one in self._platforms.known():
            try:
                self._platforms.platform(one)
            except CatalogInvalid as invalid:
                self._faults += invalid.faults
        self._faults += lock_faults(self._folder, self.hashes, _published(self._found))
        if not self._faults:
            self._faults += _unnamed_tables(self._folder, self._found, self.hashes)
        if not self._faults and not self._found:
            expected = f"{self._folder}/<mall>/v<N>.yaml"
            self._faults.append(f"{self._folder}:1:1: there is no catalog; expected {expected}")
        if self._faults:  # a table is read with each version that names it, a platform too
            raise CatalogInvalid(list(dict.fromkeys(self._faults)))
        return sorted(self._found, key=lambda one: (one.catalog.mall, one.catalog.version))

    def _take(self, path: Path) -> None:
        name = path.relative_to(self._folder).as_posix()
        if re.fullmatch(rf"{TABLE_FILE}|{PLATFORM_FILE}|{SAMPLE_FILE}", name):
            self._hash(path, name)
        elif re.fullmatch(FILE_NAME, name):
            self._take_version(path, name)
        else:
            self._faults.append(f"{path}:1:1: {_no_place(self._folder, name)}")

    def _hash(self, path: Path, name: str) -> bool:
        """Whether the file could be read."""
        try:
            self.hashes[name] = hashlib.sha256(bytes_of(path, self._folder)).hexdigest()
        except CatalogInvalid as invalid:
            self._faults += invalid.faults
            return False
        return True

    def _take_version(self, path: Path, name: str) -> None:
        if not self._hash(path, name):
            return
        try:
            one = read_file(path, self._platforms)
        except CatalogInvalid as invalid:
            self._faults += invalid.faults
            return
        if one.name != name:
            self._faults.append(f"{path}:1:1: it says mall {one.catalog.mall}, version "
                                f"{one.catalog.version}; expected at {self._folder / one.name}")  # fmt: skip
        self._found.append(one)


def _no_place(folder: Path, name: str) -> str:
    if name.startswith(f"{PLATFORMS}/"):
        there = f"{folder}/{PLATFORMS}/<platform>/v<N>.yaml"
        return f"not a path of a platform; expected {there}, or v<N>.sample.csv beside it"
    return f"not a path of a catalog{_why_none(name)}; expected {folder}/<mall>/v<N>.yaml"


def _why_none(name: str) -> str:
    """Which part of it is not as it must be; empty where the whole is something else."""
    mall, _, file = name.partition("/")
    if not file or "/" in file:
        return (
            ": it is not in a mall's folder"
            if not file
            else ": a mall's folder holds no further ones"
        )
    if not re.fullmatch(MALL_ID, mall):
        return f": `{mall}` is no mall id, which is 2 to 31 characters of a-z, 0-9 and `_` with a letter first"
    if re.fullmatch(r"[vV]\d+\.ya?ml", file):
        return (
            f": `{file}` is no version, which is `v`, a number without zeros in front, and `.yaml`"
        )
    if file.endswith(".csv"):
        return f": `{file}` is no table that catalogs can name ({TABLE_NAME})"
    return ""


def _unnamed_tables(folder: Path, found: list[CatalogFile], names: Iterable[str]) -> Iterator[str]:
    """Tables that no version looks anything up in: more likely a slip than a plan."""
    looked_up = {name for one in found for name in one.hashes}
    for name in names:
        if name not in looked_up and re.fullmatch(TABLE_FILE, name):
            yield f"{folder / name}:1:1: no catalog version looks a value up in it; expected `table: {Path(name).stem}`"


def _tables_beside(path: Path, contents: dict[str, bytes]) -> TableOf:
    """Reads tables beside a catalog; `contents` gets their bytes."""

    def table(name: str) -> LookupTable:
        file = path.parent / f"{name}.csv"
        try:
            contents[name] = bytes_of(file, path.parent.parent, MOST_BYTES + 1)
        except FileNotFoundError as missing:
            raise FileNotFoundError(str(file)) from missing
        return read_table(contents[name], str(file))

    return table


def read_file(path: Path, bases: Bases | None = None) -> CatalogFile:
    """One file, with its exact bytes, its tables and the platform that it extends, of `bases` or else of its folder; a
    locked version is read by the rules that the lock says, a draft by the newest. Raises CatalogInvalid."""
    return read_text(path, utf8_of(path), bases)


def read_text(path: Path, text: str, bases: Bases | None = None) -> CatalogFile:
    """As `read_file`, of a text that is to lie there."""
    tables: dict[str, bytes] = {}
    folder = path.parent.parent
    bases = bases if bases is not None else platforms_of(folder)
    rules = read_rules(folder).get(f"{path.parent.name}/{path.name}", NEWEST_RULES)
    written = read_written(text, str(path), _tables_beside(path, tables), bases, rules)
    return CatalogFile(path, written.catalog, text, written.published, tables)


def _files(folder: Path) -> list[Path]:
    """All files except hidden ones, the lock and the schema."""
    own = {folder / LOCK_NAME, folder / SCHEMA_NAME}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path not in own and not path.name.startswith(".")
    )
