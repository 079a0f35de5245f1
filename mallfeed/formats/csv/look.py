"""How CSV is recognised, and how it is written: separator, quote, escape, header or none."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mallfeed.formats.csv.above import declared_separator
from mallfeed.formats.csv.format import CsvOptions
from mallfeed.formats.csv.placed import Numbered, footer_rows, placed, usual_width
from mallfeed.formats.csv.separator import USUAL_SEPARATORS
from mallfeed.formats.looking import Beginning, Names, Written

_LOOKED_AT = 400
_ADDRESS = re.compile(r"https?://[^\s,;|^\t\"'<>]+")
_ODD = re.compile(r"[^\w\s\"'().%+\-/\\\0]")


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
    found = separated(file.text, file.encoding, file.names, file.is_whole)
    if found is None:
        return None
    options = found.options
    if not options.header:
        made_up = tuple(f"column_{n}" for n in range(1, len(found.records[0]) + 1))
        options = options.model_copy(update={"columns": made_up})
    return Written(options, (file.encoding_why, *found.why))


def separated(text: str, encoding: str, names: Names, is_whole: bool = False) -> Separated | None:
    """How the text is separated; None where no separator gives records of one width.

    `is_whole`: the text is all there is, so that its end is the file's.
    """
    lines = text.splitlines(keepends=True)[:2000]
    declared = declared_separator(lines[0]) if lines else None
    below = lines if declared is None else lines[1:]
    head = "".join(below[:50])
    separators = [declared] if declared and declared in head else _separators(head)
    tried = [found for separator in separators for found in _readings(below, separator)]
    if not tried:
        return None
    _, separator, quote, escape, records = max(tried, key=lambda one: one[0])
    if declared is not None:
        records = [(line + 1, record) for line, record in records]
    found = placed(records, names)
    header, told = names.are_first(found.records)
    above = "".join(below[: found.line - 1 - (declared is not None)])
    titles = found.line if above.strip(separator + " \t\r\n") else 1
    footer = footer_rows(text, found, separator, quote) if is_whole else 0
    share = len(found.records) / max(len(records), 1)
    width = len(found.records[0])
    why = [
        f"{_shown(separator)} separates {width} cells in {share:.0%} of the sampled records",
        f"{_shown(quote)} around cells" if quote else "quotes are data: no cell is quoted",
        told,
    ]
    why += [f"the `sep=` line names {_shown(declared)}"] if declared else []
    why += [f"titles stand above line {titles}"] if titles > 1 else []
    why += ["rows end with a separator, the header does not"] if found.trailing else []
    why += [f"{footer} lines at the end are no products"] if footer else []
    options = CsvOptions(
        encoding=encoding,
        separator=separator,
        quote=quote,
        escape=escape,
        header=header,
        header_row=titles if header else 1,
        skip_lines=0 if header else titles - 1,
        trailing_separator=found.trailing,
        footer_rows=footer,
    )
    return Separated(options, found.records, share, tuple(why))


def _separators(head: str) -> list[str]:
    """What may separate cells, the usual ones first; what stands in addresses alone (`?no=12&a=1`) does not."""
    bare = _ADDRESS.sub("", head)
    odd = [char for char, _ in Counter(_ODD.findall(bare)).most_common(4)]
    return list(dict.fromkeys([char for char in USUAL_SEPARATORS if char in bare] + odd))


Reading = tuple[float, str, str | None, str | None, list[Numbered]]


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
        width = usual_width([record for _, record in records])
        if width < 2:
            continue
        same = _share(records, width, torn)
        rank = (
            same + min(width, 30) / 300 + (quote is not None) * 0.02 - (escape is not None) * 0.01
        )
        rank += (separator in "\t,;|^") * 0.05
        rank -= (separator not in USUAL_SEPARATORS) * 0.1
        # Commas of JSON in cells divide every line alike, but for the header.
        rank += (len(records[0][1]) == width) * 0.03
        if same >= 0.6:
            # In a comma-separated file whose sample has no quoted cell, later quotes are still quotes.
            kept = '"' if quote is None and separator in ",;" and '"' not in joined else quote
            out.append((rank, separator, kept, escape, records))
    return out


def _share(records: Sequence[Numbered], width: int, torn: int) -> float:
    """How many of the records have the usual width; titles above and a footer below do not count, if they are few."""
    fitting = [place for place, (_, record) in enumerate(records) if len(record) == width]
    between = fitting[-1] - fitting[0] + 1
    among = between if 2 * between >= len(records) else len(records)
    return len(fitting) / (among + torn)


def _records(
    lines: list[str], separator: str, quote: str | None, escape: str | None
) -> tuple[list[Numbered], int]:
    reader = csv.reader(
        iter(lines), delimiter=separator, quotechar=quote, escapechar=escape,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE, doublequote=bool(quote), strict=True,
    )  # fmt: skip
    records: list[Numbered] = []
    torn = 0
    while len(records) < _LOOKED_AT and torn < _LOOKED_AT:
        before = reader.line_num
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error:
            torn += 1
            continue
        if len(record) > 1 or "".join(record).strip():
            records.append((before + 1, record))
    return records, torn


def _shown(char: str) -> str:
    names = {"\t": "a tab", ",": "a comma", ";": "a semicolon", "'": "'", '"': '"'}
    return names.get(char) or (char if char.isprintable() else f"U+{ord(char):04X}")
