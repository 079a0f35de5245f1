"""What a catalog looks up, and whether its tables have it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from mallfeed.catalog.lookup_table import LookupTable
from mallfeed.catalog.model import Catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.lookup import LookupType
from mallfeed.wording import dotted, listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

TableOf = Callable[[str], LookupTable]
"""Name of a table of the mall → the table. Raises FileNotFoundError, or CatalogInvalid with its faults."""


def lookups_of(catalog: Catalog) -> Iterator[tuple[Path, LookupType]]:
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


def tables_named(catalog: Catalog) -> tuple[str, ...]:
    """Names of the tables that the catalog looks values up in."""
    return tuple(dict.fromkeys(one.table_name for _, one in lookups_of(catalog)))


def table_faults(
    catalog: Catalog, table_of: TableOf
) -> tuple[dict[str, LookupTable], list[Fault], list[str]]:
    """The catalog's tables, what is wrong where it names them, and what is wrong in them, as whole lines."""
    tables: dict[str, LookupTable] = {}
    faults: list[Fault] = []
    lines: list[str] = []
    for name in tables_named(catalog):
        try:
            tables[name] = table_of(name)
        except FileNotFoundError as missing:
            faults += _missing(catalog, name, missing)
        except CatalogInvalid as invalid:
            lines += invalid.faults
    for path, one in lookups_of(catalog):
        if one.table_name in tables:
            faults += _of_lookup(one, tables[one.table_name], path)
    return tables, faults, lines


def _missing(catalog: Catalog, name: str, missing: FileNotFoundError) -> Iterable[Fault]:
    for path, one in lookups_of(catalog):
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
    if one.key in table.columns and (repeated := table.repeated(one.key)):
        here = (*path, "key")
        what = (
            f"`{dotted(here)}`: the column {shown(one.key)} of {one.table_name}.csv has {repeated}"
        )
        yield Fault(here, what, "each key once")
