"""CSV and TSV, as a catalog says how they are written, and as a row among the formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field, StrictBool

from mallfeed.formats.athena import Readable, encoding_unread
from mallfeed.formats.csv.rules import csv_faults
from mallfeed.formats.csv.separator import other_separator
from mallfeed.formats.fallback_option import FALLBACK, Fallback
from mallfeed.formats.footer_option import FOOTER_ROWS, MOST_FOOTER_ROWS
from mallfeed.formats.format import Format, Look, Weight
from mallfeed.yaml_files.part import YamlPart


class CsvOptions(YamlPart):
    """How a CSV/TSV feed is written."""

    encoding: str = Field(
        default="utf-8",
        description="utf-8, utf-16, cp949, euc-kr (read as cp949), latin-1 (read as cp1252) … [All that work](#encodings). A byte order mark wins.",
    )
    fallback_encoding: Fallback = Field(default="cp949", description=FALLBACK)
    separator: str = Field(default=",", min_length=1, max_length=1, description="Between cells.")
    quote: str | None = Field(default='"', description="Around cells; null = quotes are data.")
    escape: str | None = Field(
        default=None, description="Escapes a quote inside quotes; null = quotes are doubled."
    )
    header: StrictBool = Field(default=True, description="The first record names the columns.")
    columns: tuple[str, ...] = Field(
        default=(), description="Column names of a feed without a header, in order."
    )
    header_row: int = Field(
        default=1,
        ge=1,
        description="Line that names the columns, from 1; titles above it are left out. A `sep=` line is obeyed by itself.",
    )
    skip_lines: int = Field(
        default=0, ge=0, description="Lines above the first record of a feed without a header."
    )
    trailing_separator: StrictBool = Field(
        default=False,
        description="Rows end with a separator: one blank cell more than the header has is left out.",
    )
    footer_rows: int = Field(default=0, ge=0, le=MOST_FOOTER_ROWS, description=FOOTER_ROWS)


def _athena(options: CsvOptions) -> Readable:
    if options.header:
        why = "its columns are named by the file's header, whose order no SerDe follows"
        return Readable(None, why)
    if unread := encoding_unread(options.encoding):
        return Readable(None, unread)
    if options.skip_lines or options.trailing_separator or options.footer_rows:
        return Readable(
            None, "lines that are no products stand around them, or rows end with a separator"
        )
    if options.quote is None:
        parameters = {"field.delim": options.separator, "serialization.format": options.separator}
        library = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
    else:
        parameters = {"separatorChar": options.separator, "quoteChar": options.quote}
        if options.escape:
            parameters["escapeChar"] = options.escape
        library = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
    return Readable({"SerializationLibrary": library, "Parameters": parameters})


def _columns(options: CsvOptions) -> tuple[str, ...] | None:
    return None if options.header else options.columns


def _hint(options: CsvOptions, columns: Sequence[str], required: Iterable[str]) -> str:
    return other_separator(options.separator, columns, required)


CSV = Format(
    name="csv",
    title_en="CSV and TSV",
    title_ko="CSV·TSV",
    reader="mallfeed.formats.csv.read:read",
    weight=Weight(seconds=0.5, rows_mb=1.0, splitting=1.0),
    options=CsvOptions,
    look=Look("mallfeed.formats.csv.look:look", by_shape=True),
    called="a table of separated cells",
    begins=r"([^\n<>{}\[\]]*?([,;\t|])[^\n<>{}\[\]]*)\n[^\n<>{}\[\]]*\2",
    drafted=("encoding", "separator"),
    athena=_athena,
    columns=_columns,
    faults=csv_faults,
    hint=_hint,
)
