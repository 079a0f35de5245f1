"""Which SQL `mallfeed sql` takes: one statement that reads."""

from __future__ import annotations

import re

READS = ("SELECT", "WITH", "SHOW", "EXPLAIN", "VALUES", "DESC", "DESCRIBE")
_ASIDE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
"""Literals, quoted names and comments."""
_SIGNS = re.compile(r"[A-Za-z_][\w$]*|;")


class NotReading(ValueError):
    """The statement would change the warehouse, or is none."""


def check_reads(sql: str) -> None:
    """Raises NotReading for a statement that may change something, and for several at once.

    `SELECT … INTO` makes a table (Redshift's Developer Guide, SELECT INTO); a statement that changes data cannot stand
    within WITH there.
    """
    bare = _ASIDE.sub(" '' ", sql).strip().rstrip(";").strip()
    words = [one.upper() for one in _SIGNS.findall(bare)]
    if not words:
        raise NotReading("there is no statement")
    if ";" in words:
        raise NotReading("there are several statements: pass one at a time")
    first = words[1] if words[0] == "EXPLAIN" and len(words) > 1 else words[0]
    if first not in READS:
        raise NotReading(
            f"it begins with {first}: only statements that read are run ({', '.join(READS)}). Change the warehouse as "
            "its administrator, with Redshift's own tools"
        )
    if "INTO" in words:
        raise NotReading(
            "SELECT … INTO makes a table: leave INTO out, or quote a column of that name"
        )
