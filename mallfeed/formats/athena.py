"""Whether and how Athena reads the files of a format.

Source: Athena's user guide, chapters "Lazy Simple SerDe", "Open CSV SerDe", "OpenX JSON SerDe" and
"Parquet SerDe".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mallfeed.reading.encodings import codec_of

_TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"


@dataclass(frozen=True)
class Readable:
    """How Athena reads the files.

    Attributes
    ----------
    serde : Glue's SerdeInfo; None where Athena cannot read them
    why : where it cannot, why; else what must be known
    formats : Hive's input and output format
    nests : a dotted path lies in a struct or an array, which is the table's column
    typed : the files' columns have types, which the table's must be
    maps_names : the SerDe is told a column's key in the file, where Athena allows no such name
    """

    serde: Mapping[str, Any] | None
    why: str = ""
    formats: tuple[str, str] = (_TEXT_INPUT, _TEXT_OUTPUT)
    nests: bool = False
    typed: bool = False
    maps_names: bool = False


def encoding_unread(label: str) -> str:
    """Why Athena cannot read text in this encoding; empty where it can."""
    if codec_of(label) in ("utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii"):
        return ""
    return f"Athena reads UTF-8, the files are {label}"
