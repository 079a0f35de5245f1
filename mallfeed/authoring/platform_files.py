"""The platforms of a folder of catalogs: `_platforms/<platform>/v<N>.yaml`."""

from __future__ import annotations

from pathlib import Path

from mallfeed.catalog.extends import reference
from mallfeed.catalog.place import PLATFORMS
from mallfeed.catalog.platform import Platforms
from mallfeed.errors import CatalogInvalid


def utf8_of(path: Path) -> str:
    """The file's text, bytes kept. Raises CatalogInvalid."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CatalogInvalid([f"{path}:1:1: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogInvalid([f"{path}:{line}:1: not UTF-8; save it as UTF-8"]) from error


def platforms_of(folder: Path) -> Platforms:
    """The folder's platforms. Raises CatalogInvalid for a file that is no text."""
    texts = {}
    for path in sorted((folder / PLATFORMS).glob("*/v*.yaml")):
        named = f"{path.parent.name}@{path.stem.removeprefix('v')}"
        if (one := reference(named)) is not None:
            texts[one] = (str(path), utf8_of(path))
    return Platforms(texts)
