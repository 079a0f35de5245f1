"""The files of a folder of catalogs, and its platforms: `_platforms/<platform>/v<N>.yaml`."""

from __future__ import annotations

from pathlib import Path

from mallfeed.catalog.extends import reference
from mallfeed.catalog.place import PLATFORMS
from mallfeed.catalog.platform import Platforms
from mallfeed.errors import CatalogInvalid


def bytes_of(path: Path, folder: Path | None = None, most: int = -1) -> bytes:
    """The file's bytes, at most so many. Raises FileNotFoundError, and CatalogInvalid for what is no file that lies in the
    folder (None = it may lie anywhere): messages quote what is wrong in it, and a pipe would be waited for."""
    try:
        inside = folder is None or path.resolve(strict=True).is_relative_to(folder.resolve())
        if not inside:
            what = f"is a link to a file outside {folder}; expected the file itself"
            raise CatalogInvalid([f"{path}:1:1: {what}"])
        if folder is not None and not path.is_file():
            raise CatalogInvalid(
                [f"{path}:1:1: is no file, but a folder, a pipe or a device; expected a file"]
            )
        with path.open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        why = getattr(error, "strerror", None) or "its link leads nowhere"
        raise CatalogInvalid([f"{path}:1:1: cannot be read: {why}"]) from error


def utf8_of(path: Path, folder: Path | None = None) -> str:
    """The file's text, bytes kept; `folder` as for `bytes_of`. Raises CatalogInvalid."""
    try:
        return bytes_of(path, folder).decode("utf-8")
    except FileNotFoundError as error:
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
            texts[one] = (str(path), utf8_of(path, folder))
    return Platforms(texts)
