"""YAML text to a catalog, with every fault as `file:line:column: what is wrong; expected …`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from mallfeed.catalog.extends import EXTENDS, Bases, extended, placed
from mallfeed.catalog.lookup_table import LookupTable
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import file_name
from mallfeed.catalog.rules import rule_faults
from mallfeed.catalog.shape import shape_faults
from mallfeed.catalog.tables import TableOf, faults_of_tables, lookups_of, lookups_written
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.rules_of_versions import NEWEST_RULES
from mallfeed.wording import shown
from mallfeed.yaml_files.fault import Fault, lines_of
from mallfeed.yaml_files.write import block
from mallfeed.yaml_files.yaml_tree import Tree, read_tree

MAX_BYTES = 256 * 1024
"""A catalog is a page or two; anything larger is a mistake or an attack."""


@dataclass(frozen=True)
class Written:
    """A catalog as written in a folder.

    Attributes
    ----------
    catalog : what it says, with what it extends
    published : the text that is published: its own, or, of one that extends a platform, all of it written out
    """

    catalog: Catalog
    published: str


def read_catalog(
    text: str, name: str, table_of: TableOf | None = None, rules: int = NEWEST_RULES
) -> Catalog:
    """The catalog in this text, which stands on its own; raises CatalogInvalid with a line for each fault.

    `name` is put before each fault: the file's path or the object's URI. `table_of` reads the tables that it looks
    values up in, which are then checked, and belong to the catalog; None = they are left aside. `rules` are those of
    the time when it was published (`mallfeed.kinds.rules_of_versions`).
    """
    return read_written(text, name, table_of, rules=rules).catalog


def read_written(
    text: str,
    name: str,
    table_of: TableOf | None = None,
    bases: Bases | None = None,
    rules: int = NEWEST_RULES,
) -> Written:
    """As `read_catalog`, of a catalog that may extend one of `bases`."""
    tree = tree_of(text, name, "a catalog: `mall:`, `version:`, … `feeds:`")
    whole = extended(tree.data, bases)
    if whole.faults:
        raise CatalogInvalid(lines_of(whole.faults, tree, name))
    catalog, found = judged(whole.data, rules)
    published = text
    if whole.base is not None:
        published = written_out(whole.data, text, str(whole.base.reference))
        if len(published.encode()) > MAX_BYTES:
            what = f"written out with {whole.base.reference} it is larger than {MAX_BYTES:,} bytes"
            found = [*found, Fault((EXTENDS,), what, "a page or two")]
    tables: dict[str, LookupTable] = {}
    of_tables: list[str] = []
    if table_of is not None:
        lookups = lookups_of(catalog) if catalog is not None else lookups_written(whole.data)
        tables, more, of_tables = faults_of_tables(list(lookups), table_of)
        found = [*found, *more]
    if catalog is None or found or tree.faults or of_tables:
        at_fault = found or tree.faults
        of_catalog = lines_of(placed(found, tree, whole), tree, name) if at_fault else ()
        raise CatalogInvalid([*of_catalog, *of_tables])
    catalog = catalog.read_by(rules)
    return Written(catalog.with_tables(tables) if table_of is not None else catalog, published)


def tree_of(text: str, name: str, expected: str) -> Tree:
    """The text as a tree whose data is a mapping; raises CatalogInvalid where it cannot be one."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise CatalogInvalid(
            [f"{name}:1:1: larger than {MAX_BYTES:,} bytes; expected a page or two"]
        )
    tree = read_tree(text)
    if tree.referring:
        raise CatalogInvalid(lines_of([], tree, name))
    if not isinstance(tree.data, dict):
        faults = []
        if not tree.faults:
            what = "the file is empty" if tree.data is None else f"the file is {shown(tree.data)}"
            faults = [Fault((), what, expected)]
        raise CatalogInvalid(lines_of(faults, tree, name))
    return tree


def judged(data: dict[str, Any], rules: int = NEWEST_RULES) -> tuple[Catalog | None, list[Fault]]:
    """The catalog that plain data is, and what is wrong with it."""
    found = rule_faults(data, rules)
    try:
        return Catalog.model_validate(data), found
    except ValidationError as error:
        ruled = {fault.path for fault in found}
        found += [one for one in shape_faults(error.errors(), data) if one.path not in ruled]
        return None, found


def written_out(data: Mapping[str, Any], text: str, base: str) -> str:
    """The text under which a catalog that extends a platform is published."""
    keys = [key for key in Catalog.model_fields if key in data and key != EXTENDS]
    head = (
        f"# Written out from {file_name(data.get('mall', ''), data.get('version', 0))} "
        f"(sha256 {catalog_hash(text)}), which extends {base}.\n"
    )
    return head + block({key: data[key] for key in keys})


def catalog_hash(text: str) -> str:
    """sha256 of the text as published."""
    return hashlib.sha256(text.encode()).hexdigest()
