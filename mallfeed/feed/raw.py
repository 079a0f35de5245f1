"""The raw frame: what preparing makes of any feed, and what normalising starts from.

`prepare` streams the staged copy of a feed, whatever its format, into Parquet parts of this shape:

| column | type | meaning |
|---|---|---|
| `_pos` | bigint | place in the feed, unique and rising in feed order over all parts |
| `_row` | string | what a person looks for: line of the record, array index, `part:index`, sheet row |
| `_raw` | string | the record's text for the reject; null when the source columns say it all |
| `_fault` | string | null, or the code of a record that could not be taken apart (`malformed_row`), or of one that was read all the same (`row_repaired`, one of `NOTES`) |
| `_fault_detail` | string | its message, e.g. `12 columns, expected 14` |
| `_carried` | string | which source columns the record carries, of a delta whose rows change what they name: the columns of its part, the keys or elements of the record itself; null = all (`mallfeed.reading.raw_columns.carried`) |
| every source column | string, or the Parquet feed's own type | null where absent |

Nested records are flattened to the dotted paths that the catalog names (and all others when extra
columns are kept); a nested value that is kept whole is JSON text.

In the files themselves a source column is called by its place, `c_0`, `c_1` …: Spark hands the names
of a scan's columns down in a Hadoop Configuration, which puts values in for `${env.HOME}` and
`${fs.s3a.secret.key}`, and cannot be told not to. `RawFeed.columns` has the mall's names, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mallfeed.reading.raw_columns import (
    BOOKKEEPING,
    CARRIED,
    FAULT,
    FAULT_DETAIL,
    POSITION,
    RAW,
    ROW,
)

__all__ = ["BOOKKEEPING", "CARRIED", "FAULT", "FAULT_DETAIL", "POSITION", "RAW", "ROW", "RawFeed"]


def names_in_files(columns: Iterable[str]) -> list[str]:
    """What the frame's columns are called in its files, bookkeeping first; `columns` are the source's."""
    return [*BOOKKEEPING, *(f"c_{place}" for place, _ in enumerate(columns))]


def names_of_frame(columns: Iterable[str]) -> list[str]:
    """The names of the same columns as catalogs know them."""
    return [*BOOKKEEPING, *columns]


@dataclass(frozen=True)
class RawFeed:
    """What preparing found.

    Attributes
    ----------
    uris : Parquet files of the raw frame (local paths or s3 URIs), in feed order
    columns : source columns found, in feed order (dotted paths for nested formats)
    types : typed formats (Parquet) only: column → Spark SQL type name; empty elsewhere (all text)
    rows : records read, malformed ones included
    malformed : records that could not be taken apart
    size_bytes : bytes read, before decompression
    sha256 : of the bytes read (of the parts in order)
    facts : what was found by looking (compression, encoding, byte order mark …) for the report
    """

    uris: tuple[str, ...]
    columns: tuple[str, ...]
    types: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    malformed: int = 0
    size_bytes: int = 0
    sha256: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
