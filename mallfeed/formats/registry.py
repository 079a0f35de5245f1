"""The list of file formats. Nothing else repeats it: who asks for a format asks its row here."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from mallfeed.formats.csv.format import CSV
from mallfeed.formats.ep_blocks.format import EP_BLOCKS
from mallfeed.formats.fixed_width.format import FIXED_WIDTH
from mallfeed.formats.format import Format
from mallfeed.formats.json.format import JSON
from mallfeed.formats.parquet.format import PARQUET
from mallfeed.formats.plugins import plugged_in
from mallfeed.formats.xlsx.format import XLSX
from mallfeed.formats.xml.format import XML

BUILT_IN: tuple[Format, ...] = (CSV, EP_BLOCKS, FIXED_WIDTH, JSON, PARQUET, XLSX, XML)
"""In the order in which pages and messages name them."""

_PLUGGED_IN, BROKEN = plugged_in(BUILT_IN)
"""Formats of other distributions that cannot be used: name → why."""
for _why in BROKEN.values():
    warnings.warn(_why, RuntimeWarning, stacklevel=1)

FORMATS: Mapping[str, Format] = {row.name: row for row in (*BUILT_IN, *_PLUGGED_IN)}
"""Name → row, those of other distributions behind our own."""

if TYPE_CHECKING:
    FormatName = str
else:
    FormatName = Literal[tuple(FORMATS)]
    """A format's name, as an annotation of models."""
