"""Which characters separate cells, and what a header says that was cut by the wrong one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

USUAL_SEPARATORS = "\t,;|^~\x01\x1f\x02§¦:#!*"
"""Of feeds seen, each one character."""


def other_separator(separator: str, columns: Sequence[str], required: Iterable[str]) -> str:
    """A word on a header that is one column here, and the catalog's columns with another separator."""
    if len(columns) != 1:
        return ""
    needed = set(required)
    for other in USUAL_SEPARATORS:
        cells = {cell.strip().strip('"') for cell in columns[0].split(other)}
        if len(cells) > 1 and needed <= cells:
            return (
                f"Its header is one column, because the catalog separates columns by "
                f"{separator!r}; by {other!r} all that it needs are there: have the "
                f"file written with {separator!r}, or say `separator: {other!r}` "
                "under csv: in the new version."
            )
    return ""
