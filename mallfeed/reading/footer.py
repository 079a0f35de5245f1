"""Records below the last product: lines of totals, dates, file ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

import pyarrow as pa

from mallfeed.reading import raw_columns
from mallfeed.visible import visible_line

FOOTER = "footer"
"""Fact of a feed: which records were left out, and how they begin."""
_SHOWN = 60
_TOTAL = re.compile(
    r"\W*(grand\s+total|sub\s?totals?|totals?|sum|count|row\s?count|end\s+of\s+file|eof|합\s*계|총\s*합계?|"
    r"총\s*계|소\s*계|누\s*계|전\s*체|총\s*(건|상품|개|수량|행)\s*수?|총|끝|合計|総計)\b",
    re.IGNORECASE,
)


def begins_with_total(cells: Sequence[str | None]) -> bool:
    """Whether the first filled cell begins with a word for a total."""
    first = next((cell for cell in cells if cell and cell.strip()), "")
    return _TOTAL.match(first) is not None


def without_footer(
    tables: Iterator[pa.Table], most: int, named: Sequence[str], facts: MutableMapping[str, str]
) -> Iterator[pa.Table]:
    """The tables of a raw frame without the records at the end that are no products, at most so many.

    Which: those that could not be taken apart, those in which fewer than half of the `named` columns are filled, and
    those that begin with a word for a total. They are noted in `facts`.
    """
    if not most:
        yield from tables
        return
    held: list[pa.Table] = []
    for table in tables:
        held.append(table)
        while sum(one.num_rows for one in held[1:]) >= most:
            yield held.pop(0)
    if held:
        last = pa.concat_tables(held)
        count = _footer_in(last.slice(max(0, last.num_rows - most)), named, facts)
        yield last.slice(0, last.num_rows - count)


def _footer_in(table: pa.Table, named: Sequence[str], facts: MutableMapping[str, str]) -> int:
    """How many of the last records are no products."""
    footer: list[str] = []
    rows = zip(table.to_pylist(), raw_columns.torn(table).to_pylist(), strict=True)
    for row, is_torn in reversed(list(rows)):
        cells = [value for name, value in row.items() if name not in raw_columns.BOOKKEEPING]
        if not (is_torn or _is_footer(row, cells, named)):
            break
        text = row[raw_columns.RAW] or " ".join(cell for cell in cells if cell)
        footer.append(f"row {row[raw_columns.ROW]}: {visible_line(text)[:_SHOWN]}")
    if footer:
        noted = [facts[FOOTER]] if FOOTER in facts else []
        facts[FOOTER] = "; ".join([*noted, *reversed(footer)])[:1_000]
    return len(footer)


def _is_footer(row: dict[str, Any], cells: Sequence[str | None], named: Sequence[str]) -> bool:
    if begins_with_total(cells):
        return True
    looked_at = [row[name] for name in named if name in row] or cells
    filled = sum(bool(cell and cell.strip()) for cell in looked_at)
    return 2 * filled < len(looked_at)
