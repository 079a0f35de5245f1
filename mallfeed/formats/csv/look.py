"""How CSV is recognised, and how it is written: separator, quote, escape, header or none."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mallfeed.formats.csv.format import CsvOptions
from mallfeed.formats.csv.separator import USUAL_SEPARATORS
from mallfeed.formats.looking import Beginning, Names, Written

_LOOKED_AT = 400
_ODD = re.compile(r"[^\w\s\"'().%+\-/\\]")


@dataclass(frozen=True)
class Separated:
    """Options for the catalog, the records of the beginning, and why.

    Attributes
    ----------
    options : in a catalog's terms; `columns` still without names if there is no header
    records : the first records, including the header
    share : share of the records with the usual number of cells
    why : one line per finding
    """

    options: CsvOptions
    records: tuple[tuple[str, ...], ...]
    share: float
    why: tuple[str, ...]


def look(file: Beginning) -> Written | None:
    """CSV where a separator cuts the lines into cells; made-up names where there is no header."""
    found = separated(file.text, file.encoding, file.names)
    if found is None:
        return None
    options = found.options
    if not options.header:
        made_up = tuple(f"column_{n}" for n in range(1, len(found.records[0]) + 1))
        options = options.model_copy(update={"columns": made_up})
    return Written(options, (file.encoding_why, *found.why))


def separated(text: str, encoding: str, names: Names) -> Separated | None:
    """How the text is separated; None where no separator gives records of one width."""
    lines = text.splitlines(keepends=True)[:2000]
    tried = [
        found
        for separator in _separators("".join(lines[:50]))
        for found in _readings(lines, separator)
    ]
    if not tried:
        return None
    _, separator, quote, escape, records = max(tried, key=lambda one: one[0])
    width = _width(records)
    good = tuple(tuple(record) for record in records if len(record) == width)
    header, told = names.are_first(good)
    share = len(good) / max(len(records), 1)
    why = (
        f"{_shown(separator)} separates {width} cells in {share:.0%} of the sampled records",
        f"{_shown(quote)} around cells" if quote else "quotes are data: no cell is quoted",
        told,
    )
    options = CsvOptions(
        encoding=encoding, separator=separator, quote=quote, escape=escape, header=header
    )
    return Separated(options, good, share, why)


def _separators(head: str) -> list[str]:
    odd = [char for char, _ in Counter(_ODD.findall(head)).most_common(4)]
    return list(dict.fromkeys([char for char in USUAL_SEPARATORS if char in head] + odd))


Reading = tuple[float, str, str | None, str | None, list[list[str]]]


def _readings(lines: list[str], separator: str) -> list[Reading]:
    """Ways to read the lines with this separator, each with how well it works."""
    joined = "".join(lines)
    ways: list[tuple[str | None, str | None]] = [(None, None)]
    for mark in ('"', "'"):
        opened = re.search(rf"(?:^|{re.escape(separator)}) ?{mark}", joined, re.MULTILINE)
        closed = re.search(rf"{mark}(?:{re.escape(separator)}|\r?$)", joined, re.MULTILINE)
        if opened and closed and mark != separator:
            ways.append((mark, None))
            if f"\\{mark}" in joined:
                ways.append((mark, "\\"))
    out: list[Reading] = []
    for quote, escape in ways:
        records, torn = _records(lines, separator, quote, escape)
        width = _width(records)
        if width < 2:
            continue
        same = sum(len(record) == width for record in records) / (len(records) + torn)
        rank = (
            same + min(width, 30) / 300 + (quote is not None) * 0.02 - (escape is not None) * 0.01
        )
        rank += (separator in "\t,;|^") * 0.05
        if same >= 0.6:
            # In a comma-separated file whose sample has no quoted cell, later quotes are still quotes.
            kept = '"' if quote is None and separator in ",;" and '"' not in joined else quote
            out.append((rank, separator, kept, escape, records))
    return out


def _records(
    lines: list[str], separator: str, quote: str | None, escape: str | None
) -> tuple[list[list[str]], int]:
    reader = csv.reader(
        iter(lines), delimiter=separator, quotechar=quote, escapechar=escape,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE, doublequote=bool(quote), strict=True,
    )  # fmt: skip
    records: list[list[str]] = []
    torn = 0
    while len(records) < _LOOKED_AT and torn < _LOOKED_AT:
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error:
            torn += 1
            continue
        if len(record) > 1 or "".join(record).strip():
            records.append(record)
    return records, torn


def _width(records: Sequence[Sequence[str]]) -> int:
    return Counter(map(len, records)).most_common(1)[0][0] if records else 0


def _shown(char: str) -> str:
    names = {"\t": "a tab", ",": "a comma", ";": "a semicolon", "'": "'", '"': '"'}
    return names.get(char) or (char if char.isprintable() else f"U+{ord(char):04X}")
