"""YAML text to a catalog, with every fault as `file:line:column: what is wrong; expected …`."""

from __future__ import annotations

import hashlib

from pydantic import ValidationError

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.rules import rule_faults
from mallfeed.catalog.shape import shape_faults
from mallfeed.catalog.tables import TableOf, table_faults
from mallfeed.errors import CatalogInvalid
from mallfeed.wording import shown
from mallfeed.yaml_files.fault import Fault, lines_of
from mallfeed.yaml_files.yaml_tree import read_tree

MAX_BYTES = 256 * 1024
"""A catalog is a page or two; anything larger is a mistake or an attack."""


def read_catalog(text: str, name: str, table_of: TableOf | None = None) -> Catalog:
    """The catalog in this text; raises CatalogInvalid with a line for each fault.

    `name` is put before each fault: the file's path or the object's URI. `table_of` reads the tables that it looks
    values up in, which are then checked, and belong to the catalog; None = they are left aside.
    """
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
            faults = [Fault((), what, "a catalog: `mall:`, `version:`, … `feeds:`")]
        raise CatalogInvalid(lines_of(faults, tree, name))
    found, catalog = rule_faults(tree.data), None
    try:
        catalog = Catalog.model_validate(tree.data)
    except ValidationError as error:
        ruled = {fault.path for fault in found}
        found += [one for one in shape_faults(error.errors(), tree.data) if one.path not in ruled]
    if catalog is None or found or tree.faults:
        raise CatalogInvalid(lines_of(found, tree, name))
    if table_of is None:
        return catalog
    tables, found, of_tables = table_faults(catalog, table_of)
    if found or of_tables:
        raise CatalogInvalid([*(lines_of(found, tree, name) if found else ()), *of_tables])
    return catalog.with_tables(tables)


def catalog_hash(text: str) -> str:
    """sha256 of the text as published."""
    return hashlib.sha256(text.encode()).hexdigest()
