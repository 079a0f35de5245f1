"""Faults of a catalog that asks for more work for each row than any feed needs.

A run is shared by malls: what one catalog makes Spark plan and evaluate, all of them wait for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mallfeed.catalog.raw_catalog import SECTIONS, mapping_at
from mallfeed.catalog.row_rules import conditions
from mallfeed.kinds.sql.expression import size_of
from mallfeed.wording import dotted
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

MOST_SOURCES = 200
"""Columns that one field reads; of numbered images some malls have dozens."""
MOST_FORMATS = 20
"""Formats that one cell is tried with."""
MOST_NAMED = 2_000
"""Fields and attributes of one feed: as many as a feed may have columns."""
MOST_PARTS = 20_000
"""Of all expressions of a catalog (`mallfeed.kinds.sql.expression_tree` bounds each)."""


def bound_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """What of this catalog is too much."""
    places: list[tuple[Path, dict[str, Any]]] = [((), data)]
    for name, feed in mapping_at(data, "feeds").items():
        if isinstance(feed, dict):
            places.append((("feeds", name), feed))
    for path, part in places:
        for section in SECTIONS:
            named = mapping_at(part, section)
            if len(named) > MOST_NAMED:
                what = f"`{dotted((*path, section))}` has {len(named):,} entries"
                yield Fault((*path, section), what, f"{MOST_NAMED:,} at most", at_key=True)
            for target, written in named.items():
                yield from _of_field(written, (*path, section, target))
    parts = sum(_parts(part) for _, part in places)
    if parts > MOST_PARTS:
        what = f"the expressions of this catalog have {parts:,} parts"
        yield Fault(("fields",), what, f"{MOST_PARTS:,} at most", at_key=True)


def _of_field(written: Any, path: Path) -> Iterator[Fault]:
    full = written if isinstance(written, dict) else {"from": written}
    for key, most, what in (
        ("from", MOST_SOURCES, "columns"),
        ("formats", MOST_FORMATS, "formats"),
    ):
        listed = full.get(key)
        if isinstance(listed, list) and len(listed) > most:
            told = f"`{dotted(path)}` reads {len(listed):,} {what}"
            here = (*path, key) if isinstance(written, dict) else path
            yield Fault(here, told, f"{most:,} at most", at_key=isinstance(written, dict))
    if isinstance(full.get("then"), dict):
        yield from _of_field(full["then"], (*path, "then"))


def _parts(part: dict[str, Any]) -> int:
    fields = [one for section in SECTIONS for one in mapping_at(part, section).values()]
    written = [one.get("sql") for one in fields if isinstance(one, dict)]
    chosen = [sql for _, sql in conditions(part)]
    return sum(size_of(sql) for sql in (*written, *chosen) if isinstance(sql, str))
