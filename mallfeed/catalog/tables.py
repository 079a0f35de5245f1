"""What a catalog looks up, and whether its tables have it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from mallfeed.catalog.lookup_table import LookupTable, TableInvalid
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.raw_catalog import SECTIONS, mapping_at
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.lookup import LOOKUP, TABLE_NAME, LookupType
from mallfeed.wording import dotted, listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

Lookup = tuple[Path, LookupType]
"""Where in a catalog a value is looked up, and how."""
TableOf = Callable[[str], LookupTable]
"""Name of a table of the mall → the table. Raises FileNotFoundError, or CatalogInvalid with its faults."""


def lookups_of(catalog: Catalog) -> Iterator[Lookup]:
    """What the catalog looks up, each with its place."""
    parts: list[tuple[Path, Mapping[str, object]]] = [
        (("fields",), catalog.fields), (("attributes",), catalog.attributes)
    ]  # fmt: skip
    for name, feed in catalog.feeds.items():
        parts += [(("feeds", name, "fields"), feed.fields)]
        parts += [(("feeds", name, "attributes"), feed.attributes)]
    for path, types in parts:
        for target, type_ in types.items():
            if isinstance(type_, LookupType):
                yield (*path, target), type_


def lookups_written(data: dict[str, Any]) -> Iterator[Lookup]:
    """The same of a catalog as written, in which something else is wrong; what cannot be read of a lookup is left out."""
    places: list[tuple[Path, Any]] = [((), data)]
    places += [(("feeds", name), feed) for name, feed in mapping_at(data, "feeds").items()]
    for path, part in places:
        for section in SECTIONS if isinstance(part, dict) else ():
            for target, written in mapping_at(part, section).items():
                if isinstance(written, dict) and written.get("type") == LOOKUP.name:
                    with suppress(ValidationError):
                        yield (*path, section, target), LookupType.model_validate(written)


def table_faults(
    catalog: Catalog, table_of: TableOf
) -> tuple[dict[str, LookupTable], list[Fault], list[str]]:
    """As `faults_of_tables`, of all that the catalog looks up."""
    return faults_of_tables(list(lookups_of(catalog)), table_of)


def faults_of_tables(
    lookups: Sequence[Lookup], table_of: TableOf
) -> tuple[dict[str, LookupTable], list[Fault], list[str]]:
    """The tables of what a catalog looks up, what is wrong where it names them, and what is wrong in them, as whole lines."""
    tables: dict[str, LookupTable] = {}
    faults: list[Fault] = []
    lines: list[str] = []
    read: dict[str, LookupTable] = {}
    # Of a catalog with other faults, a name may be one that leads elsewhere.
    lookups = [one for one in lookups if re.fullmatch(TABLE_NAME, one[1].table_name)]
    for name in dict.fromkeys(one.table_name for _, one in lookups):
        try:
            tables[name] = read[name] = table_of(name)
        except FileNotFoundError as missing:
            faults += _missing(lookups, name, missing)
        except CatalogInvalid as invalid:
            lines += invalid.faults
            if isinstance(invalid, TableInvalid) and invalid.table is not None:
                read[name] = invalid.table
    for path, one in lookups:
        if one.table_name in read:
            faults += _of_lookup(one, read[one.table_name], path)
    return tables, faults, lines


def _missing(lookups: Sequence[Lookup], name: str, missing: FileNotFoundError) -> Iterable[Fault]:
    for path, one in lookups:
        if one.table_name == name:
            what = f"`{dotted((*path, 'table'))}` is `{one.table}`, and {missing} does not exist"
            yield Fault((*path, "table"), what, f"the file {name}.csv beside the catalog")


def _of_lookup(one: LookupType, table: LookupTable, path: Path) -> Iterable[Fault]:
    for option, column in (("key", one.key), ("value", one.value)):
        if column not in table.columns:
            here = (*path, option)
            meant = nearest(column, table.columns)
            what = f"`{dotted(here)}` is {shown(column)}, which {one.table_name}.csv does not have"
            yield Fault(here, what, "" if meant else listed(table.columns), meant)
    for repeated in table.repeated(one.key) if one.key in table.columns else ():
        here = (*path, "key")
        what = (
            f"`{dotted(here)}`: the column {shown(one.key)} of {one.table_name}.csv has {repeated}"
        )
        yield Fault(here, what, "each key once")
