"""Parquet does what every format does."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq

from mallfeed.formats.parquet.format import PARQUET
from tests.contract.formats.suite import FormatContract, Records


class TestParquet(FormatContract):
    row = PARQUET

    def written(self, records: Records) -> bytes:
        out = io.BytesIO()
        pq.write_table(pa.Table.from_pylist([dict(record) for record in records]), out)
        return out.getvalue()
