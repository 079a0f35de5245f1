"""Parquet as a row among the formats: it says all of itself, so that a catalog says nothing."""

from __future__ import annotations

from mallfeed.formats.athena import Readable
from mallfeed.formats.format import Format, Look, Weight

_HIVE = "org.apache.hadoop.hive.ql.io.parquet"


def _athena(options: None) -> Readable:
    serde = {
        "SerializationLibrary": f"{_HIVE}.serde.ParquetHiveSerDe",
        "Parameters": {"serialization.format": "1"},
    }
    why = "by column names; a column whose type in the files is another one cannot be read"
    formats = (f"{_HIVE}.MapredParquetInputFormat", f"{_HIVE}.MapredParquetOutputFormat")
    return Readable(serde, why, formats, nests=True, typed=True)


PARQUET = Format(
    name="parquet",
    title_en="Parquet",
    title_ko="Parquet",
    reader="mallfeed.formats.parquet.read:read",
    # Compressed columns: about five times the products of a CSV's byte.
    weight=Weight(seconds=2.5, rows_mb=5.0, splitting=4.0),
    typed=True,
    compressed=True,
    takes=("plain_parquet",),
    look=Look("mallfeed.formats.parquet.look:look", magic=(b"PAR1",)),
    athena=_athena,
)
