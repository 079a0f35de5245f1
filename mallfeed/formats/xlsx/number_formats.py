"""Number formats of a workbook that make another code of a number: `00000` shows 12 as 00012.

ECMA-376, part 1: 18.8.30 (`numFmt`), 18.8.10 (`cellXfs`), 18.8.45 (`xf`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree

_STYLES = "xl/styles.xml"
_PADDED = re.compile(r"(?:\[[^\]]*\])*(0{2,100})(?:;.*)?", re.DOTALL)
"""Zeros alone, behind a colour or a language, and before what is shown of negative numbers."""


def padded_styles(archive: zipfile.ZipFile) -> Mapping[str, int]:
    """Number of a cell's style, as cells name it → how many digits it shows at least. May raise what reading XML does."""
    if _STYLES not in archive.namelist():
        return {}
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    styles: Any = etree.fromstring(archive.read(_STYLES), parser)
    digits = {
        one.get("numFmtId"): len(found[1])
        for one in styles.iter("{*}numFmt")
        if (found := _PADDED.fullmatch(one.get("formatCode") or ""))
    }
    cells = [one for all_cells in styles.iter("{*}cellXfs") for one in all_cells.iter("{*}xf")]
    formats = ((str(place), one.get("numFmtId")) for place, one in enumerate(cells))
    return {place: digits[format_] for place, format_ in formats if format_ in digits}


def padded(text: str | None, digits: int) -> str | None:
    """A whole number as its format shows it; what is none as it is."""
    return text.zfill(digits) if text is not None and text.isascii() and text.isdigit() else text
