"""YAML text to a catalog, with every fault as `file:line:column: what, expected`."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from mallfeed.catalog.model import Catalog
from mallfeed.errors import CatalogInvalid

MAX_BYTES = 1_000_000
"""A catalog is a page or two; anything larger is a mistake or an attack."""


def read_catalog(text: str, name: str) -> Catalog:
    """The catalog in this text; raises CatalogInvalid with a line for each fault.

    `name` is put before each fault: the file's path or the object's URI.
    """
    if len(text.encode()) > MAX_BYTES:
        raise CatalogInvalid([f"{name}:1:1: larger than {MAX_BYTES:,} bytes"])
    try:
        _refuse_aliases(text, name)
        data: Any = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise CatalogInvalid([f"{name}:{where}: not YAML: {error.problem}"]) from error
    except YAMLError as error:
        raise CatalogInvalid([f"{name}:1:1: not YAML: {error}"]) from error
    try:
        return Catalog.model_validate(_plain(data))
    except ValidationError as error:
        faults = [f"{name}:{_where(data, e['loc'])}: {e['msg']}" for e in error.errors()]
        raise CatalogInvalid(faults) from error


def catalog_hash(text: str) -> str:
    """sha256 of the text as published."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_aliases(text: str, name: str) -> None:
    """Anchors repeat by reference: nine nested ones are a billion values. None is ever composed."""
    faults = []
    for event in YAML(typ="rt").parse(text):
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            mark = event.start_mark
            sign = "*" if isinstance(event, AliasEvent) else "&"
            faults.append(
                f"{name}:{mark.line + 1}:{mark.column + 1}: `{sign}{anchor}`: anchors and aliases "
                "are not read in a catalog; expected the values written out"
            )
    if faults:
        raise CatalogInvalid(faults)


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data


def _where(data: Any, path: tuple[int | str, ...]) -> str:
    line, column = 0, 0
    for step in path:
        if not isinstance(data, dict | list) or (isinstance(data, dict) and step not in data):
            continue
        marks = getattr(data, "lc", None)
        if marks is not None:
            line, column = marks.key(step) if isinstance(data, dict) else marks.item(step)
        data = data[step]  # type: ignore[index]
    return f"{line + 1}:{column + 1} {'.'.join(map(str, path))}"
