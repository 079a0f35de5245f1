"""The folder of faulty catalogs: each `<name>.yaml` beside the exact faults, `<name>.txt`."""

from __future__ import annotations

from pathlib import Path

from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.field_types import field_types

FOLDER = Path(__file__).parent / "faulty"


def faults_of(path: Path) -> str:
    """What is told of the file, a line each; empty when it is taken.

    `{field types}` stands for the list of them, which grows.
    """
    try:
        read_catalog(path.read_text("utf-8"), path.name)
    except CatalogInvalid as invalid:
        told = "\n".join(invalid.faults) + "\n"
        return told.replace(", ".join(field_types()), "{field types}")
    return ""


if __name__ == "__main__":
    for one in sorted(FOLDER.glob("*.yaml")):
        one.with_suffix(".txt").write_text(faults_of(one), "utf-8")
