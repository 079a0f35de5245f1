"""The folder of faulty catalogs: each `<name>.yaml` beside the exact faults, `<name>.txt`."""

from __future__ import annotations

from pathlib import Path

from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid

FOLDER = Path(__file__).parent / "faulty"


def faults_of(path: Path) -> str:
    """What is told of the file, a line each; empty when it is taken."""
    try:
        read_catalog(path.read_text("utf-8"), path.name)
    except CatalogInvalid as invalid:
        return "\n".join(invalid.faults) + "\n"
    return ""


if __name__ == "__main__":
    for one in sorted(FOLDER.glob("*.yaml")):
        one.with_suffix(".txt").write_text(faults_of(one), "utf-8")
