"""A folder of catalogs: `<mall_id>/v<N>.yaml`, the tables beside them, the lock and the schema; nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mallfeed.authoring.lock import LOCK_NAME, lock_faults, read_rules
from mallfeed.catalog.lookup_table import LookupTable, read_table
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import FILE_NAME, TABLE_FILE, file_name, table_file
from mallfeed.catalog.read import catalog_hash, read_catalog
from mallfeed.catalog.tables import TableOf
from mallfeed.errors import CatalogInvalid

SCHEMA_NAME = "catalog.schema.json"


@dataclass(frozen=True)
class CatalogFile:
    """One version in a folder: its path, its content, its exact text, and the bytes of its tables by name."""

    path: Path
    catalog: Catalog
    text: str
    tables: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`<mall>/v<N>.yaml`."""
        return file_name(self.catalog.mall, self.catalog.version)

    @property
    def hash(self) -> str:
        """sha256 of the text."""
        return catalog_hash(self.text)

    @property
    def hashes(self) -> dict[str, str]:
        """What is locked of it: its name and those of its tables → hash."""
        tables = self.catalog.tables
        named = {table_file(self.catalog.mall, name): table.hash for name, table in tables.items()}
        return {self.name: self.hash, **named}


def read_folder(folder: Path) -> list[CatalogFile]:
    """All versions below the folder, by mall and version.

    Raises CatalogInvalid with all faults of all files: errors in them, files that are not
    catalogs, locked versions that changed.
    """
    faults: list[str] = []
    found: list[CatalogFile] = []
    hashes: dict[str, str] = {}
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if re.fullmatch(TABLE_FILE, name):
            hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            continue
        if not re.fullmatch(FILE_NAME, name):
            faults.append(
                f"{path}:1:1: not a path of a catalog; expected {folder}/<mall>/v<N>.yaml"
            )
            continue
        try:
            one = read_file(path)
            hashes[name] = one.hash
            if one.name != name:
                faults.append(f"{path}:1:1: it says mall {one.catalog.mall}, version "
                              f"{one.catalog.version}; expected at {folder / one.name}")  # fmt: skip
            found.append(one)
        except CatalogInvalid as invalid:
            faults += invalid.faults
            hashes[name] = catalog_hash(path.read_bytes().decode("utf-8", "replace"))
    faults += lock_faults(folder, hashes)
    if not faults:
        faults += _unnamed_tables(folder, found, hashes)
    if not faults and not found:
        faults.append(f"{folder}:1:1: there is no catalog; expected {folder}/<mall>/v<N>.yaml")
    if faults:
        raise CatalogInvalid(
            list(dict.fromkeys(faults))
        )  # a table is read with each version that names it
    return sorted(found, key=lambda one: (one.catalog.mall, one.catalog.version))


def _unnamed_tables(folder: Path, found: list[CatalogFile], names: Iterable[str]) -> Iterator[str]:
    """Tables that no version looks anything up in: more likely a slip than a plan."""
    looked_up = {name for one in found for name in one.hashes}
    for name in names:
        if name not in looked_up:
            yield f"{folder / name}:1:1: no catalog version looks a value up in it; expected `table: {Path(name).stem}`"


def _tables_beside(path: Path, contents: dict[str, bytes]) -> TableOf:
    """Reads tables beside a catalog; `contents` gets their bytes."""

    def table(name: str) -> LookupTable:
        file = path.parent / f"{name}.csv"
        try:
            contents[name] = file.read_bytes()
        except FileNotFoundError as missing:
            raise FileNotFoundError(str(file)) from missing
        except OSError as error:
            raise CatalogInvalid([f"{file}:1:1: cannot be read: {error.strerror}"]) from error
        return read_table(contents[name], str(file))

    return table


def read_file(path: Path) -> CatalogFile:
    """One file, with its exact bytes and its tables; a locked version is read by the rules that the lock says, a draft
    by the newest. Raises CatalogInvalid."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CatalogInvalid([f"{path}:1:1: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogInvalid([f"{path}:{line}:1: not UTF-8; save it as UTF-8"]) from error
    tables: dict[str, bytes] = {}
    catalog = read_catalog(text, str(path), _tables_beside(path, tables))
    name = file_name(catalog.mall, catalog.version)
    folder = path.parent.parent
    if path == folder / name:
        catalog = catalog.read_by(read_rules(folder).get(name, catalog.rules))
    return CatalogFile(path, catalog, text, tables)


def _files(folder: Path) -> list[Path]:
    """All files except hidden ones, the lock and the schema."""
    own = {folder / LOCK_NAME, folder / SCHEMA_NAME}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path not in own and not path.name.startswith(".")
    )
