"""The Redshift sink: the stage is written to S3, from where COPY reads it; `SqlSink` does the rest."""

from __future__ import annotations

from typing import Any

from mallfeed.sinks.redshift.dialect import LAYOUT, copy
from mallfeed.sinks.redshift.failures import verdict
from mallfeed.sinks.redshift.stage import StageArea
from mallfeed.sinks.sql.database import Database
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.sink import SqlSink, token
from mallfeed.table.port import Frame


class RedshiftSink(SqlSink):
    """`Sink` of mallfeed.sinks.port over Redshift; `others` are further arguments of `SqlSink`."""

    def __init__(
        self,
        data: Database,
        stage: StageArea,
        copy_role_arn: str,
        layout: Layout = LAYOUT,
        **others: Any,
    ) -> None:
        super().__init__("redshift", data, layout, self._copied, verdict, **others)
        self._stage = stage
        self._copy_role_arn = copy_role_arn

    def _copied(self, frame: Frame) -> str | None:
        manifest = self._stage.write(frame, token(), self._layout.stage)
        return None if manifest is None else copy(manifest, self._copy_role_arn)
