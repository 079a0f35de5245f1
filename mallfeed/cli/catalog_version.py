"""A catalog version on the command line: `2` and `v2` mean the same."""

from __future__ import annotations

import re

import typer


def version_number(text: str) -> int:
    """The number; raises BadParameter with an explanation."""
    found = re.fullmatch(r"v?([1-9]\d{0,5})", str(text).strip())
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is not a catalog version; expected a number, such as 2 or v2"
        )
    return int(found[1])
